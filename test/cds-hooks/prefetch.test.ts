import { describe, expect, test } from '@jest/globals';
import type { Bundle, Resource } from '@medplum/fhirtypes';
import { type FetchQuery, type PrefetchOptions, resolvePrefetch } from '../../src/cds-hooks/prefetch.ts';
import { readRequest } from '../../src/cds-hooks/request.ts';
import { type ErrorCode, IntervalError } from '../../src/errors.ts';
import { patient, patientView, searchset, service } from './front.ts';

const { definition } = service('lab-report-results', undefined, ['patient']);
const FHIR = 'https://ehr.example/fhir';

const report = (id: string, reference: string | undefined = 'Patient/123') => ({
  resourceType: 'DiagnosticReport',
  id,
  ...(reference === undefined ? {} : { subject: { reference } }),
});

interface Given {
  readonly prefetch?: Record<string, object | null>;
  readonly fhirServer?: string;
  readonly answers?: Record<string, object | ErrorCode | 'never'>;
  readonly options?: Partial<PrefetchOptions>;
}

async function resolve({ prefetch, fhirServer = FHIR, answers, options }: Given) {
  const asked: string[] = [];
  const fetchQuery: FetchQuery = async (query) => {
    asked.push(query);
    const answer = Object.entries(answers ?? {}).find(([start]) => query.startsWith(start))?.[1];
    if (answer === 'never') {
      return new Promise<Resource>(() => {});
    }
    if (typeof answer === 'string') {
      throw new IntervalError(answer as ErrorCode, 'as the test says');
    }
    return (answer ?? searchset()) as Bundle;
  };
  const request = readRequest(patientView({ fhirServer, prefetch }), definition);
  const resolved = await resolvePrefetch({
    definition,
    request,
    ...(answers === undefined ? {} : { fetchQuery }),
    trusted: true,
    budgetMs: 100,
    maxPages: 3,
    ...options,
  });
  return { ...resolved, asked };
}

const all = { patient, reports: searchset(report('1')), documents: searchset() };

describe('one state machine per key', () => {
  test('supplied: nothing is fetched, unknown keys are ignored', async () => {
    const { values, asked, missing } = await resolve({
      prefetch: { ...all, other: { resourceType: 'Patient', id: '9' } },
      answers: {},
    });
    expect(asked).toEqual([]);
    expect(missing).toEqual([]);
    expect(Object.keys(values)).toEqual(['patient', 'reports', 'documents']);
  });

  test('P4: null is an answer, also for a required key: no fetch, no 412', async () => {
    const { values, asked, missing } = await resolve({
      prefetch: { ...all, patient: null, reports: null },
      answers: {},
    });
    expect([values.patient, values.reports, asked, missing]).toEqual([null, null, [], []]);
  });

  test('P3: only the missing keys are fetched, with the context percent-encoded into the template', async () => {
    const { values, asked, fetched } = await resolve({
      prefetch: { patient },
      answers: { 'DiagnosticReport?': searchset(report('1'), report('2')), 'DocumentReference?': searchset() },
    });
    expect(asked).toEqual([
      'DiagnosticReport?patient=123&_sort=-date&_count=50',
      'DocumentReference?patient=123&status=current&_sort=-date&_count=50',
    ]);
    expect(fetched).toEqual(['reports', 'documents']);
    expect((values.reports as Bundle).entry).toHaveLength(2);
  });

  test('P5: an OperationOutcome is never data; fetched once when required, not at all when optional', async () => {
    const outcome = { resourceType: 'OperationOutcome', issue: [] };
    const { values, asked, missing } = await resolve({
      prefetch: { ...all, patient: outcome, reports: outcome },
      answers: { 'Patient/': patient },
    });
    expect(asked).toEqual(['Patient/123']);
    expect(values.patient).toEqual(patient);
    expect(missing).toEqual([{ key: 'reports', reason: 'client-failed' }]);
  });

  test('P6: next links are followed inside the base, bounded, and joined; the OperationOutcome entry is left out', async () => {
    const page = (ids: string[], next?: string) => ({
      ...searchset(...ids.map((id) => report(id)), { resourceType: 'OperationOutcome', issue: [] }),
      ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
    });
    const { values, asked, missing } = await resolve({
      prefetch: { ...all, reports: page(['1'], `${FHIR}?_getpages=abc&_offset=1`) },
      answers: {
        '?_getpages=abc&_offset=1': page(['2'], 'DiagnosticReport?page=3'),
        'DiagnosticReport?page=3': page(['3']),
      },
    });
    expect((values.reports as Bundle).entry?.map(({ resource }) => resource?.id)).toEqual(['1', '2', '3']);
    expect(asked).toEqual(['?_getpages=abc&_offset=1', 'DiagnosticReport?page=3']);
    expect(missing).toEqual([]);
  });

  test.each([
    ['another origin', 'https://evil.example/fhir?page=2'],
    ['another path of the same origin', 'https://ehr.example/fhirevil?page=2'],
    ['a path that climbs out', 'https://ehr.example/fhir/../admin?page=2'],
    ['user info', 'https://user:pw@ehr.example/fhir?page=2'],
    ['another port', 'https://ehr.example:444/fhir?page=2'],
    ['plain http', 'http://ehr.example/fhir?page=2'],
  ])('X5: a next link to %s is not followed', async (_name, url) => {
    const reports = { ...searchset(report('1')), link: [{ relation: 'next', url }] };
    const { asked, missing, values } = await resolve({ prefetch: { ...all, reports }, answers: {} });
    expect(asked).toEqual([]);
    expect(missing).toEqual([{ key: 'reports', reason: 'further-pages' }]);
    expect((values.reports as Bundle).entry).toHaveLength(1);
  });

  test('a page of as many as were asked for is complete; pages without end are bounded', async () => {
    const link = [{ relation: 'next', url: `${FHIR}/DiagnosticReport?page=n` }];
    const fifty = { ...searchset(...Array.from({ length: 50 }, (_, index) => report(`${index}`))), link };
    expect((await resolve({ prefetch: { ...all, reports: fifty }, answers: {} })).asked).toEqual([]);
    const endless = { ...searchset(report('1')), link };
    const { asked, missing } = await resolve({
      prefetch: { ...all, reports: endless },
      answers: { 'DiagnosticReport?page=n': endless },
    });
    expect(asked).toHaveLength(2);
    expect(missing).toEqual([{ key: 'reports', reason: 'further-pages' }]);
  });
});

