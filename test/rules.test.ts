import { describe, expect, test } from '@jest/globals';
import { rules } from '../tools/rules/rules.ts';
import { missingIds, tableOf, testsOfRules } from '../tools/rules/tests-of-rules.ts';

describe('the rules of CDS Hooks', () => {
  test('each has a test that carries its id', () => {
    const found = testsOfRules('test');
    process.stdout.write(`${tableOf(found)}\n`);
    expect(missingIds(found)).toEqual([]);
    expect(found.size).toBe(15 + 28 + 12 + 3 + 20 + 12);
    expect(Object.keys(rules)).toHaveLength(found.size);
  });

  test('a rule without a test would be seen', () => {
    const found = new Map(testsOfRules('test')).set('X12', []);
    expect(missingIds(found)).toEqual(['X12']);
    expect(tableOf(found)).toContain('| X12 | what was read is shown as text | **none** |');
  });
});
