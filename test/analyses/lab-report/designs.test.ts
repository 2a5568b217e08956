import { describe, expect, test } from '@jest/globals';
import { readPages } from '../../../src/analyses/lab-report/read-pages.ts';
import { toFinding } from '../../../src/analyses/lab-report/results.ts';
import { textPage } from './support.ts';

/** Pages as laboratories print them, read by the rules alone. Nobody's data. */
async function read(page: string) {
  return toFinding(await readPages([textPage(page)], undefined, 'rules', new AbortController().signal));
}

const inShort = (finding: Awaited<ReturnType<typeof read>>) =>
  finding.rows.map(({ name, value, unit, range, flag }) =>
    [name, value.text, unit ?? '', range?.text ?? '', flag?.text ?? ''].join(' | ').replace(/[ |]+$/, ''),
  );

describe('designs', () => {
  test.each<readonly [string, string, readonly string[]]>([
    [
      'cards side by side, limits between name and value, an earlier result below',
      `Sodium                            Potassium
Normal range: 135 - 145 mmol/L    Normal range: 3.5 - 5.1 mmol/L
132 mmol/L   Low                  4.8 mmol/L
Last result: 133 on Sep 08, 2024
Chloride                          Calcium
Normal range: 98 - 107 mmol/L     Normal range: 8.5 - 10.5 mg/dL
99 mmol/L                         9.1 mg/dL`,
      [
        'Sodium | 132 | mmol/L | 135 - 145 | Low',
        'Chloride | 99 | mmol/L | 98 - 107',
        'Potassium | 4.8 | mmol/L | 3.5 - 5.1',
        'Calcium | 9.1 | mg/dL | 8.5 - 10.5',
      ],
    ],
    [
      'labels in a column of their own',
      `Component        NT-proBNP
Your Value       3944 pg/mL
Standard Range   <=125 pg/mL
Flag             H
Component        Lipase
Your Value       47 U/L`,
      ['NT-proBNP | 3944 | pg/mL | <=125 | H', 'Lipase | 47 | U/L'],
    ],
    [
      'sentences, of which earlier values and wishes are no results',
      `Sodium was 138 mmol/L (135-145), potassium 6.7 mmol/L (3.5-5.1) and
chloride 101 mmol/L. Hemoglobin was low at 8.1 g/dL. Creatinine was
1.1 mg/dL (previously 0.9 mg/dL). The target LDL is 70 mg/dL.`,
      [
        'Sodium | 138 | mmol/L | (135-145)',
        'potassium | 6.7 | mmol/L | (3.5-5.1)',
        'chloride | 101 | mmol/L',
        'Hemoglobin | 8.1 | g/dL |  | low',
        'Creatinine | 1.1 | mg/dL',
      ],
    ],
    [
      'shorthand of a ward, with earlier values in brackets',
      `BMP: Na 112 LL, K 2.5 LL (was 2.6), Cl 76 L, CO2 27
     BUN 14 (was 16), Cr 0.80 (was 0.80), Ca 9.2`,
      [
        'Na | 112 |  |  | LL',
        'K | 2.5 |  |  | LL',
        'Cl | 76 |  |  | L',
        'CO2 | 27',
        'BUN | 14',
        'Cr | 0.80',
        'Ca | 9.2',
      ],
    ],
    [
      'headings over headings: what stands under "previous" is previous, limits in two columns',
      `Determinación     Resultado             Anterior             Valores de referencia
                  Valor    Unidad       Valor    Fecha       Mín.     Máx.
Hemoglobina       13,1     g/dL         12,2     09/08/22    12,0     16,0
Sodio             142      mEq/L        140      09/08/22    136      145`,
      ['Hemoglobina | 13,1 | g/dL | 12,0 - 16,0', 'Sodio | 142 | mEq/L | 136 - 145'],
    ],
    [
      'percent and absolute under one name, by the units over them',
      `LEUCOGRAMA          %       /mm³      Referência       Referência
Neutrófilos         61,1    4.400     40,0 a 75,0      1.500 a 7.500
Linfócitos          30,2    2.174     20,0 a 45,0      1.000 a 4.500`,
      [
        'Neutrófilos | 61,1 | % | 40,0 a 75,0',
        'Neutrófilos | 4.400 | /mm³ | 1.500 a 7.500',
        'Linfócitos | 30,2 | % | 20,0 a 45,0',
        'Linfócitos | 2.174 | /mm³ | 1.000 a 4.500',
      ],
    ],
    [
      'the unit behind the name, an earlier value behind its date',
      `Haemoglobin (g/L)       132      115 - 165     12/01/22 : 128
Platelets (10*9/L)      250      150 - 450     12/01/22 : 244`,
      ['Haemoglobin | 132 | g/L | 115 - 165', 'Platelets | 250 | 10*9/L | 150 - 450'],
    ],
    [
      'signs before and behind the number',
      `Analyse          Ergebnis      Einheit     Normbereich      Vorwert
Kalium           ++  6,6       mmol/l      3,5 - 5,1        6,7
Natrium          133 -         mmol/l      135 - 145        139`,
      ['Kalium | 6,6 | mmol/l | 3,5 - 5,1 | ++', 'Natrium | 133 | mmol/l | 135 - 145 | -'],
    ],
    [
      'an antibiogram of two isolates, with and without concentrations',
      `                     1) Escherichia coli     2) Enterococcus faecalis
Amoxicillin          R                       S
Nitrofurantoin       S                       S
Ciprofloxacin        R                       -`,
      ['Amoxicillin | R', 'Amoxicillin | S', 'Nitrofurantoin | S', 'Nitrofurantoin | S', 'Ciprofloxacin | R'],
    ],
    [
      'a name cut in its bracket, its limits on the second line',
      `Investigation            Previous     Current
HbA1c (Glycosylated      10.5 %       9.0 %
Haemoglobin)                          4.0 - 5.6
Uric Acid                4.86 mg/dL   4.83 mg/dL
                                      2.60 - 6.00`,
      ['HbA1c (Glycosylated Haemoglobin) | 9.0 | % | 4.0 - 5.6', 'Uric Acid | 4.83 | mg/dL | 2.60 - 6.00'],
    ],
    [
      'a second table of other columns under the heading of the first',
      `                     26/03/2023    25/02/2023
Potassium            4.3           4.1          mmol/L    3.5 - 5.3
Sodium               139           140          mmol/L    135 - 145

Full Blood Count
Haemoglobin          123     g/L        115 - 165
Platelets            191     10*9/L     150 - 450
Red cell count       4.24    10*12/L    3.80 - 5.80`,
      [
        'Potassium | 4.3 | mmol/L | 3.5 - 5.3',
        'Sodium | 139 | mmol/L | 135 - 145',
        'Haemoglobin | 123 | g/L | 115 - 165',
        'Platelets | 191 | 10*9/L | 150 - 450',
        'Red cell count | 4.24 | 10*12/L | 3.80 - 5.80',
      ],
    ],
    [
      'limits behind a label of one letter, which is no flag',
      `Sperm concentration     12      million/mL     N: ≥ 16
Total motility          31      %              N: ≥ 42`,
      ['Sperm concentration | 12 | million/mL | ≥ 16', 'Total motility | 31 | % | ≥ 42'],
    ],
  ])('%s', async (_, page, expected) => {
    expect(inShort(await read(page))).toEqual(expected);
  });

  test('several draws of one day are all current, each at its time', async () => {
    const finding = await read(`Collected 26/03/2023 07:40
                               26/03/2023 07:40   26/03/2023 08:42   26/03/2023 10:44
High sensitivity troponin I    14                 73                 136                ng/L   <16`);
    expect(finding.rows.map(({ value, collected }) => [value.text, collected])).toEqual([
      ['14', '2023-03-26T07:40'],
      ['73', '2023-03-26T08:42'],
      ['136', '2023-03-26T10:44'],
    ]);
  });

  test('a column of times gives each row its own', async () => {
    const finding = await read(`Test              Result   Units   Range   Collected
Troponin T hs     8        ng/L    <14     13/03/2025 08:00
Troponin T hs     48 H     ng/L    <14     13/03/2025 11:00`);
    expect(finding.rows.map(({ value, collected }) => [value.text, collected])).toEqual([
      ['8', '2025-03-13T08:00'],
      ['48', '2025-03-13T11:00'],
    ]);
  });

  test('dates that leave open which column is newest: nothing is taken, and that is said', async () => {
    const finding = await read(`             12/01/2025   10/02/2025   04/03/2025   Units     Range
Sodium       140          139          133 L        mmol/L    135-145
Potassium    4.1          4.0          5.9 H        mmol/L    3.5-5.1`);
    expect(finding.rows).toEqual([]);
    expect(finding.unread.map(({ reason }) => reason)).toEqual(['only-previous-value', 'only-previous-value']);
  });

  test('limits in the place of a value are none', async () => {
    const finding = await read(`Test         Result       Units    Previous
Sodium       135 - 145    mmol/L   139`);
    expect(finding.rows).toEqual([]);
    expect(finding.unread).toHaveLength(1);
  });

  test('method and specimen of a block are those of its result', async () => {
    const finding = await read(`GLICOSE
Material: Soro        Método: Enzimático
Resultado: 92 mg/dL
Valores de Referência: 70 a 99 mg/dL
Resultado anterior (12/01/2024): 98 mg/dL`);
    expect(finding.rows).toHaveLength(1);
    expect(finding.rows[0]).toMatchObject({ name: 'GLICOSE', method: 'Enzimático', value: { text: '92' } });
  });
});
