import { describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import { calibrated } from '../../../src/analyses/lab-report/confidence.ts';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { guards } from '../../../src/analyses/lab-report/guards.ts';
import { contradicted } from '../../../src/analyses/lab-report/identities.ts';
import type { LabInput } from '../../../src/analyses/lab-report/input.ts';
import { comparePatient } from '../../../src/analyses/lab-report/same-patient.ts';
import type { PagedDocument } from '../../../src/documents/page.ts';
import { documentOf, textPage } from './support.ts';

const text = 'Potassium   6.8   mmol/L';
const row: LabRow = {
  item: 'potassium.0',
  name: 'Potassium',
  value: { kind: 'quantity', text: '6.8', number: 6.8 },
  unit: 'mmol/L',
  ucum: 'mmol/L',
  page: 1,
  boxes: { name: [0, 0, 9, 1], value: [12, 0, 15, 1], unit: [18, 0, 24, 1] },
  confidence: 0.9,
  issues: [],
};
const { signal } = new AbortController();

const finding = (...rows: readonly LabRow[]): LabFinding => ({
  document: { decimal: 'dot', patient: {}, caveats: [] },
  rows,
  unread: [],
});

async function run(given: LabFinding, input: LabInput = { document: documentOf(textPage(text)) }) {
  let kept = given;
  for (const guard of guards) {
    const next = await guard(kept, input, signal);
    if (isAbstention(next)) return next;
    kept = next;
  }
  return kept;
}

const reasons = async (given: LabFinding, document?: PagedDocument) => {
  const other: LabRow = { ...row, item: 'other.0' };
  const kept = await run({ ...given, rows: [...given.rows, other] }, document ? { document } : undefined);
  return isAbstention(kept) ? [kept.reason] : kept.unread.map(({ reason }) => reason);
};

describe('a row', () => {
  test('that stands on the page passes unchanged', async () => {
    const confidence = calibrated(row, { scan: false });
    expect(await run(finding(row))).toEqual(finding({ ...row, confidence }));
  });

  test('whose value does not stand in its box is dropped with the reason', async () => {
    expect(await reasons(finding({ ...row, value: { ...row.value, text: '8.6', number: 8.6 } }))).toEqual([
      'value-not-on-page',
    ]);
    expect(await reasons(finding({ ...row, boxes: { ...row.boxes, value: [30, 0, 33, 1] } }))).toEqual([
      'value-not-on-page',
    ]);
    expect(await reasons(finding({ ...row, name: 'Sodium' }))).toEqual(['name-not-on-page']);
    expect(await reasons(finding({ ...row, page: 3 }))).toEqual(['page-unknown']);
  });

  test('whose number is not the printed one is dropped', async () => {
    expect(await reasons(finding({ ...row, value: { ...row.value, number: 6.9 } }))).toEqual(['number-not-as-printed']);
  });

  test('with a unit that is no UCUM keeps its print only', async () => {
    const kept = (await run(finding({ ...row, ucum: 'mmol per L' }))) as LabFinding;
    expect(kept.rows[0]).toMatchObject({ unit: 'mmol/L', issues: ['unit-unknown'] });
    expect(kept.rows[0]?.ucum).toBeUndefined();
  });

  test('whose limits contradict its printed flag keeps them as text', async () => {
    const high = { ...row, flag: { text: 'HIGH', code: 'H' }, flagDerived: 'L' };
    const kept = (await run(finding({ ...high, range: { text: '35 - 51', low: 35, high: 51 } }))) as LabFinding;
    expect(kept.rows[0]).toMatchObject({ range: { text: '35 - 51' }, issues: ['limits-contradict-flag'] });
    expect(kept.rows[0]?.range).not.toHaveProperty('low');
    expect(kept.rows[0]?.flagDerived).toBeUndefined();
    const right = { ...high, range: { text: '3.5 - 5.1', low: 3.5, high: 5.1 } };
    expect(((await run(finding(right))) as LabFinding).rows[0]).toEqual({
      ...right,
      confidence: calibrated(right, { scan: false }),
    });
  });

  test('with a value that no living patient has is dropped', async () => {
    const document = documentOf(textPage('Potassium   680   mmol/L\nPotassium   6.8   mmol/L'));
    const wild = { ...row, value: { kind: 'quantity' as const, text: '680', number: 680 } };
    const below: LabRow = { ...row, item: 'b.0', boxes: { name: [0, 1, 9, 2], value: [12, 1, 15, 2] } };
    const kept = (await run(finding(wild, below), { document })) as LabFinding;
    expect(kept.rows.map(({ item }) => item)).toEqual(['b.0']);
    expect(kept.unread[0]?.reason).toBe('implausible');
  });

  test('of a scan whose decimal sign is lost beside a range that has one is dropped', async () => {
    const page = { ...textPage('Sodium   1400   136.5 - 145.5\nPotassium   6.8   mmol/L'), source: 'ocr' as const };
    const lost: LabRow = {
      ...row,
      item: 'lost.0',
      name: 'Sodium',
      unit: undefined,
      ucum: undefined,
      value: { kind: 'quantity', text: '1400', number: 1400 },
      range: { text: '136.5 - 145.5', low: 136.5, high: 145.5 },
      boxes: { name: [0, 0, 6, 1], value: [9, 0, 13, 1] },
    };
    const below: LabRow = { ...row, boxes: { name: [0, 1, 9, 2], value: [12, 1, 15, 2] } };
    const kept = (await run(finding(lost, below), { document: documentOf(page) })) as LabFinding;
    expect(kept.unread[0]?.reason).toBe('decimal-sign-doubtful');
  });

  test('nothing left is an abstention, not an empty result', async () => {
    expect(await run(finding())).toMatchObject({ outcome: 'abstention', reason: 'no-result-rows' });
    expect(await run(finding({ ...row, confidence: 0.1 }))).toMatchObject({ reason: 'no-result-rows' });
  });
});

test('results that contradict each other are flagged, never changed', async () => {
  const blood = (item: string, loinc: string, number: number, ucum: string): LabRow => ({
    ...row,
    item,
    loinc,
    ucum,
    value: { kind: 'quantity', text: String(number), number },
  });
  const rows = (hematocrit: number) => [
    blood('hct', '4544-3', hematocrit, '%'),
    blood('rbc', '789-8', 4.5, '10*6/uL'),
    blood('mcv', '787-2', 90, 'fL'),
  ];
  expect([...contradicted(rows(40.5))]).toEqual([]);
  expect([...contradicted(rows(45.5))].sort()).toEqual(['hct', 'mcv', 'rbc']);
});

describe('the patient', () => {
  const chart: Patient = {
    resourceType: 'Patient',
    name: [{ family: 'Müller-Sørensen', given: ['Élodie', 'Anne'] }],
    birthDate: '1961-11-04',
    identifier: [{ value: 'A-40312' }],
  };

  test.each([
    [{ name: 'MUELLER-SORENSEN, ELODIE', birthDate: '1961-11-04' }, 'same'],
    [{ name: 'Elodie A. Müller', birthDate: '1961-11-04' }, 'same'],
    [{ name: 'E. Müller-Sorensen' }, 'same'],
    [{ birthDate: '1961-11-04' }, 'same'],
    [{ name: 'Elodie Müller', birthDate: '1961-04-11' }, 'same'],
    [{ name: 'Elodie Müller', birthDate: '1962-11-04' }, 'other'],
    [{ name: 'Victor Petrov', birthDate: '1961-11-04' }, 'other'],
    [{ name: 'Victor Petrov' }, 'other'],
    [{ identifier: 'a40312' }, 'same'],
    [{ identifier: 'OUTSIDE-7' }, 'unproven'],
    [{ name: 'Elodie Weber' }, 'unproven'],
    [{}, 'unproven'],
    [{ name: 'Dr. med. Elodie MUELLER SOERENSEN', birthDate: '1961-11-04' }, 'same'],
    [{ name: 'Sørensen Müller Élodie' }, 'same'],
    [{ name: 'Frau Müller-Sörensen, Elodie A.' }, 'same'],
    // 04/11 or 11/04 on a page that names nobody: nothing is proven, nothing refuted.
    [{ birthDate: '1961-04-11' }, 'unproven'],
    [{ name: 'Elodie Weber', birthDate: '1961-04-11' }, 'other'],
    [{ name: 'Elodie Müller', birthDate: '2061-11-04' }, 'same'],
    [{ name: 'Elodie Müller', birthDate: '1961-11-04', identifier: 'OTHER-SYSTEM-9' }, 'same'],
    [{ name: 'Elodie Müller', birthDate: '1971-11-04', identifier: 'A-40312' }, 'other'],
    [{ name: 'Victor Petrov', identifier: 'A-40312' }, 'unproven'],
    [{ name: 'Baby of Elodie Müller' }, 'other'],
    [{ name: 'B/O Müller-Sørensen, Elodie', birthDate: '2026-11-01' }, 'other'],
  ] as const)('%j is %s', (printed, expected) => {
    expect(comparePatient(printed, chart)).toBe(expected);
  });

  test('particles are not names', () => {
    const cruz: Patient = { resourceType: 'Patient', name: [{ family: 'de la Cruz', given: ['María'] }] };
    expect(comparePatient({ name: 'Juan de la Rosa' }, cruz)).toBe('other');
    expect(comparePatient({ name: 'Maria de la Rosa' }, cruz)).toBe('unproven');
    expect(comparePatient({ name: 'CRUZ MARIA DE LA' }, cruz)).toBe('same');
    expect(comparePatient({ name: 'Cruz' }, { resourceType: 'Patient', name: [{ text: 'María de la Cruz' }] })).toBe(
      'unproven',
    );
  });

  test('a newborn is printed by the mother’s name', () => {
    const baby: Patient = {
      resourceType: 'Patient',
      name: [{ family: 'Weber', given: ['Baby Girl'] }],
      birthDate: '2026-11-01',
    };
    const named: Patient = { ...baby, name: [{ family: 'Weber', given: ['Lina'] }] };
    expect(comparePatient({ name: 'Baby of Anna Weber', birthDate: '2026-11-01' }, baby)).toBe('same');
    expect(comparePatient({ name: 'Baby of Anna Weber', birthDate: '2026-11-01' }, named)).toBe('same');
    expect(comparePatient({ name: 'Baby of Anna Weber' }, named)).toBe('unproven');
    expect(comparePatient({ name: 'Baby of Anna Weber', birthDate: '2026-10-01' }, named)).toBe('other');
  });

  test('of another kind than the first is an abstention: two patients in one file', async () => {
    const two = {
      ...finding(row),
      document: {
        ...finding().document,
        patient: { name: 'Elodie Müller', others: [{ name: 'Victor Petrov', page: 2 }] },
      },
    };
    expect(await run(two, { document: documentOf(textPage(text)), patient: chart })).toMatchObject({
      reason: 'several-patients',
    });
    expect(await run(two)).toMatchObject({ reason: 'several-patients' });
  });

  test('another one is an abstention before anything else is looked at', async () => {
    const other = {
      ...finding(row),
      document: { ...finding().document, patient: { name: 'Victor Petrov', birthDate: '1950-01-01' } },
    };
    expect(await run(other, { document: documentOf(textPage(text)), patient: chart })).toMatchObject({
      outcome: 'abstention',
      reason: 'patient-mismatch',
    });
  });
});
