import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, ImagingStudy, Observation, Patient, Provenance, Resource } from '@medplum/fhirtypes';
import express, { type ErrorRequestHandler } from 'express';
import { asIntervalError, IntervalError, toOperationOutcome } from '../../src/errors.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { extension, identifierSystem } from '../../src/fhir/codes.ts';
import { filmRoutes } from '../../src/web/films/routes.ts';
import type { FilmPair, FilmReference, WebOptions } from '../../src/web/options.ts';

const base = 'http://ehr.test/fhir';
const role = (name: string, study: string) => ({
  reference: `ImagingStudy/${study}`,
  extension: [{ url: extension.comparisonRole, valueCode: name }],
});
const report: DiagnosticReport = {
  resourceType: 'DiagnosticReport',
  id: 'r1',
  identifier: [{ system: identifierSystem.result, value: 'k' }],
  status: 'preliminary',
  code: { text: 'Comparison' },
  subject: { reference: 'Patient/p' },
  result: [{ reference: 'Observation/o1' }],
};
const observation: Observation = {
  resourceType: 'Observation',
  id: 'o1',
  status: 'preliminary',
  code: { text: 'Opacity' },
  derivedFrom: [role('current', 'now'), role('prior', 'before')],
};
const provenance: Provenance = {
  resourceType: 'Provenance',
  target: [{ reference: 'DiagnosticReport/r1' }],
  recorded: '2026-03-14T00:00:00Z',
  agent: [],
  entity: [
    {
      role: 'source',
      what: {
        reference: 'ImagingStudy/now',
        identifier: { system: identifierSystem.sha256, value: 'ab'.repeat(32) },
      },
    },
  ],
};
const study = (id: string): ImagingStudy => ({
  resourceType: 'ImagingStudy',
  id,
  status: 'available',
  subject: { reference: 'Patient/p' },
});

const asked: { films: FilmReference[]; pairs: FilmPair[]; searches: number } = { films: [], pairs: [], searches: 0 };
let server: Server;
let address = '';
let prepare: (report: string) => void = () => undefined;

const client = {
  base,
  async search(type: string, query: Record<string, string>): Promise<readonly Resource[]> {
    asked.searches++;
    if (query._id === 'nothing') {
      const imagingStudy = ['now', 'before'].map((id) => ({ reference: `ImagingStudy/${id}` }));
      return [{ ...report, id: 'nothing', result: [], imagingStudy }];
    }
    return type === 'DiagnosticReport' ? [report, observation] : type === 'Provenance' ? [provenance] : [];
  },
  async read(type: string, id: string): Promise<Resource> {
    return type === 'Patient' ? ({ resourceType: 'Patient', id } satisfies Patient) : study(id);
  },
} as unknown as FhirClient;

beforeAll(async () => {
  const options = {
    store: client,
    source: client,
    film: async (film: FilmReference) => {
      asked.films.push(film);
      if (film.study === 'ImagingStudy/broken') {
        throw new IntervalError('dicom-transfer-syntax', 'MPEG cannot be decoded.');
      }
      return {
        levels: [
          { width: 2, height: 2, values: Uint16Array.of(0, 1, 2, 65_535) },
          { width: 1, height: 1, values: Uint16Array.of(16_384) },
        ],
        window: { low: 0.1, high: 0.9 },
      };
    },
    pair: async (pair: FilmPair) => {
      asked.pairs.push(pair);
      return { matrix: [1, 0, 2, 0, 1, 3], score: 0.8 };
    },
    timeline: async (patient: string, current: string) =>
      patient === 'Patient/p' && current === 'ImagingStudy/now'
        ? ['before', 'older', 'broken'].map((id) => ({
            study: `ImagingStudy/${id}`,
            title: id,
            date: '2026-01-01',
            bedside: false,
          }))
        : [],
  } as unknown as WebOptions;
  const app = express();
  const films = filmRoutes(options);
  prepare = films.prepare;
  app.use('/review/:report', films.router);
  const failed: ErrorRequestHandler = (thrown, _request, response, _next) => {
    const error = asIntervalError(thrown);
    response.status(error.status).json(toOperationOutcome(error));
  };
  app.use(failed);
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/review/r1`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('films of a report', () => {
  test('the smallest size first, with all that a browser needs to know; then any other', async () => {
    const first = await fetch(`${address}/films/current/first.raw`);
    expect(JSON.parse(first.headers.get('x-film')!)).toEqual({
      levels: [
        { width: 2, height: 2 },
        { width: 1, height: 1 },
      ],
      level: 1,
      window: { low: 0.1, high: 0.9 },
    });
    expect([...new Uint16Array(await first.arrayBuffer())]).toEqual([16_384]);
    const finest = await fetch(`${address}/films/current/0.raw`);
    expect([...new Uint16Array(await finest.arrayBuffer())]).toEqual([0, 1, 2, 65_535]);
    expect(finest.headers.get('cache-control')).toMatch(/^private/);
    // the very file that was read
    expect(asked.films[0]).toEqual({ study: 'ImagingStudy/now', sha256: 'ab'.repeat(32) });
  });

  test('the prior, and a film of the timeline by its study; the chart is not asked again for each', async () => {
    const before = asked.searches;
    for (const name of ['prior', 'older']) {
      expect((await fetch(`${address}/films/${name}/first.raw`)).status).toBe(200);
    }
    expect(asked.films.slice(-2)).toEqual([{ study: 'ImagingStudy/before' }, { study: 'ImagingStudy/older' }]);
    expect(asked.searches).toBe(before);
  });

  test('a comparison that found nothing has its two films as well: its report names them', async () => {
    const answer = await fetch(`${address.replace('/r1', '/nothing')}/films/prior/first.raw`);
    expect(answer.status).toBe(200);
    expect(asked.films.at(-1)).toEqual({ study: 'ImagingStudy/before' });
  });

  test('how a film lies under the current one', async () => {
    const answer = await fetch(`${address}/pairs/older.json`);
    expect(await answer.json()).toEqual({ matrix: [1, 0, 2, 0, 1, 3], score: 0.8 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(asked.pairs[0]).toEqual({
      current: { study: 'ImagingStudy/now', sha256: 'ab'.repeat(32) },
      prior: { study: 'ImagingStudy/older' },
    });
    expect(await (await fetch(`${address}/timeline.json`)).json()).toHaveLength(3);
  });

  test('both films are asked for before the browser does; a report that is not there breaks nothing', async () => {
    const before = asked.films.length;
    prepare('r1');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked.films.slice(before).map(({ study }) => study)).toEqual(['ImagingStudy/now', 'ImagingStudy/before']);
  });

  test.each([
    ['a study that is not on the timeline', '/films/somebody-else/first.raw', 404, 'not-found'],
    ['a size that there is not', '/films/current/7.raw', 404, 'not-found'],
    ['a size that is none', '/films/current/x.raw', 404, 'not-found'],
    ['a name that is none', '/films/..%2F..%2Fx/0.raw', 404, 'not-found'],
    ['a film that cannot be decoded', '/films/broken/first.raw', 422, 'dicom-transfer-syntax'],
    ['a pair with a stranger', '/pairs/somebody-else.json', 404, 'not-found'],
  ])('%s', async (_, path, status, code) => {
    const answer = await fetch(`${address}${path}`);
    expect([answer.status, (await answer.json()).issue[0].diagnostics]).toEqual([status, code]);
  });
});
