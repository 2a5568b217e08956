import { describe, expect, test } from '@jest/globals';
import type { ImagingStudy } from '@medplum/fhirtypes';
import { candidates } from '../../../src/analyses/chest-xray-comparison/pair.ts';

type Series = NonNullable<ImagingStudy['series']>[number];

function study(
  id: string,
  started: string | undefined,
  more: Partial<ImagingStudy> = {},
  series: Partial<Series>[] = [],
) {
  const full: ImagingStudy = {
    resourceType: 'ImagingStudy',
    id,
    meta: { versionId: `v-${id}` },
    status: 'available',
    subject: { reference: 'Patient/p' },
    ...(started ? { started } : {}),
    series: series.map((one, n) => ({ uid: `1.2.${n}`, modality: { code: 'DX' }, ...one })),
    ...more,
  };
  return full;
}

const chest = (id: string, started: string, description = 'Chest PA') => study(id, started, {}, [{ description }]);

function pairOf(...studies: ImagingStudy[]): readonly string[] | undefined {
  const [found] = candidates({
    patient: { resourceType: 'Patient', id: 'p' },
    reports: [],
    documents: [],
    observations: [],
    studies,
  });
  return found && [found.subject.reference, found.companions[0]!.reference].map((one) => one.split('/')[1]!);
}

describe('finding the pair', () => {
  test('the newest film with the latest before it, whatever their order in the chart, with both versions', () => {
    const chart = [chest('b', '2026-03-02T09:00:00Z'), chest('c', '2026-03-09T09:00:00Z'), chest('a', '2026-02-01')];
    expect(pairOf(...chart)).toEqual(['c', 'b']);
    const [found] = candidates({
      patient: { resourceType: 'Patient', id: 'p' },
      reports: [],
      documents: [],
      observations: [],
      studies: chart,
    });
    expect(found!.subject.version).toBe('v-c');
    expect(found!.companions).toEqual([{ role: 'prior', reference: 'ImagingStudy/b', version: 'v-b' }]);
    expect(found!.date).toBe('2026-03-09T09:00:00Z');
  });

  test('times are compared as instants, not as text', () => {
    expect(pairOf(chest('early', '2026-03-02T23:30:00-05:00'), chest('late', '2026-03-03T05:00:00Z'))).toEqual([
      'late',
      'early',
    ]);
  });

  test.each([
    ['code of the procedure', { procedureCode: [{ coding: [{ code: '36643-5' }] }] }, {}],
    ['display of the procedure', { procedureCode: [{ coding: [{ display: 'XR Chest 2 Views' }] }] }, {}],
    ['description of the study', { description: 'RX TORAX AP/LAT' }, { description: 'AP' }],
    ['body site of the series', {}, { bodySite: { code: '51185008' } }],
    ['description of the series', {}, { description: 'CXRPortable' }],
    ['another modality code', {}, { description: 'Thorax ap', modality: { code: 'CR' } }],
    ['no modality at all', {}, { description: 'chest frontal', modality: undefined as never }],
  ])('a chest film is known by the %s', (_name, more, series) => {
    expect(pairOf(study('new', '2026-03-02', more, [series]), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test.each([
    ['another body part', study('x', '2026-03-05', {}, [{ description: 'Left knee AP' }])],
    [
      'another body part beside a chest procedure',
      study('x', '2026-03-05', { description: 'Chest' }, [{ description: 'Abdomen' }]),
    ],
    ['a chest CT', study('x', '2026-03-05', { description: 'CT chest' }, [{ modality: { code: 'CT' } }])],
    ['a derived series', study('x', '2026-03-05', {}, [{ description: 'Chest PA bone suppressed' }])],
    ['a study that is entered in error', { ...chest('x', '2026-03-05'), status: 'entered-in-error' as const }],
    ['a study without a date', study('x', undefined, {}, [{ description: 'Chest PA' }])],
    ['a lateral film', chest('x', '2026-03-05', 'Chest lateral')],
  ])('%s is left out', (_name, other) => {
    expect(pairOf(other, chest('new', '2026-03-02'), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('two studies of one minute are one date', () => {
    expect(
      pairOf(
        chest('a', '2026-03-02T09:00:40Z'),
        chest('b', '2026-03-02T09:00:10Z'),
        chest('old', '2026-03-01T09:00:00Z'),
      ),
    ).toEqual(['a', 'old']);
  });

  test('a prior outside the window is none', () => {
    expect(pairOf(chest('new', '2026-03-02'), chest('old', '2021-03-01'))).toBeUndefined();
    expect(
      candidates(
        {
          patient: { resourceType: 'Patient', id: 'p' },
          reports: [],
          documents: [],
          observations: [],
          studies: [chest('new', '2026-03-02'), chest('old', '2026-02-20')],
        },
        { windowDays: 7 },
      ),
    ).toEqual([]);
  });

  test('one frontal film and a newer lateral one are paired, so that somebody is told why it is refused', () => {
    expect(pairOf(chest('lateral', '2026-03-05', 'Chest, left lateral'), chest('old', '2026-03-01'))).toEqual([
      'lateral',
      'old',
    ]);
  });

  test('one film alone, or none, is nothing to compare', () => {
    expect(pairOf(chest('only', '2026-03-02'))).toBeUndefined();
    expect(pairOf()).toBeUndefined();
  });
});
