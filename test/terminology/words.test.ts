import { describe, expect, test } from '@jest/globals';
import { codedValue } from '../../src/terminology/coded-values.ts';
import { codedWords } from '../../src/terminology/coded-words.ts';
import { parseFlag } from '../../src/terminology/flags.ts';
import { parseValue } from '../../src/terminology/numbers.ts';
import { localUnits } from '../../src/terminology/printed-units-local.ts';
import { parseRange } from '../../src/terminology/ranges.ts';
import { isUcum, toUcum } from '../../src/terminology/units.ts';

describe('words of results', () => {
  test('no word stands for two values, and each is found', () => {
    const wrong = Object.entries(codedWords).flatMap(([code, words]) =>
      words
        .split('|')
        .map((word) => word.trim())
        .filter((word) => codedValue(word)?.code !== code)
        .map((word) => `${word}: ${code}`),
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['negativo', 'negative'],
    ['Assente', 'absent'],
    ['ausentes', 'absent'],
    ['rari', 'few'],
    ['tracce', 'trace'],
    ['traços', 'trace'],
    ['presenti', 'present'],
    ['non reattivo', 'non-reactive'],
    ['NÃO REAGENTE', 'non-reactive'],
    ['límpido', 'clear'],
    ['limpido', 'clear'],
    ['Leggermente torbido', 'slightly-cloudy'],
    ['giallo paglierino', 'straw'],
    ['Amarelo citrino', 'yellow'],
    ['non rilevato', 'not-detected'],
    ['schwach positiv', 'weakly-positive'],
    ['0 Rh positivo', 'o-positive'],
    ['B Rh(D) Positive', 'b-positive'],
    ['sensível', 'susceptible'],
  ])('%p is %s', (word, code) => {
    expect(codedValue(word)?.code).toBe(code);
  });

  test.each(['S', 'I', 'R', 'A', '-', '0-', '0+', 'Type A', 'E. coli'])('%p is no coded value', (word) => {
    expect(codedValue(word)).toBeUndefined();
  });

  test.each([
    ['in corso', 'temp-unknown'],
    ['não realizado', 'not-performed'],
    ['non eseguito', 'not-performed'],
    ['Campione emolizzato', 'error'],
    ['amostra insuficiente', 'error'],
    ['vedi nota', 'as-text'],
    ['ver observação', 'as-text'],
    ['a seguir', 'temp-unknown'],
  ])('%p is absent: %s', (text, reason) => {
    expect(parseValue(text, 'comma')).toMatchObject({ kind: 'absent', text, reason });
  });

  test.each<[string, object]>([
    ['inferiore a 5', { value: 5, comparator: '<' }],
    ['superior a 1000', { value: 1000, comparator: '>' }],
    ['menor que 0,5', { value: 0.5, comparator: '<' }],
    ['< o = 5', { value: 5, comparator: '<=' }],
    ['< = 5', { value: 5, comparator: '<=' }],
    ['< 1 : 80', { kind: 'ratio', denominator: 80, comparator: '<' }],
    ['inferior a 1:80', { kind: 'ratio', denominator: 80, comparator: '<' }],
    ['3.1E+04', { value: 31000 }],
    ['supra', { kind: 'text' }],
    ['n.d.', { kind: 'text' }],
  ])('%p', (text, expected) => {
    expect(parseValue(text, 'comma')).toMatchObject(expected);
  });

  test.each([
    ['Basso', 'L'],
    ['BAIXO', 'L'],
    ['Elevado', 'H'],
    ['Alterado', 'A'],
    ['fuori norma', 'A'],
    ['molto alto', 'HH'],
  ])('flag %p is %s', (text, code) => {
    expect(parseFlag(text)).toBe(code);
  });

  test.each(['B', '#'])('%p is no flag', (text) => {
    expect(parseFlag(text)).toBeUndefined();
  });
});

describe('ranges in seven languages', () => {
  test.each<[string, object]>([
    ['fino a 40', { high: 40, highOpen: false }],
    ['até 200 mg/dL', { high: 200, unit: 'mg/dL' }],
    ['inferiore a 200', { high: 200, highOpen: true }],
    ['superior a 60', { low: 60, lowOpen: true }],
    ['Maggiore di 60', { low: 60, lowOpen: true }],
    ['< o = 5', { high: 5, highOpen: false }],
    ['Normal: <200', { high: 200, highOpen: true }],
    ['da 3,5 a 5,1', { low: 3.5, high: 5.1 }],
    ['de 3,5 até 5,1', { low: 3.5, high: 5.1 }],
    ['VR: 70 a 99 mg/dL', { low: 70, high: 99, unit: 'mg/dL' }],
    ['0 - 15 mm/1ª hora', { low: 0, high: 15 }],
    ['< 1 : 80', { high: 80, highOpen: true, titre: true }],
    ['Negativo: < 1:80', { high: 80, titre: true }],
    ['até 1/40', { high: 40, highOpen: false, titre: true }],
    ['assenti', { expected: { code: 'absent' } }],
    ['não reagente', { expected: { code: 'non-reactive' } }],
    ['1,50,000 - 4,50,000', { low: 150000, high: 450000 }],
  ])('%p', (text, expected) => {
    expect(parseRange(text, 'comma')).toMatchObject(expected);
  });

  test('strata', () => {
    const bySex = (text: string) => parseRange(text, 'comma')?.strata?.map(({ sex, low, high }) => [sex, low, high]);
    const both = [
      ['male', 13, 17],
      ['female', 12, 15],
    ];
    expect(bySex('Uomini: 13-17 Donne: 12-15')).toEqual(both);
    expect(bySex('Homens: 13 a 17; Mulheres: 12 a 15')).toEqual(both);
    expect(bySex('Valores de referência: Homens: 13 a 17 Mulheres: 12 a 15')).toEqual(both);
    expect(bySex('13-17 (M), 12-15 (F)')).toEqual(both);
    expect(parseRange('> 60 anni: 4-6; 18 - 60 anni: 3-5', 'comma')?.strata).toMatchObject([
      { ageLow: 60 },
      { ageLow: 18, ageHigh: 60 },
    ]);
    expect(parseRange('1st trimester 0.1-2.5, 2nd trimester 0.2-3.0', 'point')?.strata).toHaveLength(2);
    expect(parseRange('Negative: <0.9 Equivocal: 0.9-1.1 Positive: >1.1', 'point')?.strata).toHaveLength(3);
  });
});

describe('units of six languages', () => {
  test('every code is UCUM', () => {
    expect(Object.keys(localUnits).filter((code) => !isUcum(code))).toEqual([]);
  });

  test.each([
    ['milhões/mm³', '10*6/uL'],
    ['milioni/mmc', '10*6/uL'],
    ['migliaia/mmc', '10*3/uL'],
    ['lakhs/cu.mm', '10*5/uL'],
    ['/campo', '/[HPF]'],
    ['U/gHb', 'U/g{Hb}'],
    ['mg/24 ore', 'mg/(24.h)'],
    ['mm/1ª hora', 'mm/h'],
    ['µUI/mL', 'u[IU]/mL'],
    ['ml/min/1,73 mq', 'mL/min/{1.73_m2}'],
    ['S/CO', '1'],
    ['mg/dI', 'mg/dL'],
    ['U/1', 'U/L'],
  ])('%s → %s', (printed, code) => {
    expect(toUcum(printed)?.code).toBe(code);
  });

  test.each(['RLU', 'K', 'see note', 'IV'])('%p has no code', (printed) => {
    expect(toUcum(printed)).toBeUndefined();
  });
});
