import { expect, test } from '@jest/globals';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import { laboratoryReport } from '../../../src/analyses/lab-report/kind-of-document.ts';
import { readPages } from '../../../src/analyses/lab-report/read-pages.ts';
import { toFinding } from '../../../src/analyses/lab-report/results.ts';
import type { Page } from '../../../src/documents/page.ts';
import { others, reports } from './kinds.ts';
import { documentOf, textPage } from './support.ts';

const { signal } = new AbortController();

async function judged(text: string, more: Partial<Page> = {}) {
  const page = { ...textPage(text), ...more };
  const finding = toFinding(await readPages([page], undefined, 'rules', signal));
  const ended = await laboratoryReport(finding, { document: documentOf(page) }, signal);
  return isAbstention(ended) ? ended.reason : 'report';
}

test.each(Object.entries(others))('%s is no laboratory report', async (_, text) => {
  expect(await judged(text)).toBe('not-a-lab-report');
});

test.each(Object.entries(reports))('%s is one', async (_, text) => {
  expect(await judged(text)).toBe('report');
});

test('letters that recognition finds in a picture are no text', async () => {
  expect(await judged(others['letters that recognition made of a cat']!, { source: 'ocr' })).toBe('no-text');
  expect(await judged(others['prescription, en']!, { source: 'ocr' })).toBe('not-a-lab-report');
  expect(await judged(reports['one value on a slip']!, { source: 'ocr' })).toBe('report');
});
