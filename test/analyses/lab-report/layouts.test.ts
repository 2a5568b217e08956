import { describe, expect, test } from '@jest/globals';
import { readPages } from '../../../src/analyses/lab-report/read-pages.ts';
import { toFinding } from '../../../src/analyses/lab-report/results.ts';
import { textPage } from './support.ts';

/** Rules alone, so that a test tells which rule broke; the model's part is measured in bench/lab-report.ts. */
async function read(...pages: readonly string[]) {
  const opened = pages.map((text, index) => textPage(text, index + 1));
  return toFinding(await readPages(opened, undefined, 'rules', new AbortController().signal));
}

const values = (finding: Awaited<ReturnType<typeof read>>) =>
  finding.rows.map(({ name, value }) => `${name}=${value.text}`);

describe('columns', () => {
  test('a previous-results column is never current, on whichever side it stands', async () => {
    const right = await read(`Test        Result   Previous   Units    Reference Range
Potassium   5.9      4.4        mmol/L   3.5 - 5.1`);
    const left = await read(`Test        Vorwert   Ergebnis   Einheit  Referenzbereich
Kalium      4,4       5,9        mmol/l   3,5 - 5,1`);
    expect(values(right)).toEqual(['Potassium=5.9']);
    expect(values(left)).toEqual(['Kalium=5,9']);
  });

  test('of dated columns the newest is current, left or right', async () => {
    for (const [first, second, expected] of [
      ['2026-11-12', '2026-08-02', '5.9'],
      ['2026-08-02', '2026-11-12', '4.4'],
    ] as const) {
      const finding = await read(`Test        ${first}   ${second}   Units
Potassium   5.9          4.4          mmol/L`);
      expect(values(finding)).toEqual([`Potassium=${expected}`]);
    }
  });

  test('two undated result columns: nothing says which is current, so neither is taken, and that is said', async () => {
    const finding = await read(`Test        Result   Result   Units    Reference Range
Potassium   5.9      4.4      mmol/L   3.5 - 5.1`);
    expect(finding.rows).toEqual([]);
    expect(finding.unread).toHaveLength(1);
  });

  test('two numbers without a header: the row falls instead of choosing by position', async () => {
    const finding = await read('Potassium   5.9   4.4   mmol/L   3.5 - 5.1');
    expect(finding.rows).toEqual([]);
    expect(finding.unread[0]?.reason).toBe('current-value-unclear');
  });

  test('which of the two columns in range and out of range is filled is the flag', async () => {
    const finding = await read(`Test Name        In Range   Out Of Range   Reference Range
Sodium           140                       135-146 mmol/L
Glucose                     146            65-99 mg/dL`);
    expect(finding.rows.map(({ name, value, unit, flag }) => [name, value.text, unit, flag?.code])).toEqual([
      ['Sodium', '140', 'mmol/L', undefined],
      ['Glucose', '146', 'mg/dL', 'A'],
    ]);
  });

  test('columns in reverse order are told by their headings', async () => {
    const finding = await read(`Reference Range   Units    Result   Test
3.5 - 5.1         mmol/L   5.9      Potassium`);
    expect(values(finding)).toEqual(['Potassium=5.9']);
  });

  test('panels side by side are two tables with a specimen each', async () => {
    const finding = await read(`RENAL PANEL - Serum                      URINALYSIS - Urine
Test        Result   Units    Reference  Test       Result    Units   Reference
Sodium      138      mmol/L   136-145    Protein    Negative          Negative
Potassium   4.9      mmol/L   3.5-5.1    Nitrite    Positive          Negative`);
    expect(finding.rows.map(({ name, value, specimen }) => [name, value.text, specimen])).toEqual([
      ['Sodium', '138', 'Serum'],
      ['Potassium', '4.9', 'Serum'],
      ['Protein', 'Negative', 'Urine'],
      ['Nitrite', 'Positive', 'Urine'],
    ]);
  });

  test('a header holds over the page break', async () => {
    const finding = await read(
      `Test        Previous   Result   Units    Reference Range
Sodium      139        140      mmol/L   135 - 146     `,
      `Potassium   4.4        5.9      mmol/L   3.5 - 5.1     `,
    );
    expect(values(finding)).toEqual(['Sodium=140', 'Potassium=5.9']);
    expect(finding.rows[1]?.page).toBe(2);
  });

  test('an unknown heading is told by what stands under it', async () => {
    const finding = await read(`Test        Outcome   Units    Reference Range
Sodium      140       mmol/L   135 - 146
Potassium   5.9       mmol/L   3.5 - 5.1`);
    expect(values(finding)).toEqual(['Sodium=140', 'Potassium=5.9']);
  });
});

