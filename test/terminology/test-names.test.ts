import { describe, expect, test } from '@jest/globals';
import {
  critical,
  labTests,
  plausible,
  resolveTest,
  specimenOf,
  type TestQuery,
} from '../../src/terminology/lab-dictionary.ts';

const specimens: Readonly<Record<string, string>> = { Urine: 'urine', Stool: 'stool', CSF: 'csf' };

/** Name | unit → key | LOINC code. */
const printed = `
  A/G Ratio | → albumin-globulin-ratio
  BUN/Creatinine Ratio | → bun-creatinine-ratio
  Carbon Dioxide, Total | mmol/L → 2028-9
  Neutrophils (Absolute) | x10E3/uL → 751-8
  Immature Grans (Abs) | x10E3/uL → immature-granulocytes
  LDL Chol Calc (NIH) | mg/dL → 13457-7
  LDL Cholesterol | mg/dL → 2089-1
  LDL Cholesterol, Direct | mg/dL → 18262-6
  Hemoglobin A1c | % → 4548-4
  Vitamin D, 25-Hydroxy | ng/mL → vitamin-d-25oh
  Total Leucocyte Count | cells/cu.mm → 6690-2
  S. Bilirubin | mg/dl → 1975-2
  Bilirubin (Direct) | mg/dl → 1968-7
  D. Bilirubin | mg/dl → 1968-7
  T. Protein | g/dL → 2885-2
  Polymorphs | % → 770-8
  Neutrophils # | 10^3/uL → 751-8
  Abs. Lymphocytes | 10^3/uL → 731-0
  Gamma GT | U/L → 2324-2
  Urea nitrogen | mg/dL → 3094-0
  Hb | gm% → 718-7
  Creatinine - Serum | mg/dL → 2160-0
  SERUM CREATININE | mg/dL → 2160-0
  Kreatinin i.S. | mg/dl → 2160-0
  Créatinine plasmatique | µmol/L → 14682-9
  Calcium, Total | mg/dL → 17861-6
  Hemácias | milhões/mm³ → 789-8
  Plaquetas | /mm³ → 777-3
  TGO | U/L → 1920-8
  TGP | U/L → 1742-6
  Emoglobina | g/dL → 718-7
  Globuli rossi | 10^6/uL → 789-8
  VES | mm/h → 30341-2
  Creatininemia | mg/dL → 2160-0
  Colesterolo Totale | mg/dL → 2093-3
  Platelet Count (Impedance) | lakhs/cumm → 777-3
  Leukozyten | G/l → 6690-2
  GPT (ALAT) | U/l → 1742-6
  APTT | sec → 14979-9
  Retic Count | % → reticulocytes
  Pus Cells | /HPF → 5821-4
`;

describe('names as laboratories print them', () => {
  test.each(
    printed
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ ?\| ?| ?→ ?/) as [string, string, string]),
  )('%s in %p is %s', (name, unit, expected) => {
    const found = resolveTest(unit ? { name, unit } : { name });
    expect([found?.loinc, found?.entry.key]).toContain(expected);
    expect(found?.ambiguous).toBeUndefined();
  });

  test('every alias leads back to its own test, or is left open because two tests share it', () => {
    const astray: string[] = [];
    for (const entry of labTests) {
      for (const name of new Set(Object.values(entry.aliases).flat())) {
        const queries: TestQuery[] = [
          { name },
          ...entry.variants.flatMap(({ system, units }) => {
            const specimen = specimens[system];
            const place = specimen ? { specimen } : {};
            const unit = units[0] === undefined ? {} : { unit: units[0] };
            return [
              { name, ...place, ...unit },
              { name, ...place },
              { name, ...place, valueKind: 'coded' as const },
              { name, ...place, valueKind: 'ratio' as const },
            ];
          }),
        ];
        const home = queries.some((query) => {
          const found = resolveTest(query);
          return found?.entry.key === entry.key || found?.ambiguous === 'name';
        });
        if (!home) {
          astray.push(`${entry.key}: ${name}`);
        }
      }
    }
    expect(astray).toEqual([]);
  });

  test('a test without a code that agrees with a second source is known by name alone', () => {
    const found = resolveTest({ name: 'QuantiFERON TB1', unit: 'IU/mL' });
    expect(labTests.some(({ variants }) => variants.length === 0)).toBe(true);
    expect(found?.loinc).toBeUndefined();
  });

  test.each(['Iron and total', 'The patient has high potassium', 'Blood', 'Page', 'Age', 'Name', 'normal', 'Nil'])(
    '%p is no test',
    (name) => {
      expect(resolveTest({ name })?.loinc).toBeUndefined();
    },
  );
});

describe('limits belong to the specimen', () => {
  test.each<[TestQuery, number, string, boolean | undefined]>([
    [{ name: 'Creatinine', unit: 'mg/dL', specimen: 'Urine' }, 120, 'mg/dL', true],
    [{ name: 'Creatinine', unit: 'mg/dL' }, 120, 'mg/dL', false],
    [{ name: 'Glucose', unit: 'mg/dL', panel: 'Urinalysis' }, 1, 'mg/dL', true],
    [{ name: 'Protein', unit: 'mg/dL', specimen: 'CSF' }, 45, 'mg/dL', true],
  ])('%j: %d %s plausible: %p', (query, value, ucum, expected) => {
    expect(plausible(resolveTest(query)!.entry, value, ucum) ?? true).toBe(expected);
  });

  test('the critical limits of blood are not those of urine', () => {
    const { entry, variant } = resolveTest({ name: 'Potassium', unit: 'mmol/L', specimen: 'Urine' })!;
    expect(critical(entry, 120, 'mmol/L', undefined, variant?.system)).toBeUndefined();
  });
});

describe('specimens', () => {
  test.each([
    ['Siero', 'Soro'],
    ['Urine', 'Urina'],
    ['Feci', 'Fezes'],
    ['Liquor', 'CSF'],
    ['Sangue intero', 'Sangue total'],
    ['Suero', 'Sérum'],
  ])('%s and %s are one', (a, b) => {
    expect(specimenOf(a)).toBeDefined();
    expect(specimenOf(a)).toBe(specimenOf(b));
  });
});
