import { describe, expect, test } from '@jest/globals';
import type { Candidate } from '../../src/analyses/analysis.ts';
import { jobKey, type LedgerState, plan } from '../../src/analyses/plan.ts';

const candidate = (id: string, version = '1', prior?: string): Candidate => ({
  subject: { reference: `ImagingStudy/${id}`, version },
  companions: prior ? [{ role: 'prior', reference: `ImagingStudy/${prior}`, version: '1' }] : [],
});
const by = {
  analysis: 'chest-xray-comparison',
  analysisVersion: '1',
  reader: 'embedded',
  readerVersion: '1',
  patient: 'Patient/1',
};
const keyOf = (one: Candidate, change: Partial<typeof by> = {}) =>
  plan([one], { ...by, ...change }, new Map())[0]!.job.key;

describe('plan', () => {
  test('what the ledger does not know is due', () => {
    expect(plan([candidate('a')], by, new Map())[0]).toMatchObject({
      state: 'due',
      job: { analysis: 'chest-xray-comparison', patient: 'Patient/1' },
    });
  });

  test.each<[LedgerState, string]>([
    ['requested', 'waiting'],
    ['accepted', 'waiting'],
    ['in-progress', 'running'],
    ['completed', 'done'],
    ['rejected', 'abstained'],
    ['failed', 'failed'],
    ['cancelled', 'due'],
  ])('a Task that is %s means %s', (state, expected) => {
    expect(plan([candidate('a')], by, new Map([[keyOf(candidate('a')), state]]))[0]!.state).toBe(expected);
  });

  test('the key changes with all that is read and by whom, and with nothing else', () => {
    const keys = [
      keyOf(candidate('a')),
      keyOf(candidate('b')),
      keyOf(candidate('a', '2')),
      keyOf(candidate('a', '1', 'p')),
      keyOf(candidate('a', '1', 'q')),
      ...(Object.keys(by) as (keyof typeof by)[]).map((field) => keyOf(candidate('a'), { [field]: 'other' })),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf({ ...candidate('a'), date: '2026-01-01' })).toBe(keys[0]);
    expect(keys[0]).toMatch(/^[0-9a-f]{40}$/);
  });

  test('parts of a key cannot be shifted into each other', () => {
    const job = {
      analysis: 'a',
      analysisVersion: '',
      reader: 'b',
      readerVersion: '',
      patient: 'Patient/1',
      subject: { reference: 'X/1', version: '1' },
      companions: [],
    };
    expect(jobKey({ ...job, analysis: 'ab', reader: '' })).not.toBe(jobKey(job));
  });
});