describe('412 only where the specification says so', () => {
  const rejected = (given: Given) =>
    resolve(given).then(
      () => 'resolved',
      (error: IntervalError) => error.code,
    );

  test('P1: required, not sent, nothing to ask with', async () => {
    expect(await rejected({ prefetch: {} })).toBe('prefetch-missing');
    expect(await rejected({ prefetch: { reports: searchset() } })).toBe('prefetch-missing');
    expect(await rejected({ prefetch: { patient } })).toBe('resolved');
  });

  test.each<ErrorCode | 'never'>([
    'fhir-unauthorized',
    'fhir-forbidden',
    'fhir-timeout',
    'fhir-unavailable',
    'fhir-too-large',
    'never',
  ])('P2: required and the server gives %s; optional is only named', async (failure) => {
    expect(await rejected({ prefetch: {}, answers: { 'Patient/': failure } })).toBe('prefetch-missing');
    const { missing } = await resolve({ prefetch: { patient }, answers: { Diag: failure } });
    expect(missing).toEqual([{ key: 'reports', reason: failure === 'never' ? 'fhir-timeout' : failure }]);
  });

  test('a patient that does not exist is nothing, not a failure', async () => {
    const { values } = await resolve({ answers: { 'Patient/': 'fhir-not-found' } });
    expect(values.patient).toBeNull();
  });

  test('a search that the server does not know is a failure, not an empty chart', async () => {
    const { values, missing } = await resolve({ answers: { Diag: 'fhir-not-found' } });
    expect(values.reports).toBeUndefined();
    expect(missing).toContainEqual({ key: 'reports', reason: 'fhir-not-found' });
  });

  test('X1: a server that is not ours is never asked: 412 where data is required, else refused', async () => {
    const options = { trusted: false };
    const given = (prefetch: Record<string, object | null>): Given => ({ prefetch, answers: {}, options });
    expect(await rejected(given({}))).toBe('prefetch-missing');
    expect(await rejected(given(all))).toBe('fhir-server-untrusted');
  });

  test('the budget is for all keys together', async () => {
    const started = performance.now();
    const { missing } = await resolve({ prefetch: { patient }, answers: { D: 'never' }, options: { budgetMs: 60 } });
    expect(missing).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('X7: every resource belongs to the patient of the context', () => {
  test.each<[string, boolean, object]>([
    ['relative', true, report('1')],
    ['absolute, of this server', true, report('1', `${FHIR}/Patient/123`)],
    ['with a version', true, report('1', 'Patient/123/_history/4')],
    ['by `patient`', true, { resourceType: 'AllergyIntolerance', id: '1', patient: { reference: 'Patient/123' } }],
    ['a Practitioner that came along', true, { resourceType: 'Practitioner', id: '1' }],
    ['another patient', false, report('1', 'Patient/1234')],
    ['a longer path', false, report('1', 'Patient/123/x')],
    ['another server', false, report('1', 'https://other.example/fhir/Patient/123')],
    ['a group', false, report('1', 'Group/123')],
    ['nobody', false, { resourceType: 'DiagnosticReport', id: '1' }],
    [
      'an identifier only',
      false,
      { resourceType: 'DiagnosticReport', id: '1', subject: { identifier: { value: '123' } } },
    ],
    ['another Patient', false, { resourceType: 'Patient', id: '124' }],
  ])('%s: kept %s', async (_name, kept, resource) => {
    const { values, dropped } = await resolve({ prefetch: { ...all, reports: searchset(resource, report('own')) } });
    expect((values.reports as Bundle).entry?.length).toBe(kept ? 2 : 1);
    expect(dropped).toBe(kept ? 0 : 1);
  });

  test('a required key with another patient only is refused; an optional one is named', async () => {
    await expect(
      resolve({ prefetch: { ...all, patient: { resourceType: 'Patient', id: '124' } } }),
    ).rejects.toMatchObject({
      code: 'patient-mismatch',
    });
    const { missing, values } = await resolve({ prefetch: { ...all, reports: searchset(report('1', 'Patient/9')) } });
    expect(missing).toEqual([{ key: 'reports', reason: 'other-patient' }]);
    expect(values.reports).toBeUndefined();
  });

  test('entries that are no resources are passed over', async () => {
    const odd = {
      resourceType: 'Bundle',
      entry: [null, {}, { resource: 'x' }, { resource: {} }, { resource: report('1') }],
    };
    const { values } = await resolve({ prefetch: { ...all, reports: odd } });
    expect((values.reports as Bundle).entry).toHaveLength(1);
    expect(
      (await resolve({ prefetch: { ...all, reports: { resourceType: 'Bundle', entry: 'no' } } })).values.reports,
    ).toBeDefined();
  });
});
