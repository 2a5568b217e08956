import { describe, expect, test } from '@jest/globals';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { physically } from '../../../src/analyses/lab-report/plausibility.ts';
import { findingOf, rowOf } from './rows.ts';
import { documentOf, textPage } from './support.ts';

const { signal } = new AbortController();
const page = textPage('x');
const scan = { document: documentOf({ ...page, source: 'ocr' as const }) };
const text = { document: documentOf(page) };
const limited = (printed: string, range: string, more: Partial<LabRow> = {}): LabRow => {
  const [low, high] = range.split(' - ').map(Number);
  return rowOf(printed, { range: { text: range, low, high }, ...more });
};

async function refused(rows: readonly LabRow[], input = scan) {
  const finding = (await physically(findingOf(rows), input, signal)) as LabFinding;
  return finding.unread.map(({ text: said, reason }) => `${said.replace('  ', ' ')}: ${reason}`);
}

describe('a value', () => {
  test('that no living patient has is refused, in its own unit and specimen', async () => {
    const rows = [
      rowOf('Potassium 680 mmol/L'),
      rowOf('Hemoglobin 140 g/dL'),
      rowOf('Creatinine 88 mg/dL'),
      rowOf('Sodium 14 mmol/L'),
    ];
    expect(await refused(rows, text)).toEqual(rows.map(({ name, value }) => `${name} ${value.text}: implausible`));
    expect(await refused([rowOf('Hemoglobin 140 g/L'), rowOf('Creatinine 88 umol/L')], text)).toEqual([]);
  });

  test('of urine is not measured against blood, a limit of the method not at all', async () => {
    const urine = (printed: string) => rowOf(printed, { specimen: 'Urine' });
    expect(
      await refused([urine('Sodium 57 mmol/L'), urine('Creatinine 135.9 mg/dL'), rowOf('Glucose <2 mg/dL')], text),
    ).toEqual([]);
  });
});

describe('on a scan', () => {
  test('a number beyond limits that have a decimal sign has lost its own', async () => {
    expect(await refused([limited('Total protein 71 g/dL', '6.4 - 8.3', { ucum: undefined })])).toEqual([
      'Total protein 71: decimal-sign-doubtful',
    ]);
    expect(await refused([limited('Total protein 71 g/dL', '6.4 - 8.3', { ucum: undefined })], text)).toEqual([]);
  });

  test('limits ten times what is usual have lost theirs, and the value with them', async () => {
    expect(await refused([limited('WBC 118 10*3/uL', '40 - 110')])).toEqual(['WBC 118: decimal-sign-doubtful']);
    expect(await refused([rowOf('WBC 118 10*3/uL')])).toEqual(['WBC 118: decimal-sign-doubtful']);
    expect(await refused([limited('WBC 118 10*3/uL', '4.0 - 11.0')])).toHaveLength(1);
    expect(await refused([limited('WBC 11 10*3/uL', '4 - 11')])).toEqual([]);
  });

  test('one lost sign does not refuse the page: what has no decimals stays', async () => {
    const rows = [
      limited('Potassium 45 mmol/L', '3.5 - 5.1', { ucum: undefined }),
      limited('Sodium 140 mmol/L', '136 - 145'),
      limited('Glucose 95 mg/dL', '70 - 99'),
      limited('Platelets 250 10*3/uL', '150 - 400'),
      limited('Hemoglobin 13.2 g/dL', '12.0 - 16.0'),
    ];
    expect(await refused(rows)).toEqual(['Potassium 45: decimal-sign-doubtful']);
  });

  test('of a test that nobody knows it cannot be told then, and of a page that loses many nothing without a sign is believed', async () => {
    const lost = (name: string) => limited(`${name} 45 mmol/L`, '3.5 - 5.1', { ucum: undefined });
    const unknown = limited('Foobarin 118 U/L', '40 - 110');
    expect(await refused([unknown])).toEqual([]);
    expect(await refused([unknown, lost('Potassium')])).toHaveLength(2);
    const many = [lost('Potassium'), lost('Calcium'), lost('Phosphate'), limited('Sodium 140 mmol/L', '136 - 145')];
    expect(await refused(many)).toHaveLength(4);
  });
});
