import { describe, expect, test } from '@jest/globals';
import { isMethod, specimenAndMethod } from '../../../src/analyses/lab-report/methods.ts';
import { withoutMethod } from '../../../src/analyses/lab-report/printed-parts.ts';
import { readPages } from '../../../src/analyses/lab-report/read-pages.ts';
import { toFinding } from '../../../src/analyses/lab-report/results.ts';
import { specimenOf } from '../../../src/analyses/lab-report/specimens.ts';
import { textPage } from './support.ts';

async function read(text: string) {
  const finding = toFinding(await readPages([textPage(text)], undefined, 'rules', new AbortController().signal));
  return finding.rows.map(({ name, specimen, method }) => [name, specimen, method]);
}

describe('methods', () => {
  test.each([
    'Hexokinase',
    'Enzymatic colorimetric',
    'Potentiométrie indirecte',
    'Turbidimetria',
    'ISE indirecto',
    'GOD-PAP',
  ])('%s is one', (text) => {
    expect(isMethod(text)).toBe(true);
  });
  test.each(['Sodium', 'Fasting', 'Serum', 'Kidney function', 'Please repeat. Photometry failed.'])(
    '%s is none',
    (text) => {
      expect(isMethod(text)).toBe(false);
    },
  );
  test('alone on a line, words in capitals are rather a heading', () => {
    expect(isMethod('IMMUNOLOGY', true)).toBe(false);
    expect(isMethod('CLIA', true)).toBe(true);
  });

  test('in square brackets behind a name they are taken apart; in round ones only where the whole is no name', () => {
    expect(withoutMethod('Urea [Urease]')).toEqual({ name: 'Urea', method: 'Urease' });
    expect(withoutMethod('AST (GOT)')).toEqual({ name: 'AST (GOT)' });
    expect(withoutMethod('Unknown [Urease]')).toEqual({ name: 'Unknown [Urease]' });
  });

  test('under a name, in a column, and behind a label', async () => {
    const rows = await read(`Investigation   Observed Value   Unit    Biological Reference Interval
Creatinine      0.90             mg/dL   0.70-1.30
Method : Modified Jaffe
Urea            23               mg/dL   17-43
Method : Urease UV`);
    expect(rows).toEqual([
      ['Creatinine', undefined, 'Modified Jaffe'],
      ['Urea', undefined, 'Urease UV'],
    ]);
    expect(
      await read(`Test Name   Technology   Value   Units
SODIUM      ISE          140     mmol/L
CHLORIDE    ISE          101     mmol/L`),
    ).toEqual([
      ['SODIUM', undefined, 'ISE'],
      ['CHLORIDE', undefined, 'ISE'],
    ]);
  });
});

describe('specimens', () => {
  test.each([
    ['EDTA Whole Blood', 'Whole blood'],
    ['ARTERIAL', 'Arterial blood'],
    ['Venoso', 'Venous blood'],
    ['EDTA BLOOD', 'Whole blood'],
    ['SER', 'Serum'],
  ])('%s', (text, expected) => {
    expect(specimenOf(text)).toBe(expected);
  });
  test.each(['Complete Blood Count', 'Ward 4'])('%s names none', (text) => {
    expect(specimenOf(text)).toBeUndefined();
  });
  test('specimen and method in one line', () => {
    expect(specimenAndMethod('Sang total EDTA – Cytométrie en flux')).toEqual({
      specimen: 'Whole blood',
      method: 'Cytométrie en flux',
    });
    expect(specimenAndMethod('Sang total EDTA – voir page 2')).toBeUndefined();
  });

  test('a label over a heading is of all panels that follow, one under a heading of that panel', async () => {
    expect(
      await read(`Test Name     Result   Unit
SPECIMEN : SERUM
RENAL PROFILE
UREA          21.9     mg/dL
IRON STUDIES
FERRITIN      145      ng/mL`),
    ).toEqual([
      ['UREA', 'Serum', undefined],
      ['FERRITIN', 'Serum', undefined],
    ]);
    expect(
      await read(`Esame        Esito   U.M.
CURVA INSULINEMICA Materiale: Siero - Metodo: CLIA
Insulina     14,2    uU/mL
CHIMICA CLINICA (Materiale: Plasma)
Sodio        139     mmol/L`),
    ).toEqual([
      ['Insulina', 'Serum', 'CLIA'],
      ['Sodio', 'Plasma', undefined],
    ]);
  });

  test('at the foot of a page, where all feet say the same', async () => {
    expect(
      await read(`TEST NAME   VALUE   UNITS
SODIUM      140     mmol/L
CHLORIDE    101     mmol/L

Sample Collected on   : 13 Sep 2025 11:45
Sample Type           : SERUM`),
    ).toEqual([
      ['SODIUM', 'Serum', undefined],
      ['CHLORIDE', 'Serum', undefined],
    ]);
  });
});
