import { expect, test } from '@jest/globals';
import { alignTabs } from '../../../src/documents/text/tabs.ts';

test('cells of tab-separated lines stand under each other, headings between them stay', () => {
  expect(
    alignTabs(['Report', 'Test\t07/12/2022\t14/03/2023', 'HAEMATOLOGY', 'Haemoglobin\t5.1\t6.4', 'Na\t138\t139']),
  ).toEqual([
    'Report',
    'Test         07/12/2022  14/03/2023',
    'HAEMATOLOGY',
    'Haemoglobin  5.1         6.4',
    'Na           138         139',
  ]);
});

test('a tab or two elsewhere are no table', () => {
  const letter = ['Dear\tcolleague', 'a\tb\tc', 'text without', 'text without', 'text without', 'd\te\tf'];
  expect(alignTabs(letter)).toEqual(letter);
});
