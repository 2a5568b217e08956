import { afterAll, describe, expect, test } from '@jest/globals';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { labReport } from '../../../src/analyses/lab-report/index.ts';
import type { LabInput } from '../../../src/analyses/lab-report/input.ts';
import type { SaidTest } from '../../../src/analyses/lab-report/said.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import { createDocuments } from '../../../src/documents/documents.ts';
import { scriptedModel } from '../scripted-model.ts';
import { documentOf, sampleReports, textPage } from './support.ts';

/** A model that is wrong in every way that a page offers: nothing may be written that is not printed in that very row. */

const documents = createDocuments();
afterAll(() => documents.close());
const analysis = labReport({ documents });
const reading = createReading<LabInput, LabFinding>(analysis);
const signal = new AbortController().signal;
const tensor = () => Promise.reject(new Error('This reader needs no small model.'));

const page = (text: string): LabInput => ({ document: documentOf(textPage(text)) });

async function rowsOf(input: LabInput, said: readonly Partial<SaidTest>[]): Promise<readonly LabRow[]> {
  const chat = scriptedModel(() => JSON.stringify(said));
  // Without its picture the page is given as text: what comes back is held against the same words.
  const read = await reading({ ...input, draw: undefined }, await analysis.readers.medgemma!({ tensor, chat }), signal);
  return read.outcome === 'finding' ? read.finding.rows : [];
}

/** Every number of the document, with and without its sign, and with the other decimal sign. */
function numbersOf({ document }: LabInput): readonly string[] {
  const words = document.pages.flatMap(({ words }) => words.map(({ text }) => text)).filter((text) => /\d/.test(text));
  const other = (text: string) => text.replace(/[.,]/, (sign) => (sign === '.' ? ',' : '.'));
  return [...new Set(words.flatMap((text) => [text, text.replace(/^[<>≤≥+-]+|[^\d]+$/g, ''), other(text)]))];
}

/** All rows that any number of the page gets, when the model says it of this test. */
async function everyRow(input: LabInput, name: string): Promise<readonly LabRow[]> {
  const numbers = numbersOf(input);
  const rows: LabRow[] = [];
  for (let at = 0; at < numbers.length; at += 64) {
    rows.push(
      ...(await rowsOf(
        input,
        numbers.slice(at, at + 64).map((result) => ({ name, result })),
      )),
    );
  }
  return rows;
}

test('every test of every sample document with every number of its page: only the printed value is written', async () => {
  let count = 0;
  for await (const { id, file, reading: one } of sampleReports()) {
    const input = (await analysis.open({ file }, signal)) as LabInput;
    const truth = one.results.map(({ name, value, comparator, unit, low, high }) =>
      JSON.stringify([name, value, comparator, unit, low, high]),
    );
    for (const { name } of one.results) {
      count++;
      for (const row of await everyRow(input, name)) {
        const { number, comparator } = row.value;
        const { low, high } = row.range ?? {};
        const written = JSON.stringify([row.name, number, comparator, row.ucum, low, high]);
        expect([id, truth.includes(written) ? 'as printed' : written]).toEqual([id, 'as printed']);
      }
    }
  }
  expect(count).toBeGreaterThan(50);
}, 240_000);

