import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { DocumentReference, ImagingStudy } from '@medplum/fhirtypes';
import sharp from 'sharp';
import { IntervalError } from '../../src/errors.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import type { DicomWeb } from '../../src/imaging/dicomweb.ts';
import type { ViewFilm } from '../../src/imaging/viewing.ts';
import { createFilms } from '../../src/services/films.ts';
import type { Viewer } from '../../src/services/viewer.ts';
import { film } from '../support/film.ts';

const header = { studyInstanceUid: '2.25.1', seriesInstanceUid: '2.25.2' };
const lateral = film(1, { header: { ...header, sopInstanceUid: '2.25.31', viewPosition: 'LL' } });
const frontal = film(2, { header: { ...header, sopInstanceUid: '2.25.32', viewPosition: 'PA' } });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface Made {
  /** Bytes that a film seems to take. */
  readonly size?: number;
  fail?: IntervalError | undefined;
  readonly dicomweb?: Partial<DicomWeb>;
}

/** Studies `a`, `b`, … each with a lateral and a frontal file; the viewer gives back what it was asked to show. */
function world(made: Made = {}) {
  const asked = { fetched: 0, shown: [] as Uint8Array[], pairs: 0 };
  const source = {
    base: 'http://ehr.test/fhir',
    read: async (_type: string, id: string): Promise<ImagingStudy> => ({
      resourceType: 'ImagingStudy',
      id,
      status: 'available',
      subject: { reference: 'Patient/p' },
      identifier: [{ system: 'urn:dicom:uid', value: 'urn:oid:2.25.1' }],
      series: [{ uid: '2.25.2', modality: { code: 'DX' }, instance: [{ uid: '2.25.31', sopClass: {} }] }],
    }),
    search: async (_type: string, query: Record<string, string>): Promise<DocumentReference[]> => {
      asked.fetched++;
      return ['0', '1'].map((n) => ({
        resourceType: 'DocumentReference',
        status: 'current',
        content: [{ attachment: { contentType: 'application/dicom', url: `Binary/${n}` } }],
        context: { related: [{ reference: query.related! }] },
      }));
    },
    binary: async (url: string) => ({ bytes: url.endsWith('0') ? lateral : frontal, contentType: 'application/dicom' }),
  } as unknown as FhirClient;
  const viewer: Viewer = {
    async film(bytes): Promise<ViewFilm> {
      asked.shown.push(bytes);
      if (made.fail) {
        throw made.fail;
      }
      const values = { byteLength: made.size ?? 10 } as Uint16Array;
      return { levels: [{ width: 1, height: 1, values }], window: { low: 0, high: 1 } };
    },
    async pair() {
      asked.pairs++;
      if (made.fail) {
        throw made.fail;
      }
      return { matrix: [1, 0, 0, 0, 1, 0], score: 1 };
    },
    close: async () => undefined,
  };
  const films = createFilms({ source, dicomweb: () => made.dicomweb as DicomWeb | undefined }, viewer);
  return { films, asked };
}

const study = (id: string) => ({ study: `ImagingStudy/${id}` });

describe('films that are looked at', () => {
  test('are fetched and decoded once, by however many ask', async () => {
    const { films, asked } = world();
    await Promise.all([
      films.film(study('a')),
      films.film(study('a')),
      films.pair({ current: study('a'), prior: study('b') }),
    ]);
    await films.pair({ current: study('a'), prior: study('b') });
    expect([asked.fetched, asked.shown.length, asked.pairs]).toEqual([2, 2, 1]);
  });

  test('are the frontal one of a study, or the very file that was read', async () => {
    const { films, asked } = world();
    await films.film(study('a'));
    await films.film({ ...study('a'), sha256: sha256(lateral) });
    await films.film({ ...study('a'), sha256: 'f'.repeat(64) });
    expect(asked.shown.map(sha256)).toEqual([frontal, lateral, frontal].map(sha256));
  });

  test('are put away when there are too many bytes, the last used last', async () => {
    const { films, asked } = world({ size: 100 * 1024 * 1024 });
    for (const id of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await films.film(study(id));
    }
    // b was put away for c, a never
    expect(asked.fetched).toBe(4);
  });

  test('are asked for again when they could not be had; a refusal that stays is kept', async () => {
    const made: Made = { fail: new IntervalError('worker-lost', 'Gone.') };
    const { films, asked } = world(made);
    const pair = { current: study('a'), prior: study('b') };
    await expect(films.film(study('a'))).rejects.toMatchObject({ code: 'worker-lost' });
    await expect(films.pair(pair)).rejects.toMatchObject({ code: 'worker-lost' });
    made.fail = new IntervalError('not-found', 'No lungs.');
    await expect(films.pair(pair)).rejects.toMatchObject({ code: 'not-found' });
    made.fail = undefined;
    await expect(films.pair(pair)).rejects.toMatchObject({ code: 'not-found' });
    expect((await films.film(study('a'))).levels).toHaveLength(1);
    expect(asked.pairs).toBe(2);
  });

  test('where they cannot be decoded the PACS makes a picture', async () => {
    const jpeg = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer();
    const sides: number[] = [];
    const { films } = world({
      dicomweb: {
        retrieveRendered: async (_study, _series, _instance, { side }) => {
          sides.push(side);
          return { bytes: jpeg, contentType: 'image/jpeg' };
        },
      },
    });
    const png = await films.rendered('ImagingStudy/a', AbortSignal.timeout(1000));
    expect([...png.subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
    expect(sides).toEqual([1024]);
    await expect(world().films.rendered('ImagingStudy/a', AbortSignal.timeout(1000))).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
