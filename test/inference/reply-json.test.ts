import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { jsonOf } from '../../src/inference/reply-json.ts';

const ajv = new Ajv2020();
const anything = ajv.compile<unknown>({});
const list = ajv.compile<{ name: string }[]>({
  type: 'array',
  items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false },
});

describe('the JSON in an answer', () => {
  test.each([
    ['alone', '[{"name": "Na"}]'],
    ['after prose', 'Here is the list:\n[{"name": "Na"}]'],
    ['before prose', '[{"name": "Na"}]\nLet me know!'],
    ['in a fence', '```json\n[{"name": "Na"}]\n```'],
    ['in a fence after a bracket', 'The tests [as asked]:\n```json\n[{"name": "Na"}]\n```\nDone [1].'],
    ['in a fence without its end', '```\n[{"name": "Na"}]'],
  ])('%s', (_what, answer) => {
    expect(jsonOf(answer, list)).toEqual([{ name: 'Na' }]);
  });

  test('brackets, quotes and escapes in strings', () => {
    const value = { name: 'a ] } [ { " \\ \n ``` é', deep: [[{ x: [] }]] };
    expect(jsonOf(`Result: ${JSON.stringify(value, null, 2)} (end)`, anything)).toEqual(value);
  });

  test.each([
    ['no bracket', 'There are no tests on this page.', 'no JSON'],
    ['a list that was cut', '[{"name": "Na"}, {"name": "K', 'not closed'],
    ['a list that was cut between', '[{"name": "Na"},', 'not closed'],
    ['brackets that do not match', '[{"name": "Na"]]', 'cannot be parsed'],
    ['a comma too many', '[{"name": "Na"},]', 'cannot be parsed'],
    ['single quotes', "[{'name': 'Na'}]", 'cannot be parsed'],
    ['a number with a comma', '[{"name": 1,5}]', 'cannot be parsed'],
    ['NaN', '[{"name": NaN}]', 'cannot be parsed'],
    ['a comment', '[{"name": "Na"} // sodium\n]', 'cannot be parsed'],
    ['one key twice', '[{"name": "Na", "name": "K"}]', 'one key twice'],
    ['one key twice, spelled differently', '[{"name": "Na", "\\u006eame" : "K"}]', 'one key twice'],
    ['a second list', '[{"name": "Na"}]\n\n[{"name": "K"}]', 'more than one'],
    ['a second fence', '```json\n[{"name": "Na"}]\n```\n```json\n[{"name": "K"}]\n```', 'more than one'],
  ])('%s', (_what, answer, message) => {
    expect(() => jsonOf(answer, list)).toThrow(
      expect.objectContaining({ code: 'reply-invalid', message: expect.stringContaining(message) }),
    );
  });

  test('the same key in two objects is no duplicate', () => {
    expect(jsonOf('[{"name": "Na"}, {"name": "name"}]', list)).toHaveLength(2);
    expect(jsonOf('{"a": {"b": 1}, "b": {"a": ["a", "a"]}}', anything)).toBeDefined();
  });

  test('a broken schema names the rule, never the value', () => {
    const message = (answer: string) => {
      try {
        jsonOf(answer, list);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message('[{"name": 17}]')).toBe('The reply breaks its schema at #/items/properties/name/type.');
    expect(message('[{"Jane Roe": "x", "name": "y"}]')).toMatch(/#\/items\/additionalProperties/);
    expect(message('[{"Jane Roe": "x", "name": "y"}]')).not.toMatch(/Jane/);
    expect(message('["Jane Roe]')).not.toMatch(/Jane/);
  });

  test('megabytes of brackets take no time', () => {
    const start = performance.now();
    expect(() => jsonOf('['.repeat(1 << 20), anything)).toThrow();
    expect(() => jsonOf('"'.repeat(1 << 20), anything)).toThrow();
    expect(() => jsonOf(`[${'"a",'.repeat(1 << 17)}`, anything)).toThrow();
    expect(() => jsonOf(`{"a"${' '.repeat(1 << 20)}`, anything)).toThrow();
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
