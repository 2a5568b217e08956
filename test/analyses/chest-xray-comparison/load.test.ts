import { afterAll, describe, expect, test } from '@jest/globals';
import type { DocumentReference, ImagingStudy, Patient } from '@medplum/fhirtypes';
import { isAbstention, type LoadWorld } from '../../../src/analyses/analysis.ts';
import { chestXrayComparison } from '../../../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput } from '../../../src/analyses/chest-xray-comparison/input.ts';
import { IntervalError } from '../../../src/errors.ts';
import type { FhirClient } from '../../../src/fhir/client.ts';
import { createDecoder } from '../../../src/imaging/decoder.ts';
import { film } from '../../support/film.ts';

const decoder = createDecoder();
const analysis = chestXrayComparison({ decoder });
afterAll(() => decoder.close());

const patient: Patient = {
  resourceType: 'Patient',
  id: 'p',
  identifier: [{ value: 'P1' }],
  name: [{ family: 'Synthetic', given: ['Sam'] }],
};

type Header = Parameters<typeof film>[1] extends infer Options ? NonNullable<Options> : never;

/** A study with its DICOM files in Binary resources. */
function study(id: string, started: string, files: readonly Uint8Array[], versionId = '1') {
  const resource: ImagingStudy = {
    resourceType: 'ImagingStudy',
    id,
    meta: { versionId },
    status: 'available',
    subject: { reference: 'Patient/p' },
    started,
    identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:2.25.${id === 'cur' ? 2 : 1}` }],
    series: [{ uid: '2.25.9', modality: { code: 'DX' } }],
  };
  const documents = files.map<DocumentReference>((_, n) => ({
    resourceType: 'DocumentReference',
    status: 'current',
    content: [{ attachment: { contentType: 'application/dicom', url: `Binary/${id}-${n}` } }],
    context: { related: [{ reference: `ImagingStudy/${id}` }] },
  }));
  return { resource, documents, files };
}

function worldOf(studies: readonly ReturnType<typeof study>[], more: Partial<LoadWorld> = {}): LoadWorld {
  const of = (id: string) => studies.find(({ resource }) => resource.id === id);
  const source = {
    base: 'https://ehr.test/fhir',
    read: async (type: string, id: string) => {
      const found = type === 'ImagingStudy' ? of(id)?.resource : undefined;
      if (!found) {
        throw new IntervalError('fhir-gone', 'Gone.');
      }
      return found;
    },
    search: async (_type: string, query: Record<string, string>) =>
      of(query.related?.split('/')[1] ?? '')?.documents ?? [],
    binary: async (url: string) => {
      const [, id, n] = /^Binary\/(\w+)-(\d)$/.exec(url)!;
      return { bytes: of(id!)!.files[Number(n)]!, contentType: 'application/dicom' };
    },
  } as unknown as FhirClient;
  return {
    source,
    dicomweb: () => undefined,
    timeZone: 'Europe/Berlin',
    signal: new AbortController().signal,
    ...more,
  };
}

/** One DICOM file with a header of this test's making. */
function file(uid: string, { attributes, ...header }: { readonly [key: string]: unknown } = {}): Uint8Array {
  const base = {
    sopInstanceUid: `${uid}.3`,
    studyInstanceUid: uid,
    seriesInstanceUid: `${uid}.2`,
    patientId: 'P1',
    patientName: 'Synthetic^Sam',
  };
  return film(3, { side: 256, header: { ...base, ...header }, attributes } as Header);
}

const candidate = {
  subject: { reference: 'ImagingStudy/cur', version: '1' },
  companions: [{ role: 'prior', reference: 'ImagingStudy/pri', version: '1' }],
};
const prior = study('pri', '2026-03-01T10:00:00Z', [file('2.25.1', { acquired: '2026-03-01T11:00:00' })]);
const current = study('cur', '2026-03-08T10:00:00Z', [file('2.25.2', { acquired: '2026-03-08T11:00:00' })]);

async function reasonOf(world: LoadWorld): Promise<string | undefined> {
  const loaded = await analysis.load(candidate, patient, world);
  return isAbstention(loaded) ? loaded.reason : undefined;
}

describe('loading a pair', () => {
  test('from Binary, with what the chart says of both', async () => {
    const loaded = (await analysis.load(candidate, patient, worldOf([prior, current]))) as ComparisonInput;
    expect(loaded.prior.radiograph.header.studyInstanceUid).toBe('2.25.1');
    expect(loaded.current.radiograph.header.studyInstanceUid).toBe('2.25.2');
    expect(loaded.current.started).toBe('2026-03-08T10:00:00Z');
    expect(loaded.current.radiograph.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(loaded.patient?.identifiers).toEqual(['P1', 'p']);
  });

  test('the frontal film of each study is chosen, whatever lies beside it, and nothing else is decoded', async () => {
    let decoded = 0;
    const counting = {
      ...decoder,
      decode: (...given: Parameters<typeof decoder.decode>) => {
        decoded++;
        return decoder.decode(...given);
      },
    };
    const own = chestXrayComparison({ decoder: counting });
    const many = study('cur', '2026-03-08T10:00:00Z', [
      file('2.25.2', { viewPosition: 'LL', sopInstanceUid: '2.25.2.7' }),
      file('2.25.2', { imageType: ['DERIVED', 'SECONDARY'], sopInstanceUid: '2.25.2.8' }),
      Uint8Array.from({ length: 200 }),
      file('2.25.2', { viewPosition: 'PA', sopInstanceUid: '2.25.2.9' }),
    ]);
    const loaded = (await own.load(candidate, patient, worldOf([prior, many]))) as ComparisonInput;
    expect(loaded.current.radiograph.header.sopInstanceUid).toBe('2.25.2.9');
    expect(decoded).toBe(2);
  });

  test('the next one is taken where the likeliest cannot be decoded', async () => {
    const damaged = file('2.25.2', { viewPosition: 'PA', attributes: { BitsAllocated: 24 } });
    const both = study('cur', '2026-03-08T10:00:00Z', [damaged, file('2.25.2', { viewPosition: 'LL' })]);
    expect(await reasonOf(worldOf([prior, both]))).toBe('view-lateral');
    const one = study('cur', '2026-03-08T10:00:00Z', [damaged]);
    await expect(analysis.load(candidate, patient, worldOf([prior, one]))).rejects.toMatchObject({
      code: 'dicom-decode-failed',
    });
  });

  test.each([
    ['patient-mismatch', { patientName: 'Elsewhere^Ludmila', patientId: 'X9' }],
    ['view-lateral', { viewPosition: 'LL' }],
    ['not-a-chest', { bodyPartExamined: 'KNEE' }],
    ['time-order', { acquired: '2026-02-01T08:00:00' }],
    ['view-lateral', { attributes: { PatientOrientation: ['A', 'F'] } }],
    ['view-mirrored', { attributes: { PatientOrientation: ['R', 'F'] } }],
    ['view-mirrored', { attributes: { PatientOrientation: ['L', 'H'] } }],
  ])('abstains with %s before anything is read', async (reason, header) => {
    expect(await reasonOf(worldOf([prior, study('cur', '2026-03-08T10:00:00Z', [file('2.25.2', header)])]))).toBe(
      reason,
    );
  });

  test.each([
    ['for processing', { PresentationIntentType: 'FOR PROCESSING' }],
    ['inverted', { SeriesDescription: 'Chest PA inverted' }],
    ['bones suppressed', { DerivationDescription: 'Bone suppressed' }],
  ])('what was made from a film (%s) is never read, alone or beside it', async (_name, attributes) => {
    const made = file('2.25.2', { acquired: '2026-03-08T10:00:00', sopInstanceUid: '2.25.2.4', attributes });
    const alone = study('cur', '2026-03-08T10:00:00Z', [made]);
    await expect(analysis.load(candidate, patient, worldOf([prior, alone]))).rejects.toMatchObject({
      code: 'study-incomplete',
    });
    const both = study('cur', '2026-03-08T10:00:00Z', [made, ...current.files]);
    const loaded = (await analysis.load(candidate, patient, worldOf([prior, both]))) as ComparisonInput;
    expect(loaded.current.radiograph.header.sopInstanceUid).toBe('2.25.2.3');
  });

  test.each([
    ['its orientation', { PatientOrientation: ['L', 'F'], PresentationIntentType: 'FOR PRESENTATION' }],
    [
      'that it was processed, as every film is',
      { ImageType: ['DERIVED', 'PRIMARY', 'POST_PROCESSED'], DerivationDescription: 'Processed, edge enhanced' },
    ],
  ])('a film that says %s is read', async (_name, attributes) => {
    const said = study('cur', '2026-03-08T10:00:00Z', [file('2.25.2', { attributes })]);
    expect(await reasonOf(worldOf([prior, said]))).toBeUndefined();
  });

  test('a film without contrast, and one of absurd size, is refused with a code', async () => {
    const flat = new Uint16Array(256 * 256).fill(700);
    const blank = film(3, {
      image: { width: 256, height: 256, data: flat },
      header: {
        sopInstanceUid: '2.25.2.3',
        studyInstanceUid: '2.25.2',
        seriesInstanceUid: '2.25.2.2',
        patientId: 'P1',
      },
    });
    expect(await reasonOf(worldOf([prior, study('cur', '2026-03-08T10:00:00Z', [blank])]))).toBe('image-blank');
    const huge = Uint8Array.from(current.files[0]!);
    const at = Buffer.from(huge.buffer).indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53]));
    huge.set([0xff, 0xff], at + 8);
    huge.set([0xff, 0xff], at + 18);
    await expect(
      analysis.load(candidate, patient, worldOf([prior, study('cur', '2026-03-08T10:00:00Z', [huge])])),
    ).rejects.toMatchObject({ code: 'image-too-large' });
  });

  test('a study that is gone, has changed, or belongs to somebody else', async () => {
    expect(await reasonOf(worldOf([prior]))).toBe('subject-gone');
    expect(await reasonOf(worldOf([prior, study('cur', '2026-03-08T10:00:00Z', current.files, '2')]))).toBe(
      'subject-changed',
    );
    const foreign = { ...current, resource: { ...current.resource, subject: { reference: 'Patient/q' } } };
    expect(await reasonOf(worldOf([prior, foreign]))).toBe('patient-mismatch');
  });

  test('no images anywhere, or none that can be read, is an input error', async () => {
    const none = study('cur', '2026-03-08T10:00:00Z', []);
    await expect(analysis.load(candidate, patient, worldOf([prior, none]))).rejects.toMatchObject({
      code: 'study-incomplete',
    });
    const broken = study('cur', '2026-03-08T10:00:00Z', [Uint8Array.from({ length: 200 })]);
    await expect(analysis.load(candidate, patient, worldOf([prior, broken]))).rejects.toMatchObject({
      code: 'dicom-invalid',
    });
  });

  test('from the PACS of the site when the chart holds no file', async () => {
    const asked: string[] = [];
    const bare = study('cur', '2026-03-08T10:00:00Z', []);
    const loaded = await analysis.load(
      candidate,
      patient,
      worldOf([prior, bare], {
        dicomweb: () =>
          ({
            retrieveSeries: async (studyUid: string, seriesUid: string) => {
              asked.push(`${studyUid}/${seriesUid}`);
              return current.files;
            },
            retrieveInstance: async () => current.files[0]!,
          }) as unknown as ReturnType<LoadWorld['dicomweb']>,
      }),
    );
    expect(isAbstention(loaded)).toBe(false);
    expect(asked).toEqual(['2.25.2/2.25.9']);
  });
});

describe('a study of which the chart knows little', () => {
  const from = (more: Partial<ImagingStudy>) => {
    const bare = study('cur', '2026-03-08T10:00:00Z', []);
    const resource = { ...bare.resource, identifier: undefined, series: undefined, ...more } as ImagingStudy;
    const asked: string[] = [];
    const dicomweb = {
      searchStudies: async ({ accessionNumber }: { accessionNumber: string }) => {
        asked.push(accessionNumber);
        return accessionNumber === 'twice'
          ? [{ studyUid: '2.25.2' }, { studyUid: '2.25.3' }]
          : [{ studyUid: '2.25.2' }];
      },
      searchSeries: async (uid: string) => {
        asked.push(uid);
        return [
          { seriesUid: '2.25.2.2', modality: 'DX' },
          { seriesUid: '2.25.2.5', modality: 'SR' },
        ];
      },
      retrieveSeries: async (uid: string, series: string) => {
        asked.push(`${uid}/${series}`);
        return current.files;
      },
    } as unknown as ReturnType<LoadWorld['dicomweb']>;
    return { asked, world: worldOf([prior, { ...bare, resource }], { dicomweb: () => dicomweb }) };
  };
  const accession = (value: string) => [{ type: { coding: [{ code: 'ACSN' }] }, value }];

  test('its series are searched in the PACS', async () => {
    const { asked, world } = from({ identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:2.25.2' }] });
    expect(await reasonOf(world)).toBeUndefined();
    expect(asked).toEqual(['2.25.2', '2.25.2/2.25.2.2']);
  });

  test('it is found by its accession number, when that names one study', async () => {
    const { asked, world } = from({ identifier: accession('A-17') });
    expect(await reasonOf(world)).toBeUndefined();
    expect(asked).toEqual(['A-17', '2.25.2', '2.25.2/2.25.2.2']);
    for (const value of ['twice', 'A*', '?']) {
      await expect(reasonOf(from({ identifier: accession(value) }).world)).rejects.toMatchObject({
        code: 'study-incomplete',
      });
    }
  });
});

describe('two files of the command line', () => {
  const signal = new AbortController().signal;

  test('are opened, and refused when they are of two people', async () => {
    const files = { prior: prior.files[0]!, current: current.files[0]! };
    expect(isAbstention(await analysis.open(files, signal))).toBe(false);
    const stranger = { ...files, current: file('2.25.2', { patientName: 'Elsewhere^Ludmila' }) };
    expect(await analysis.open(stranger, signal)).toMatchObject({ outcome: 'abstention', reason: 'patient-mismatch' });
  });

  test('a missing or unreadable one is a coded error', async () => {
    await expect(analysis.open({ prior: prior.files[0]! }, signal)).rejects.toMatchObject({ code: 'study-incomplete' });
    const files = { prior: prior.files[0]!, current: new Uint8Array(10) };
    await expect(analysis.open(files, signal)).rejects.toMatchObject({ code: 'dicom-invalid' });
  });
});
