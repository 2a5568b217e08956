import { describe, expect, test } from '@jest/globals';
import { onCard } from '../../../src/analyses/lab-report/cards.ts';
import { createNames } from '../../../src/analyses/lab-report/dictionary.ts';
import { clean } from '../../../src/analyses/lab-report/groups.ts';
import { layOut } from '../../../src/analyses/lab-report/layout.ts';
import { asSpelled } from '../../../src/analyses/lab-report/scanned-name.ts';
import { textPage } from './support.ts';

describe('names of scans', () => {
  test.each([
    ['@ SODIUM', 'SODIUM'],
    ['Hemoglobin®', 'Hemoglobin'],
    ['TSH!', 'TSH'],
    ['Haemo8lobin', 'Haemoglobin'],
    ['t K+', 'K+'],
    ['Potâssio', 'Potássio'],
  ])('%s is %s', (printed, name) => {
    expect(asSpelled(printed)).toEqual({ name });
  });
  test.each(['Vitamin B12', 'Xyzzy8foo', 'T4 libre'])('%s stays', (printed) => {
    expect(asSpelled(printed)).toEqual({ name: printed });
  });
  test('a word that was left out behind a name is said', () => {
    expect(asSpelled('Glucosio pe')).toEqual({ name: 'Glucosio', marked: true });
  });
  test('the charge of an ion stays, a stroke behind another name does not', () => {
    expect(clean('HCO3 -')).toBe('HCO3-');
    expect(clean('Sodium -')).toBe('Sodium');
  });
});

describe('values of cards', () => {
  const names = createNames();
  const value = { role: 'value' as const, weight: 2 };
  const onLast = (text: string) => {
    const { lines } = layOut(textPage(text));
    return onCard(lines, lines.length - 1, [value], names)[0]!.weight;
  };
  test('a bare number under its name, limits between them or not', () => {
    expect(onLast('Sodium\nNormal range: 135 - 146 mmol/L\n137')).toBe(6);
    expect(onLast('Sodium\n137')).toBe(6);
  });
  test('a number under words that are no test, or further below, may be a page number', () => {
    expect(onLast('Thank you\n137')).toBe(2);
    expect(onLast('Sodium\nwas looked at\nand found\n137')).toBe(2);
  });
});
