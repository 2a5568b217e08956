import { describe, expect, test } from '@jest/globals';
import { printedUnits } from '../../src/terminology/printed-units.ts';
import { convert, isUcum, sameDimension, toUcum } from '../../src/terminology/units.ts';

test('every code of the table is UCUM', () => {
  expect(Object.keys(printedUnits).filter((code) => !isUcum(code))).toEqual([]);
});

describe('printed → UCUM', () => {
  test.each([
    ['x10E3/uL', '10*3/uL'],
    ['10^3/uL', '10*3/uL'],
    ['K/uL', '10*3/uL'],
    ['10³/µL', '10*3/uL'],
    ['Tsd./µl', '10*3/uL'],
    ['/nl', '10*3/uL'],
    ['G/l', '10*3/uL'],
    ['thou/mm3', '10*3/uL'],
    ['x10^9/L', '10*9/L'],
    ['M/uL', '10*6/uL'],
    ['mill/cumm', '10*6/uL'],
    ['T/L', '10*6/uL'],
    ['/pl', '10*6/uL'],
    ['x 10^12/L', '10*12/L'],
    ['/cumm', '/uL'],
    ['cells/cu.mm', '/uL'],
    ['lakhs/cumm', '10*5/uL'],
    ['IU/L', 'U/L'],
    ['U/l', 'U/L'],
    ['mIU/L', 'm[IU]/L'],
    ['µIU/mL', 'u[IU]/mL'],
    ['uIU/mL', 'u[IU]/mL'],
    ['IU/mL', '[IU]/mL'],
    ['mEq/L', 'meq/L'],
    ['µmol/L', 'umol/L'],
    ['μmol/L', 'umol/L'],
    ['mcg/dL', 'ug/dL'],
    ['gm/dL', 'g/dL'],
    ['g%', 'g/dL'],
    ['MG/DL', 'mg/dL'],
    ['mmHg', 'mm[Hg]'],
    ['sec', 's'],
    ['mm/hr', 'mm/h'],
    ['mm n.W.', 'mm/h'],
    ['copies/mL', '{copies}/mL'],
    ['/HPF', '/[HPF]'],
    ['mL/min/1.73m²', 'mL/min/{1.73_m2}'],
    ['ml/min/1,73 m2', 'mL/min/{1.73_m2}'],
    ['ng/mL FEU', 'ng/mL{FEU}'],
    ['ng/mL DDU', 'ng/mL{DDU}'],
    ['mg/g creat', 'mg/g'],
    ['mmol/mol Hb', 'mmol/mol'],
    ['g/l', 'g/L'],
    ['fl', 'fL'],
    ['%', '%'],
    ['pg', 'pg'],
    ['millones/mm3', '10*6/uL'],
  ])('%s → %s', (printed, code) => {
    expect(toUcum(printed)).toEqual({ code, display: printed });
  });

  test('what stays without a code', () => {
    for (const printed of ['', 'foo', 'K', 'mil/mm³', 'mgdl', 'see note']) {
      expect(toUcum(printed)).toBeUndefined();
    }
  });

  test('the test and the language decide where the spelling does not', () => {
    expect(toUcum('mU/L', { test: 'tsh' })?.code).toBe('m[IU]/L');
    expect(toUcum('mU/L')?.code).toBe('mU/L');
    expect(toUcum('IU/L', { test: 'alt' })?.code).toBe('U/L');
    expect(toUcum('IU/L', { test: 'fsh' })?.code).toBe('[IU]/L');
    expect(toUcum('mil/mm³', { language: 'es' })?.code).toBe('10*3/uL');
  });
});

test.each(['1073/uL', '106/uL', '103/mm3', '2g/dL', '100'])(
  '%s is a power of ten that lost its caret, no unit',
  (printed) => {
    expect(toUcum(printed)).toBeUndefined();
  },
);

describe('conversion', () => {
  test.each([
    [1, '10*3/uL', '10*9/L', undefined, 1],
    [1.9, '10*5/uL', '10*3/uL', undefined, 190],
    [13.4, 'g/dL', 'g/L', undefined, 134],
    [4, 'meq/L', 'mmol/L', undefined, 4],
    [100, 'mg/dL', 'mmol/L', 180.156, 5.55],
    [88.4, 'umol/L', 'mg/dL', 113.12, 1],
  ])('%d %s → %s', (value, from, to, molarMass, expected) => {
    expect(convert(value, from, to, { ...(molarMass ? { molarMass, significant: 3 } : {}) })).toBe(expected);
  });
  test.each([
    ['mmol/L', '10*9/L'],
    ['[IU]/L', 'U/L'],
    ['[IU]/L', '10*9/L'],
    ['mg/dL', 'mmol/L'],
    ['ng/mL{FEU}', 'ng/mL{DDU}'],
    ['ng/mL', 'ng/mL{FEU}'],
    ['U/L', 'mmol/L'],
    ['/[HPF]', '%'],
    ['%', 'g/dL'],
  ])('%s and %s measure different things', (from, to) => {
    expect(convert(1, from, to)).toBeUndefined();
    expect(sameDimension(from, to)).toBe(false);
  });
});
