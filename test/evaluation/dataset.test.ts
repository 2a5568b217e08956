import { describe, expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import { loadDataset } from '../../src/evaluation/dataset.ts';
import { folderOf, report } from './made.ts';

const { text, truth } = report;

async function refused(files: Readonly<Record<string, unknown>>, labels?: Readonly<Record<string, unknown>>) {
  const error = await loadDataset(folderOf(files), labels && folderOf(labels)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(IntervalError);
  return (error as IntervalError).message;
}

describe('a dataset', () => {
  test('pairs documents with the truths beside them, in nested folders too', async () => {
    const folder = folderOf({
      'b.txt': text,
      'b.truth.json': truth,
      'x/a.txt': text,
      'x/a.truth.json': truth,
      'c.pdf': '',
    });
    const { documents, unlabelled } = await loadDataset(folder);
    expect(documents.map(({ id }) => id)).toEqual(['b', 'x/a']);
    expect(documents[0]!.truth.tests).toHaveLength(4);
    expect(unlabelled).toEqual(['c']);
  });

  test('labels left out are said to be not given', async () => {
    const { documents } = await loadDataset(folderOf({ 'a.txt': text, 'a.truth.json': { route: 'text', tests: [] } }));
    expect(documents[0]!.truth).toMatchObject({ layout: 'not given', generator: 'not given', language: 'und' });
  });

  test.each([
    ['no JSON', '{"route": "text", "tests": [', 'a.truth.json: is no JSON.'],
    ['a missing list', { route: 'text' }, 'a.truth.json: breaks the format at / (required tests).'],
    [
      'a misspelt key',
      { ...truth, tests: [{ name: 'Sodium', value: '138', unti: 'x' }] },
      '/tests/0 (additionalProperties)',
    ],
    ['a number as value', { ...truth, tests: [{ name: 'Sodium', value: 138 }] }, '/tests/0/value (type)'],
    ['another route', { ...truth, route: 'fax' }, '/route (enum)'],
    ['a time as printed', { ...truth, collected: '01.03.2025' }, '/collected (pattern)'],
    ['tests of a document to be refused', { ...truth, expect: 'not-a-lab-report' }, 'has no tests'],
  ])('%s is refused by file and place', async (_name, broken, message) => {
    expect(await refused({ 'a.txt': text, 'a.truth.json': broken })).toContain(message);
  });

  test('an error never repeats what stands in a truth', async () => {
    const message = await refused({
      'a.txt': text,
      'a.truth.json': { ...truth, tests: [{ name: 'Sodium', value: '138', 'Edith Example': 1, loinc: 'Edith' }] },
    });
    expect(message).not.toContain('Edith');
  });

  test('a folder that is not there, is empty, or does not fit its truths', async () => {
    await expect(loadDataset('/nowhere-at-all')).rejects.toMatchObject({ message: expect.stringContaining('ENOENT') });
    expect(await refused({ 'notes.md': 'nothing' })).toContain('holds no document');
    expect(await refused({ 'a.txt': text, 'b.truth.json': truth })).toBe(
      'b.truth.json: there is no document of this name.',
    );
    expect(await refused({ 'a.txt': text, 'a.pdf': text, 'a.truth.json': truth })).toContain(
      'two documents of one name',
    );
  });
});

describe('page images with labels elsewhere', () => {
  const images = { 'set/lab 1/p1.png': 'x', 'set/lab 1/p2.png': 'x', 'set/lab 2/p3.jpg': 'x', '.hidden/p4.png': 'x' };

  test('labels are found by stem; what has none is listed and never scored', async () => {
    const { documents, unlabelled, unusedLabels } = await loadDataset(
      folderOf(images),
      folderOf({ 'p3.truth.json': truth, 'gone.truth.json': truth }),
    );
    expect(documents.map(({ id }) => id)).toEqual(['set/lab 2/p3']);
    expect(unlabelled).toEqual(['set/lab 1/p1', 'set/lab 1/p2']);
    expect(unusedLabels).toEqual(['gone.truth.json']);
  });

  test('without any label all are unlabelled', async () => {
    const { documents, unlabelled } = await loadDataset(folderOf(images), folderOf({}));
    expect(documents).toEqual([]);
    expect(unlabelled).toHaveLength(3);
  });

  test('a stem of several images is refused; its whole path is not', async () => {
    const same = { 'one/p.png': 'x', 'two/p.png': 'x' };
    expect(await refused(same, { 'p.truth.json': truth })).toContain('2 documents have this stem');
    const { documents } = await loadDataset(folderOf(same), folderOf({ 'two/p.truth.json': truth }));
    expect(documents.map(({ id }) => id)).toEqual(['two/p']);
  });
});
