import { describe, expect, test } from '@jest/globals';
import type { ImagingStudy } from '@medplum/fhirtypes';
import { candidates, timeline } from '../../../src/analyses/chest-xray-comparison/pair.ts';

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

const nobody = {
  patient: { resourceType: 'Patient' as const, id: 'p' },
  reports: [],
  documents: [],
  observations: [],
  studies: [],
};

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

  test.each([
    [
      'DR in the clothing of CR, without a body part',
      { description: 'Thorax pa liegend' },
      { modality: { code: 'CR' } },
    ],
    ['accents and another language', { description: 'Radiografía de TÓRAX, frente' }, {}],
    ['what was ordered', { basedOn: [{ display: 'Chest X-ray, portable' }] }, {}],
    [
      'the order within it',
      {
        contained: [
          {
            resourceType: 'ServiceRequest' as const,
            status: 'active' as const,
            intent: 'order' as const,
            subject: { reference: 'Patient/p' },
            code: { coding: [{ code: '36554-4' }] },
          },
        ],
      },
      {},
    ],
  ])('a chest film is known by %s', (_name, more, series) => {
    expect(pairOf(study('new', '2026-03-02', more, [series]), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('a chest film is known by its order, wherever that is kept', () => {
    const [found] = candidates({
      ...nobody,
      studies: [
        study('new', '2026-03-02', { basedOn: [{ reference: 'ServiceRequest/o1' }] }, [{}]),
        study('hand', '2026-03-03', { basedOn: [{ reference: 'ServiceRequest/o2' }] }, [{}]),
        chest('old', '2026-03-01'),
      ],
      orders: ['XR chest 1 view', 'XR hand left'].map((text, n) => ({
        resourceType: 'ServiceRequest',
        id: `o${n + 1}`,
        status: 'completed',
        intent: 'order',
        subject: { reference: 'Patient/p' },
        code: { text },
      })),
    });
    expect(found?.subject.reference).toBe('ImagingStudy/new');
  });

  test('a chest film is known by the report about it', () => {
    const [found] = candidates({
      ...nobody,
      studies: [study('new', '2026-03-02', {}, [{}]), chest('old', '2026-03-01')],
      reports: [
        {
          resourceType: 'DiagnosticReport',
          status: 'final',
          code: { text: 'XR CHEST 1 VIEW' },
          imagingStudy: [{ reference: 'https://ehr.test/fhir/ImagingStudy/new' }],
        },
      ],
    });
    expect(found?.subject.reference).toBe('ImagingStudy/new');
  });

  test('a study without series beside its report is a film, not a report', () => {
    const bare = { ...study('new', '2026-03-02', { modality: [{ code: 'CR' }] }), series: [] };
    const [found] = candidates({
      ...nobody,
      studies: [bare, chest('old', '2026-03-01')],
      reports: [
        {
          resourceType: 'DiagnosticReport',
          status: 'final',
          code: { text: 'Chest X-ray report' },
          imagingStudy: [{ reference: 'ImagingStudy/new' }],
        },
      ],
    });
    expect(found?.subject.reference).toBe('ImagingStudy/new');
  });

  test.each([
    'Chest PA inverted',
    'Chest AP, bone suppression',
    'CHEST soft tissue only',
    'Chest for processing',
    'Thorax reprocessed',
    'CXR tube line enhanced',
    'Chest screen save',
  ])('made from a film: "%s"', (description) => {
    expect(
      pairOf(chest('x', '2026-03-05', description), chest('new', '2026-03-02'), chest('old', '2026-03-01')),
    ).toEqual(['new', 'old']);
  });

  test.each([
    ['for processing', '1.2.840.10008.5.1.4.1.1.1.1.1'],
    ['a structured report', '1.2.840.10008.5.1.4.1.1.88.11'],
    ['a presentation state', 'urn:oid:1.2.840.10008.5.1.4.1.1.11.1'],
  ])('instances that are %s', (_name, code) => {
    const made = study('x', '2026-03-05', {}, [
      { description: 'Chest PA', instance: [{ uid: '1.2.3', sopClass: { code } }] },
    ]);
    expect(pairOf(made, chest('new', '2026-03-02'), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('a film beside its derived copies stays a film', () => {
    const both = study('new', '2026-03-05', {}, [
      { description: 'Chest PA', started: '2026-03-05T08:10:00Z' },
      { description: 'Chest PA inverted', started: '2026-03-05T08:00:00Z' },
      { description: 'Chest lateral' },
    ]);
    expect(pairOf(both, chest('old', '2026-03-01'))).toEqual(['new', 'old']);
    const [found] = candidates({ ...nobody, studies: [both, chest('old', '2026-03-01')] });
    // the time of the frontal, acquired series
    expect(found?.date).toBe('2026-03-05T08:10:00Z');
  });

  test('acquisition counts, not the beginning of the study', () => {
    const late = study('late', '2026-03-01T08:00:00Z', {}, [
      { description: 'Chest AP', started: '2026-03-06T08:00:00Z' },
    ]);
    expect(pairOf(late, chest('mid', '2026-03-03'), chest('old', '2026-03-01'))).toEqual(['late', 'mid']);
  });

  test('another patient in the same bundle is left out', () => {
    const foreign = { ...chest('x', '2026-03-05'), subject: { reference: 'Patient/other' } };
    expect(pairOf(foreign, chest('new', '2026-03-02'), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('one study written twice is one film, whatever the clocks say', () => {
    const identifier = [{ system: 'urn:dicom:uid', value: 'urn:oid:2.25.7' }];
    const twice = [
      { ...chest('ehr', '2026-03-05T09:00:00Z'), identifier },
      { ...chest('pacs', '2026-03-05T08:00:00Z'), identifier },
    ];
    expect(pairOf(...twice, chest('old', '2026-03-01'))).toEqual(['ehr', 'old']);
    expect(pairOf(...twice)).toBeUndefined();
  });

  test('one side only is compared with nothing while whole films are there', () => {
    const side = study('side', '2026-03-05', {}, [{ description: 'Chest PA', laterality: { code: '7771000' } }]);
    expect(pairOf(side, chest('new', '2026-03-02'), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('a study whose words say lateral and whose series say nothing is lateral', () => {
    const lateral = study('x', '2026-03-05', { description: 'XR chest lateral' }, [{}]);
    expect(pairOf(lateral, chest('new', '2026-03-02'), chest('old', '2026-03-01'))).toEqual(['new', 'old']);
  });

  test('a film of which nobody says what it shows is tried against a known one, and hides no known pair', () => {
    const silent = study('silent', '2026-03-05', {}, [{ modality: { code: 'CR' } }]);
    const chart = { ...nobody, studies: [silent, chest('new', '2026-03-02'), chest('old', '2026-03-01')] };
    expect(candidates(chart).map(({ subject }) => subject.reference)).toEqual([
      'ImagingStudy/silent',
      'ImagingStudy/new',
    ]);
    expect(candidates(chart)[0]!.companions[0]!.reference).toBe('ImagingStudy/new');
    // two of them are no pair
    expect(pairOf(silent, { ...silent, id: 'silent-2', started: '2026-02-01' })).toBeUndefined();
  });

  test('the window is shorter at the bedside, and both are settings', () => {
    const portable = chest('new', '2026-03-02', 'Portable chest AP');
    const old = chest('old', '2024-06-01');
    expect(pairOf(portable, old)).toBeUndefined();
    expect(pairOf(chest('new', '2026-03-02'), old)).toEqual(['new', 'old']);
    const chart = { ...nobody, studies: [portable, old] };
    expect(candidates(chart, { bedsideWindowDays: 1000 })).toHaveLength(1);
    expect(candidates(chart, { bedsideWindowDays: 1000, windowDays: 100 })).toHaveLength(0);
  });

  test('twenty priors at once: one pair, a timeline of twenty, newest first', () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      chest(`p${n}`, `2026-01-${String(1 + (n % 28)).padStart(2, '0')}T${String(n % 24).padStart(2, '0')}:30:00Z`),
    );
    const studies = [...many, chest('now', '2026-03-02')];
    expect(candidates({ ...nobody, studies })).toHaveLength(1);
    const line = timeline({ studies, reports: [] }, 'now');
    expect(line).toHaveLength(20);
    expect(line.map(({ instant }) => instant)).toEqual(line.map(({ instant }) => instant).toSorted((a, b) => b - a));
    expect(timeline({ studies, reports: [] }, 'nobody')).toEqual([]);
  });

  test('one film alone, or none, is nothing to compare', () => {
    expect(pairOf(chest('only', '2026-03-02'))).toBeUndefined();
    expect(pairOf()).toBeUndefined();
  });
});
