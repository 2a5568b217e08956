import { describe, expect, test } from '@jest/globals';
import { inOrder, withYears } from '../../../src/analyses/lab-report/column-dates.ts';
import { readPages } from '../../../src/analyses/lab-report/read-pages.ts';
import { toFinding } from '../../../src/analyses/lab-report/results.ts';
import { textPage } from './support.ts';

async function read(text: string) {
  return toFinding(await readPages([textPage(text)], undefined, 'rules', new AbortController().signal));
}

type Finding = Awaited<ReturnType<typeof read>>;
const rows = ({ rows: found }: Finding) =>
  found.map(({ name, value, unit, collected }) => [name, value.text, unit, collected].filter(Boolean).join(' '));

describe('cumulative reports', () => {
  test('dates alone head the draws; units and limits stand before them, and the newest is current on either side', async () => {
    const right = await read(`Printed: 13/01/2026 09:10
Date Collected                            11/01/2026  12/01/2026  13/01/2026
                                                0625        0651        0841
Ward                                             ICU         ICU          ED
Haemoglobin              g/L    130 - 170      128 L         172         165
Platelets             x10^9/L   150 - 400          .         361         353`);
    expect(rows(right)).toEqual(['Haemoglobin 165 g/L 2026-01-13T08:41', 'Platelets 353 x10^9/L 2026-01-13T08:41']);
    expect(right.rows.map(({ range }) => range?.text)).toEqual(['130 - 170', '150 - 400']);
    const left = await read(`Printed: 13/01/2026 09:10
                     13/01/26   12/01/26
Haemoglobin (g/L)    165        172
Sodium (mmol/L)      138        141`);
    expect(rows(left)).toEqual(['Haemoglobin 165 g/L 2026-01-13', 'Sodium 138 mmol/L 2026-01-13']);
  });

  test('where the newest draw has no result there is none: an older one is never taken for it', async () => {
    const finding = await read(`Printed: 13/01/2026 09:10
Collected           11/01/2026   12/01/2026   13/01/2026
Platelets x10^9/L   265
Sodium    mmol/L    131          134          138
Potassium mmol/L    4.1          4.0          -`);
    expect(rows(finding)).toEqual(['Sodium 138 mmol/L 2026-01-13']);
  });

  test('numbers at the right of their columns under headings at the left', async () => {
    const finding = await read(`Collected 14/04/2024 09:06
                                14 Apr 24       13 Apr 24       12 Apr 24
Test          Units   Range
                                09:06           07:48           06:30
Haemoglobin   g/L     130-180              137             138             141
Sodium        mmol/L  133-146              139             140             142`);
    expect(rows(finding)).toEqual(['Haemoglobin 137 g/L', 'Sodium 139 mmol/L']);
  });

  test('specimens over the draws are of their results', async () => {
    const finding = await read(`Printed: 13/01/2026 09:10
Specimen             Serum      Serum
Date                 13/01/26   12/01/26
Sodium     mmol/L    138        141
Potassium  mmol/L    4.0        4.4`);
    expect(finding.rows.map(({ value, specimen }) => [value.text, specimen])).toEqual([
      ['138', 'Serum'],
      ['4.0', 'Serum'],
    ]);
  });

  test('a one-sided limit behind the last draw is no result of it', async () => {
    const finding = await read(`Printed: 13/05/2023 09:10
                  11/04/2023  12/05/2023
ALT       U/L         13          16        <35
Albumin   g/L         38          37        35-50`);
    expect(finding.rows.map(({ name, value, range }) => [name, value.text, range?.text])).toEqual([
      ['ALT', '16', '<35'],
      ['Albumin', '37', '35-50'],
    ]);
  });

  test('a sentence of dates heads nothing, and a column of earlier results stays one', async () => {
    const finding = await read(`Demande du 21/05/2024 - Prélevé le 21/05/2024 à 14h01 - Édité le 21/05/2024 à 20h01
HEMOGRAMME
                    Antériorités
                    24/01/2024
Hématies      4,85 T/L   4,28 à 6,00   4,74
Hémoglobine   15,2 g/dL  13,4 à 16,7   14,8`);
    expect(finding.rows.map(({ value }) => value.text).filter((text) => ['4,74', '14,8'].includes(text))).toEqual([]);
  });

  test('times of one day head draws that are all current', async () => {
    const finding = await read(`All draws of 21/09/2025
                     0605     0910     1245    Ref        Units
SODIUM               128 L    131 L    135     136-145    mmol/L
POTASSIUM            5.8 H    --       3.4 L   3.5-5.1    mmol/L`);
    expect(rows(finding).sort()).toEqual(
      [
        'SODIUM 128 mmol/L 2025-09-21T06:05',
        'SODIUM 131 mmol/L 2025-09-21T09:10',
        'SODIUM 135 mmol/L 2025-09-21T12:45',
        'POTASSIUM 5.8 mmol/L 2025-09-21T06:05',
        'POTASSIUM 3.4 mmol/L 2025-09-21T12:45',
      ].sort(),
    );
  });
});