describe('other forms', () => {
  test('dotted leaders, key and value, bars', async () => {
    const finding = await read(`INR ............... 5.6   HH  (0.9-1.1)
Potassium: 5.9 mmol/L (3.5-5.1) H
Creatinine|2.31|mg/dL|0.57 - 1.00|H`);
    expect(finding.rows.map(({ name, value, flag }) => [name, value.text, flag?.code])).toEqual([
      ['INR', '5.6', 'HH'],
      ['Potassium', '5.9', 'H'],
      ['Creatinine', '2.31', 'H'],
    ]);
  });

  test('one test a block, with labels under its name', async () => {
    const finding = await read(`Potassium
Result: 5.9 mmol/L H
Reference range: 3.5 - 5.1

Sodium
Result: 140 mmol/L
Reference range: 135 - 146`);
    expect(finding.rows.map(({ name, value, range }) => [name, value.text, range?.high])).toEqual([
      ['Potassium', '5.9', 5.1],
      ['Sodium', '140', 146],
    ]);
  });

  test('value, unit and flag without a space between them', async () => {
    const finding = await read(`Test        Result        Reference Range
Sodium      138mmol/L     136-145
Potassium   5.9*          3.5-5.1`);
    expect(finding.rows.map(({ value, ucum, flag }) => [value.number, ucum, flag?.text])).toEqual([
      [138, 'mmol/L', undefined],
      [5.9, undefined, '*'],
    ]);
  });

  test('numbers in comments are no results', async () => {
    const finding = await read(`Test        Result   Units   Reference Range
Glucose     92       mg/dL   70 - 99
Note: a fasting glucose between 100 and 125 mg/dL is consistent with prediabetes.
Critical potassium 6.8 mmol/L called to ward nurse at 10:42 and read back.`);
    expect(values(finding)).toEqual(['Glucose=92']);
  });
});

describe('values', () => {
  test('comparators, titres, words and what is absent keep their kind', async () => {
    const finding = await read(`Test                 Result      Units    Reference Range
C-Reactive Protein   <0.5        mg/L     <5.0
Ferritin             >=2000      ng/mL    30 - 400
ANA Titer            1:80                 <1:40
Potassium            Pending     mmol/L   3.5 - 5.1`);
    expect(
      finding.rows.map(({ value }) => [value.kind, value.comparator, value.number, value.denominator, value.reason]),
    ).toEqual([
      ['quantity', '<', 0.5, undefined, undefined],
      ['quantity', '>=', 2000, undefined, undefined],
      ['ratio', undefined, undefined, 80, undefined],
      ['absent', undefined, undefined, undefined, 'temp-unknown'],
    ]);
  });

  test('a comma is a decimal sign where the document says so', async () => {
    const finding = await read(`Untersuchung   Ergebnis   Einheit   Referenzbereich
Kalium         4,4        mmol/l    3,5 - 5,1
Ferritin       2.310      ng/ml     30 - 400`);
    expect(finding.document.decimal).toBe('comma');
    expect(finding.rows.map(({ value }) => value.number)).toEqual([4.4, 2310]);
  });
});

describe('what is refused', () => {
  test('letters in a number, a unit in the place of a value', async () => {
    const finding = await read(`Test         Result                  Units    Reference Range
Sodium       140                     mmol/L   135 - 146
Creatinine   1.O4                    mg/dL    0.60 - 1.20
Calcium      mg/dL                            8.6 - 10.3`);
    expect(values(finding)).toEqual(['Sodium=140']);
    expect(finding.unread.map(({ reason }) => reason)).toContain('value-not-understood');
  });

  test('a column of words nobody knows beside two undecided ones is no result', async () => {
    const finding = await read(`Test        Result      Units     Comparator words here   Result
HBsAg       Positive                Negative                Negative`);
    expect(finding.rows).toEqual([]);
  });
});

describe('names', () => {
  test('wrapped below the row are joined when the whole is a known test, methods are not', async () => {
    const finding = await read(`Test              Result   Units    Reference Range
Red Blood         4.10     M/uL     4.20 - 5.80
Cell Count
GPT               23       U/L      7 - 56
(ALT)
Free T4           1.20     ng/dL    0.80 - 1.80
(Immunoassay)`);
    expect(finding.rows.map(({ name }) => name)).toEqual(['Red Blood Cell Count', 'GPT (ALT)', 'Free T4']);
  });
});

describe('facts', () => {
  test('patient and dates, labelled on one line or two', async () => {
    const finding = await read(`Example Laboratory
Patient: Marsh, Elena       DOB: 03/25/1961
MRN: A-40312                Collected: 11/08/2026 07:40
Test        Result   Units    Reference Range
Potassium   4.9      mmol/L   3.5 - 5.1`);
    expect(finding.document).toMatchObject({
      collected: '2026-11-08T07:40',
      laboratory: 'Example Laboratory',
      patient: { name: 'Marsh, Elena', birthDate: '1961-03-25', identifier: 'A-40312' },
    });
  });

  test('a date that can be read in two ways is left out rather than guessed', async () => {
    const finding = await read(`Collected: 03/04/2026
Test        Result   Units    Reference Range
Potassium   4.9      mmol/L   3.5 - 5.1`);
    expect(finding.document.collected).toBeUndefined();
    expect(finding.document.caveats).toContain('No collection time is printed.');
  });
});

describe('misread headings', () => {
  test('a misread date beside a date leaves open which column is the newest: neither is taken', async () => {
    for (const header of ['Test        2025-08-06   O6,08.2026 Units', 'Test        2025-08-06   06,08.2026   Units']) {
      const finding = await read(`${header}
LDH         176          120          U/L`);
      expect(finding.rows).toEqual([]);
      expect(finding.unread).toHaveLength(1);
    }
  });

  test('a value below its limit competes with an earlier one, whatever else is on the line', async () => {
    for (const line of ['Troponin I   <0.01   0.03   ng/mL   <0.04', 'Troponin I   0.03   <0.01   ng/mL   <0.04']) {
      expect((await read(line)).rows).toEqual([]);
    }
  });

  test('a number with a misread digit still competes with its neighbour', async () => {
    const finding = await read('Sodium   138   l41   mmol/L   135 - 146');
    expect(finding.rows).toEqual([]);
  });
});
