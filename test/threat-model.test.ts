import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The page that answers each X rule is held to the tests that it names. */
const page = readFileSync('docs/threat-model.md', 'utf8');
const rows = page.split('\n').filter((line) => /^\| X\d+ \|/.test(line));
const named = (row: string) => [...row.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, path]) => path as string);

test('each X rule has one row', () => {
  expect(rows.map((row) => row.split(' ')[1])).toEqual(Array.from({ length: 12 }, (_, index) => `X${index + 1}`));
});

test('each row names its answer and a test that is there', () => {
  for (const row of rows) {
    const [, , risk = '', answer = ''] = row.split('|').map((cell) => cell.trim());
    expect([row.slice(0, 6), risk.length > 10, answer.length > 20, named(row).length > 0]).toEqual([
      row.slice(0, 6),
      true,
      true,
      true,
    ]);
  }
  expect([...new Set(named(page))].filter((path) => !existsSync(path))).toEqual([]);
});
