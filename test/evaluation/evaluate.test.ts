import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { main } from '../../src/cli.ts';
import type { EvaluationReport } from '../../src/evaluation/report.ts';
import { folderOf, report } from './made.ts';

async function evaluate(...arguments_: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await main(['evaluate', 'lab-report', ...arguments_], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const { text, truth } = report;
const [sodium, ...others] = truth.tests;
const dataset = folderOf({
  'right.txt': text,
  'right.truth.json': truth,
  // The truth holds a value that is not printed: the reading is then wrong.
  'wrong.txt': text,
  'wrong.truth.json': { ...truth, layout: 'other', tests: [{ ...sodium, value: '139' }, ...others] },
  'broken.pdf': '%PDF-1.7 and nothing more',
  'broken.truth.json': { ...truth, layout: 'other' },
  'strange.txt': text,
  'strange.truth.json': {
    ...truth,
    patient: { name: 'Otto Other', birthDate: '1999-09-09' },
    expect: 'patient-mismatch',
    tests: [],
  },
  'new.txt': text,
});

describe('interval evaluate lab-report', () => {
  test('scores a dataset, goes on after a failure, and writes JSON, Markdown and a plot without values', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interval-out-'));
    const { code, out, err } = await evaluate('--dataset', dataset, '--out', folder, '--resamples', '200');
    expect(code).toBe(0);
    expect(err).toBe('warning: 1 documents have no truth; they are listed in the JSON.\n');
    const json = readFileSync(join(folder, 'evaluation.json'), 'utf8');
    const result: EvaluationReport = JSON.parse(json);
    expect(result).toMatchObject({ scored: 4, unlabelled: ['new'], reader: { id: 'embedded' } });
    expect(result.outcomes).toEqual({ finding: 2, 'document-damaged': 1, 'patient-mismatch': 1 });
    expect(result.total.counts).toMatchObject({
      truth: 12,
      read: 8,
      row3: 7,
      wrongValue: 1,
      missed: 4,
      missedRefused: 4,
      critical: 3,
      missedCritical: 1,
      missedCriticalUnsaid: 0,
      ungrounded: 0,
      toRefuse: 1,
      refusedRight: 1,
      failed: 1,
    });
    expect(Object.keys(result.groups.layout)).toEqual(['other', 'table']);
    expect(result.groups.layout.table!.figures.row3F1.value).toBe(1);
    const wrong = result.faults.find(({ kind }) => kind === 'wrong-value');
    expect(wrong).toMatchObject({ document: 'wrong', page: 1, box: expect.any(Array), test: 0 });
    for (const secret of ['Edith', 'Otto', 'Sodium', '"138"', '"139"']) expect(json).not.toContain(secret);
    expect(readFileSync(join(folder, 'evaluation.md'), 'utf8')).toBe(out);
    expect(out).toContain('| wrong value | 1 |');
    expect(readFileSync(join(folder, 'evaluation.svg'), 'utf8')).toMatch(/^<svg [^>]+>.*row3 F1.*<\/svg>\n$/s);
  }, 180_000);

  test('values only where they are asked for', async () => {
    const { out } = await evaluate('--dataset', dataset, '--json', '--show-values', '--resamples', '100');
    const wrong = (JSON.parse(out) as EvaluationReport).faults.find(({ kind }) => kind === 'wrong-value');
    expect(wrong).toMatchObject({ printed: { value: '139' }, read: { value: '138' } });
  }, 180_000);

  test('ablations say what they are', async () => {
    const { out } = await evaluate(
      '--dataset',
      dataset,
      '--roles',
      'rules',
      '--guards',
      'off',
      '--json',
      '--resamples',
      '100',
    );
    const result: EvaluationReport = JSON.parse(out);
    expect(result.options).toEqual({ roles: 'rules', guards: 'off', resamples: 100 });
    // Without guards nobody looks at the patient.
    expect(result.total.counts).toMatchObject({ notRefused: 1 });
  }, 180_000);

  test('a folder without a truth: counted, nothing scored, exit 0', async () => {
    const { code, out, err } = await evaluate('--dataset', folderOf({ 'set/p1.png': 'x' }), '--labels', folderOf({}));
    expect(code).toBe(0);
    expect(out).toContain('0 documents scored, 1 without a truth');
    expect(err).toContain('nothing was scored');
  }, 60_000);

  test('bad input: exit 2, one coded line', async () => {
    const bad = [
      await evaluate('--dataset', '/nowhere-at-all'),
      await evaluate('--dataset', folderOf({ 'a.txt': text, 'a.truth.json': '{' })),
    ];
    for (const { code, out, err } of bad) {
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^[a-z-]+: .+\n$/);
    }
    expect((await evaluate('--dataset', dataset, '--resamples', '3')).code).toBe(2);
  }, 60_000);
});