describe('pages on which a value could be taken from elsewhere', () => {
  const shown = ({ name, value, unit, range }: LabRow) => [name, value.text, value.number, unit, range?.text];

  test.each([
    [
      'tables side by side without a heading of their own',
      'Potassium  4.1  mmol/L  3.5-5.1     Sodium  139  mmol/L  135-145\nChloride   101    Glucose  5.4  mmol/L  3.9-5.6',
      [
        ['Potassium', '4.1', 4.1, 'mmol/L', '3.5-5.1'],
        ['Sodium', '139', 139, 'mmol/L', '135-145'],
        ['Chloride', '101', 101, undefined, undefined],
        ['Glucose', '5.4', 5.4, 'mmol/L', '3.9-5.6'],
      ],
    ],
    [
      'a comparator apart from its number',
      'Troponin I    < 0.04   ng/mL    0.00 - 0.04\nCRP           > 300    mg/L     < 5',
      [
        ['Troponin I', '< 0.04', 0.04, 'ng/mL', '0.00 - 0.04'],
        ['CRP', '> 300', 300, 'mg/L', '< 5'],
      ],
    ],
    ['two values in words', 'Potassium today 4.1 yesterday 5.0\nSodium today 139 yesterday 141', []],
    [
      'an older column with units of its own',
      'Test          Result    Previous\nPotassium     4.1       5.0 mg/dL\nSodium        139       < 141',
      [
        ['Potassium', '4.1', 4.1, undefined, undefined],
        ['Sodium', '139', 139, undefined, undefined],
      ],
    ],
  ])('%s', async (_, text, truth) => {
    const input = page(text);
    const names = ['Potassium', 'Sodium', 'Chloride', 'Glucose', 'Troponin I', 'CRP'];
    const more = [{}, { unit: 'mg/dL', range: '< 141' }, { unit: 'mmol/L', range: '3.9-5.6' }, { range: '135-145' }];
    const numbers = [...numbersOf(input), '< 0.04', '> 300'];
    for (const name of names) {
      for (const fields of more) {
        for (const row of await rowsOf(
          input,
          numbers.map((result) => ({ name, result, ...fields })),
        )) {
          expect(truth).toContainEqual(shown(row));
        }
      }
    }
    expect(
      (
        await rowsOf(
          input,
          truth.map(([name, result]) => ({ name, result }) as SaidTest),
        )
      ).map(shown),
    ).toEqual(truth);
  });

  test('a specimen, a panel or a method of another section says nothing of this row', async () => {
    const input = page(`Glucose      95     mg/dL   70 - 99
URINE DIPSTICK
Glucose      250    mg/dL   Hexokinase`);
    const more = { specimen: 'urine', panel: 'URINE DIPSTICK', method: 'Hexokinase' };
    const rows = await rowsOf(input, [
      { name: 'Glucose', result: '95', ...more },
      { name: 'Glucose', result: '250', ...more },
    ]);
    expect(rows.map(({ name, loinc, specimen, panel, method }) => [name, loinc, specimen, panel, method])).toEqual([
      ['Glucose', '2345-7', undefined, undefined, undefined],
      ['Glucose', '5792-7', 'Urine', 'URINE DIPSTICK', 'Hexokinase'],
    ]);
  });

  test('what the model passes over still says which decimal sign the document has', async () => {
    const input = page(
      'Leukozyten   7,5      /nL   4,0-10,0\nThrombozyten 250.000  /uL   150.000-400.000\nCRP          0,5      mg/dl   0,0-0,5',
    );
    const [row] = await rowsOf(input, [{ name: 'Thrombozyten', result: '250.000' }]);
    expect([row!.value.number, row!.range]).toEqual([250000, { text: '150.000-400.000', low: 150000, high: 400000 }]);
  });

  test('the day of another specimen is not when this one was taken', async () => {
    for (const head of ['Your last specimen was drawn here on 2025-12-24', 'Taken 2025-12-24   Taken 2026-11-08']) {
      const input = page(`${head}\nTest        Result    Reference\nPotassium   4.1       3.5 - 5.1`);
      const said = { name: 'Potassium', result: '4.1', sample_collection_time: '24-12-2025 00:00:00' };
      expect((await rowsOf(input, [said])).map(({ name, collected }) => [name, collected])).toEqual([
        ['Potassium', undefined],
      ]);
    }
  });

  test('a unit is no name, a name is no value, and a name stands before its value', async () => {
    const text = 'Potassium   4.1   2025-12-24   5.0   mmol/L  3.5 - 5.1\nColour      Like tea';
    const said = [
      { name: 'mmol/L', result: 'Potassium', unit: '5.0' },
      { name: 'Like tea', result: 'Colour' },
      { name: 'Potassium', result: '5.0' },
    ];
    expect(await rowsOf(page(text), said)).toEqual([]);
  });

  test('a sign apart from its number is not lost', async () => {
    const input = page('Base excess   - 3.2   mmol/L   -2 - 2\nPotassium     - 4.1   mmol/L   3.5 - 5.1');
    const said = [
      { name: 'Base excess', result: '3.2' },
      { name: 'Potassium', result: '4.1' },
    ];
    expect((await rowsOf(input, said)).map(({ name }) => name)).toEqual(['Potassium']);
  });

  test.each([
    ['full-width digits of another number', '６.9'],
    ['a zero-width space', '6.\u200b8'],
    ['a digit more by way of the unit', '6.85'],
    ['an Arabic digit', '٦.8'],
  ])('%s', async (_, result) => {
    expect(
      await rowsOf(page('Potassium   6.8   mmol/L   3.5 - 5.1'), [{ name: 'Potassium', result, unit: '5' }]),
    ).toEqual([]);
  });
});