describe('numbers that look like times', () => {
  test('beside the name of a test are its results, not the heads of draws', async () => {
    const finding = await read(`All draws of 21/09/2025
                     0605     0910     Ref        Units
TROPONIN T           1204     1310     <14        ng/L
CK                   204      310      <190       U/L`);
    expect(rows(finding).sort()).toEqual(
      [
        'TROPONIN T 1204 ng/L 2025-09-21T06:05',
        'TROPONIN T 1310 ng/L 2025-09-21T09:10',
        'CK 204 U/L 2025-09-21T06:05',
        'CK 310 U/L 2025-09-21T09:10',
      ].sort(),
    );
  });
});

describe('days without a year', () => {
  test('are the last such days before the report', async () => {
    const finding = await read(`Printed: 16/01/2026 00:34
Collected           16/01      15/10      16/04
Sodium    mmol/L    132        147        141
Urea      mmol/L    8.2        6.2        6.7`);
    expect(rows(finding)).toEqual(['Sodium 132 mmol/L 2026-01-16', 'Urea 8.2 mmol/L 2026-01-16']);
  });

  test('where nothing tells the year and they go over its end, none is taken', async () => {
    const finding = await read(`Haemoglobin and more
Collected           10 Jan     14 Dec
Sodium    mmol/L    132        147
Urea      mmol/L    8.2        6.2`);
    expect(finding.rows).toEqual([]);
    expect(withYears(['0000-12-14', '0000-12-14'], undefined)).toEqual(['0000-12-14', '0000-12-14']);
    expect(withYears(['0000-01-10', '0000-01-10'], undefined)).toEqual(['0000-01-10', '0001-01-10']);
    expect(withYears(['0000-12-14', '0000-12-14'], '2026-01-10')).toEqual(['2025-12-14', '2025-12-14']);
  });

  test('days that do not follow each other have wrong years', () => {
    expect(inOrder(['2026-01-01', '2026-02-01', '2026-03-01'])).toBe(true);
    expect(inOrder(['2026-03-01', '2026-02-01', '2026-01-01'])).toBe(true);
    expect(inOrder(['2026-01-09', '2025-04-10', '2025-07-10'])).toBe(false);
  });
});

describe('flow sheets', () => {
  test('tests across, draws down: the newest line is current, at its time', async () => {
    const finding = await read(`Printed: 12/09/2026 03:34
Date       Time    Magnesium    Haemoglobin  Calcium      Albumin
                   mmol/L       g/L          mmol/L       g/L
Ref.               0.70 - 1.00  130 - 170    2.20 - 2.60  35 - 50
11/09/26   22:34   *0.63        *127         2.32         --
12/06/26   20:06   *0.65        --           *2.69        37`);
    expect(rows(finding)).toEqual([
      'Magnesium 0.63 mmol/L 2026-09-11T22:34',
      'Haemoglobin 127 g/L 2026-09-11T22:34',
      'Calcium 2.32 mmol/L 2026-09-11T22:34',
    ]);
    expect(finding.rows[0]).toMatchObject({ flag: { text: '*' }, range: { low: 0.7, high: 1 } });
  });

  test('names of two lines, newest at the bottom', async () => {
    const finding = await read(`Latest sample taken 23/01/2026 15:07
Date             Sodium    Potassium   Total       Alkaline      Albumin
                                       bilirubin   phosphatase
Units            mmol/L    mmol/L      umol/L      U/L           g/L
22/01/26 03:07   119       4.2         8           96            43
23/01/26 15:07   118       4.4         9           86            41`);
    expect(rows(finding)).toEqual([
      'Sodium 118 mmol/L',
      'Potassium 4.4 mmol/L',
      'Total bilirubin 9 umol/L',
      'Alkaline phosphatase 86 U/L',
      'Albumin 41 g/L',
    ]);
  });

  test('two lines of the same date: nothing says which is current', async () => {
    const finding = await read(`Printed: 12/09/2026 03:34
Date       Magnesium    Haemoglobin  Calcium
           mmol/L       g/L          mmol/L
11/09/26   0.63         127          2.32
11/09/26   0.65         131          2.69`);
    expect(finding.rows).toEqual([]);
  });
});
