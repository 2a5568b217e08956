import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type {
  Bundle,
  BundleEntry,
  CapabilityStatement,
  Observation,
  OperationOutcome,
  Patient,
  Resource,
} from '@medplum/fhirtypes';

/** A FHIR R4 server under test. */
export interface FhirTarget {
  /** Absolute, without trailing slash. */
  readonly base: string;
  readonly fetch: typeof fetch;
}

export interface ContractOptions {
  /**
   * Cases that this server is known to answer otherwise: name of the case → what it does instead. Each is still run and
   * must still fail, so that no entry outlives its reason.
   */
  readonly differences?: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // the tests reach into whatever came back
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  readonly body: any;
}

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';

/** What Interval expects of a FHIR R4 server, as jest tests. */
export function fhirServerContract(target: () => FhirTarget, { differences = {} }: ContractOptions = {}): void {
  const run = randomUUID().slice(0, 8);
  const system = `urn:contract:${run}`;
  const known = new Set<string>();

  function check(name: string, body: () => Promise<void>): void {
    known.add(name);
    const difference = differences[name];
    if (difference === undefined) {
      test(name, body);
    } else {
      test(`${name} — known difference: ${difference}`, () => expect(body()).rejects.toThrow());
    }
  }

  async function http(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { base, fetch } = target();
    const raw = body instanceof Uint8Array || typeof body === 'string' || body === undefined;
    const response = await fetch(path.startsWith('http') ? path : `${base}/${path}`.replace(/\/$/, ''), {
      method,
      headers: {
        accept: 'application/fhir+json',
        ...(raw ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
    });
    const text = await response.text();
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      parsed = undefined;
    }
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  const get = (path: string, headers?: Record<string, string>) => http('GET', path, undefined, headers);
  const encode = (query: string) =>
    query
      .split('&')
      .map((pair) => {
        const [key = '', ...value] = pair.split('=');
        return `${key}=${encodeURIComponent(value.join('='))}`;
      })
      .join('&');

  async function create<T extends Resource>(resource: T): Promise<T & { id: string; meta: { versionId: string } }> {
    const { status, body, text } = await http('POST', resource.resourceType, resource);
    if (status !== 201) throw new Error(`create answered ${status}: ${text}`);
    return body;
  }

  async function search(path: string): Promise<Bundle> {
    const [type = '', query = ''] = path.split(/\?(.*)/s);
    const { status, body, text } = await get(`${type}?${encode(query)}`);
    if (status !== 200) throw new Error(`search answered ${status}: ${text}`);
    return body;
  }

  const matches = (bundle: Bundle) =>
    (bundle.entry ?? []).filter(
      (entry) => entry.search?.mode !== 'include' && entry.resource?.resourceType !== 'OperationOutcome',
    );

  /** Last part of the identifier of what was found: the name that the fixtures have. */
  const names = (entries: readonly BundleEntry[]) =>
    entries.map(({ resource }) => (resource as Observation).identifier?.[0]?.value ?? resource?.id ?? '');

  const find = async (path: string) => names(matches(await search(path))).sort();

  const patient = (name: string, more: Partial<Patient> = {}): Patient => ({
    resourceType: 'Patient',
    identifier: [{ system, value: name }],
    ...more,
  });
  const observation = (name: string, subject: string, more: Partial<Observation> = {}): Observation => ({
    resourceType: 'Observation',
    identifier: [{ system, value: name }],
    status: 'final',
    code: { coding: [{ system: LOINC, code: '2823-3' }] },
    subject: { reference: `Patient/${subject}` },
    ...more,
  });
  const refused = ({ status, body }: Answer, ...expected: number[]) => {
    expect(expected).toContain(status);
    expect(body?.resourceType).toBe('OperationOutcome');
    expect((body as OperationOutcome).issue.length).toBeGreaterThan(0);
  };

  const ann = `ann-${run}`;
  const bob = `bob-${run}`;
  /** Has no fixtures: what single cases write about is about this patient. */
  const cyd = `cyd-${run}`;
  const mmol = (value: number) => ({ value, unit: 'mmol/L', system: UCUM, code: 'mmol/L' });

  beforeAll(async () => {
    await http('PUT', `Patient/${ann}`, {
      ...patient('ann', {
        active: true,
        gender: 'female',
        birthDate: '1961-04-12',
        name: [{ family: `Müllerin${run}`, given: ['Annegret', 'Sofie'] }],
      }),
      id: ann,
    });
    await http('PUT', `Patient/${bob}`, {
      ...patient('bob', { active: false, birthDate: '1975-10', name: [{ family: `Okonkwo${run}`, given: ['Bob'] }] }),
      id: bob,
    });
    await http('PUT', `Patient/${cyd}`, { ...patient('cyd'), id: cyd });
    const lab = [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ];
    const fixtures = [
      observation('k1', ann, {
        category: lab,
        effectiveDateTime: '2026-03-02T07:40:00+01:00',
        valueQuantity: mmol(6.4),
        meta: {
          tag: [{ system, code: 'tagged' }],
          security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'AIAST' }],
          profile: [`https://interval.example.org/contract/${run}`],
        },
      }),
      observation('k2', ann, {
        category: lab,
        effectiveDateTime: '2026-03-20',
        valueQuantity: mmol(4.1),
        status: 'preliminary',
      }),
      observation('na', ann, {
        code: {
          coding: [
            { system: LOINC, code: '2951-2' },
            { system, code: '2823-3' },
          ],
        },
        effectiveDateTime: '2026-02-10T23:30:00-05:00',
        valueQuantity: mmol(139),
      }),
      observation('stay', ann, {
        code: { coding: [{ code: 'no-system' }] },
        effectivePeriod: { start: '2026-01-10', end: '2026-01-20' },
      }),
      observation('bp', bob, {
        code: { coding: [{ system: LOINC, code: '85354-9' }] },
        effectiveDateTime: '2026-03-02T07:40:00Z',
        component: [
          {
            code: { coding: [{ system: LOINC, code: '8480-6' }] },
            valueQuantity: { value: 150, system: UCUM, code: 'mm[Hg]' },
          },
          {
            code: { coding: [{ system: LOINC, code: '8462-4' }] },
            valueQuantity: { value: 80, system: UCUM, code: 'mm[Hg]' },
          },
        ],
      }),
      observation('bare', bob, { valueString: 'text only' }),
    ];
    for (const fixture of fixtures) await create(fixture);
  });

  describe('capabilities', () => {
    check('metadata says R4 and JSON', async () => {
      const { status, body } = await get('metadata');
      expect(status).toBe(200);
      const statement = body as CapabilityStatement;
      expect(statement.fhirVersion).toBe('4.0.1');
      expect(statement.format.some((format) => format.includes('json'))).toBe(true);
    });
    check('metadata lists what is stored and how', async () => {
      const statement = (await get('metadata')).body as CapabilityStatement;
      const entry = statement.rest?.[0]?.resource?.find(({ type }) => type === 'Observation');
      expect(entry?.interaction?.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['read', 'create', 'search-type']),
      );
      expect(entry?.conditionalCreate).toBe(true);
      expect(entry?.searchParam?.map(({ name }) => name)).toEqual(expect.arrayContaining(['code', 'patient', 'date']));
    });
  });

  describe('create and read', () => {
    check('POST creates with id, version and headers', async () => {
      const { status, headers, body } = await http('POST', 'Patient', patient('created'));
      expect(status).toBe(201);
      expect(body.id).toBeTruthy();
      expect(body.meta.versionId).toBe('1');
      expect(Number.isNaN(Date.parse(body.meta.lastUpdated))).toBe(false);
      expect(headers.get('location')).toBe(`${target().base}/Patient/${body.id}/_history/1`);
      expect(headers.get('etag')).toBe('W/"1"');
    });
    check('POST gives its own id', async () => {
      const { status, body } = await http('POST', 'Patient', { ...patient('own-id'), id: `mine-${run}` });
      expect(status).toBe(201);
      expect(body.id).not.toBe(`mine-${run}`);
    });
    check('read answers what was written', async () => {
      const { id } = await create(patient('read', { birthDate: '1990-01-02', name: [{ text: 'Ärztin 漢字' }] }));
      const { status, headers, body } = await get(`Patient/${id}`);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toMatch(/application\/fhir\+json/);
      expect(body).toMatchObject(patient('read', { birthDate: '1990-01-02', name: [{ text: 'Ärztin 漢字' }] }));
    });
    check('read of an unknown id is 404', async () => refused(await get(`Patient/none-${run}`), 404));
    check('an unknown resource type is 404', async () => refused(await get('Unicorn/1'), 404));
    check('read carries ETag and Last-Modified', async () => {
      const { headers } = await get(`Patient/${ann}`);
      expect(headers.get('etag')).toMatch(/^W\/"\d+"$/);
      expect(Number.isNaN(Date.parse(headers.get('last-modified') ?? ''))).toBe(false);
    });
    check('If-None-Match of the current version is 304', async () => {
      const etag = (await get(`Patient/${ann}`)).headers.get('etag') ?? '';
      expect((await get(`Patient/${ann}`, { 'if-none-match': etag })).status).toBe(304);
    });
    check('application/json is understood', async () => {
      const { status } = await http('POST', 'Patient', JSON.stringify(patient('json')), {
        'content-type': 'application/json',
      });
      expect(status).toBe(201);
    });
    check('Prefer return=minimal leaves the body out', async () => {
      const { status, headers, text } = await http('POST', 'Patient', patient('minimal'), { prefer: 'return=minimal' });
      expect(status).toBe(201);
      expect(headers.get('location')).toBeTruthy();
      expect(text).toBe('');
    });
    check('malformed JSON is 400', async () =>
      refused(
        await http('POST', 'Patient', '{"resourceType":"Patient",', { 'content-type': 'application/fhir+json' }),
        400,
      ),
    );
    check('a body of another type is refused', async () =>
      refused(await http('POST', 'Patient', observation('x', ann)), 400, 422),
    );
    check('an unknown property is refused', async () =>
      refused(await http('POST', 'Patient', { ...patient('unknown'), shoeSize: 43 }), 400, 422),
    );
    check('a missing required element is refused', async () =>
      refused(await http('POST', 'Observation', { resourceType: 'Observation', status: 'final' }), 400, 422),
    );
    check('a malformed date is refused', async () =>
      refused(await http('POST', 'Patient', patient('date', { birthDate: '12.04.1961' })), 400, 422),
    );
    check('a content type that is not FHIR is refused', async () =>
      refused(await http('POST', 'Patient', 'hello', { 'content-type': 'text/plain' }), 400, 415),
    );
  });

  describe('update', () => {
    check('PUT with an id of the client creates', async () => {
      const id = `put-${run}`;
      const { status, headers, body } = await http('PUT', `Patient/${id}`, { ...patient('put'), id });
      expect(status).toBe(201);
      expect(body.id).toBe(id);
      expect(headers.get('location')).toContain(`/Patient/${id}/_history/1`);
    });
    check('PUT updates and counts versions', async () => {
      const created = await create(patient('update'));
      const { status, headers, body } = await http('PUT', `Patient/${created.id}`, { ...created, gender: 'other' });
      expect(status).toBe(200);
      expect(body.meta.versionId).toBe('2');
      expect(headers.get('etag')).toBe('W/"2"');
      expect((await get(`Patient/${created.id}`)).body.gender).toBe('other');
    });
    check('an id that is not that of the URL is refused', async () =>
      refused(await http('PUT', `Patient/one-${run}`, { ...patient('two'), id: `two-${run}` }), 400),
    );
    check('vread answers each version', async () => {
      const created = await create(patient('vread', { gender: 'male' }));
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'other' });
      expect((await get(`Patient/${created.id}/_history/1`)).body.gender).toBe('male');
      expect((await get(`Patient/${created.id}/_history/2`)).body.gender).toBe('other');
      refused(await get(`Patient/${created.id}/_history/9`), 404);
    });
    check('If-Match of the current version updates', async () => {
      const created = await create(patient('if-match'));
      const { status } = await http(
        'PUT',
        `Patient/${created.id}`,
        { ...created, gender: 'male' },
        { 'if-match': 'W/"1"' },
      );
      expect(status).toBe(200);
    });
    check('If-Match of another version is 412', async () => {
      const created = await create(patient('stale'));
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'male' });
      refused(
        await http('PUT', `Patient/${created.id}`, { ...created, gender: 'female' }, { 'if-match': 'W/"1"' }),
        412,
      );
      expect((await get(`Patient/${created.id}`)).body.gender).toBe('male');
    });
    check('a search finds the new values and not the old', async () => {
      const created = await create(patient('reindex', { gender: 'male' }));
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'female' });
      expect(await find(`Patient?_id=${created.id}&gender=male`)).toEqual([]);
      expect(await find(`Patient?_id=${created.id}&gender=female`)).toEqual(['reindex']);
    });
  });

  describe('patch', () => {
    const json = { 'content-type': 'application/json-patch+json' };
    check('JSON Patch changes one element', async () => {
      const { id } = await create(patient('patch', { gender: 'male', birthDate: '1980-01-01' }));
      const operations = [{ op: 'replace', path: '/gender', value: 'other' }];
      const { status, body } = await http('PATCH', `Patient/${id}`, JSON.stringify(operations), json);
      expect(status).toBe(200);
      expect(body).toMatchObject({ gender: 'other', birthDate: '1980-01-01' });
    });
    check('a JSON Patch whose test fails changes nothing', async () => {
      const { id } = await create(patient('patch-test', { gender: 'male' }));
      const operations = [
        { op: 'test', path: '/gender', value: 'female' },
        { op: 'replace', path: '/gender', value: 'other' },
      ];
      const { status } = await http('PATCH', `Patient/${id}`, JSON.stringify(operations), json);
      expect(status).toBeGreaterThanOrEqual(400);
      expect((await get(`Patient/${id}`)).body.gender).toBe('male');
    });
    check('a patch of an unknown id is 404', async () =>
      refused(await http('PATCH', `Patient/none-${run}`, '[{"op":"add","path":"/gender","value":"male"}]', json), 404),
    );
    check('a patch may not break the resource', async () => {
      const { id } = await create(observation('patch-break', cyd));
      const { status } = await http('PATCH', `Observation/${id}`, '[{"op":"remove","path":"/status"}]', json);
      expect(status).toBeGreaterThanOrEqual(400);
    });
  });

  describe('delete and history', () => {
    check('what is deleted is 410, and its versions stay', async () => {
      const { id } = await create(patient('deleted'));
      expect([200, 204]).toContain((await http('DELETE', `Patient/${id}`)).status);
      refused(await get(`Patient/${id}`), 410);
      expect((await get(`Patient/${id}/_history/1`)).body.id).toBe(id);
      expect(await find(`Patient?identifier=${system}|deleted`)).toEqual([]);
    });
    check('deleting twice, or what never was, is no error', async () => {
      const { id } = await create(patient('deleted-twice'));
      await http('DELETE', `Patient/${id}`);
      expect([200, 204]).toContain((await http('DELETE', `Patient/${id}`)).status);
    });
    check('PUT brings back what was deleted, as a new version', async () => {
      const created = await create(patient('revived'));
      await http('DELETE', `Patient/${created.id}`);
      const { status, body } = await http('PUT', `Patient/${created.id}`, created);
      expect([200, 201]).toContain(status);
      expect(body.meta.versionId).toBe('3');
      expect(await find(`Patient?identifier=${system}|revived`)).toEqual(['revived']);
    });
    check('history is newest first, each time it is asked, with the total', async () => {
      const created = await create(patient('history'));
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'male' });
      await http('DELETE', `Patient/${created.id}`);
      for (let i = 0; i < 2; i++) {
        const history = (await get(`Patient/${created.id}/_history`)).body as Bundle;
        expect(history.type).toBe('history');
        expect(history.total).toBe(3);
        expect(history.entry?.map(({ request }) => request?.method)).toEqual(['DELETE', 'PUT', 'POST']);
        expect(history.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual([undefined, '2', '1']);
      }
    });
    check('history of an unknown id is 404', async () => refused(await get(`Patient/none-${run}/_history`), 404));
    check('history of a type is newest first', async () => {
      const first = await create(patient('type-history-1'));
      const second = await create(patient('type-history-2'));
      const history = (await get('Patient/_history?_count=20')).body as Bundle;
      const ids = history.entry?.map(({ resource }) => resource?.id) ?? [];
      expect(ids.indexOf(second.id)).toBeGreaterThanOrEqual(0);
      expect(ids.indexOf(second.id)).toBeLessThan(ids.indexOf(first.id));
    });
    check('history has pages with absolute links', async () => {
      const created = await create(patient('history-pages'));
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'male' });
      await http('PUT', `Patient/${created.id}`, { ...created, gender: 'female' });
      const first = (await get(`Patient/${created.id}/_history?_count=2`)).body as Bundle;
      const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
      expect(next).toMatch(/^http/);
      const second = (await get(next)).body as Bundle;
      expect(first.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['3', '2']);
      expect(second.entry?.map(({ resource }) => resource?.meta?.versionId)).toEqual(['1']);
    });
  });

  const finds: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    'search by token': {
      'Observation?patient={ann}&code=http://loinc.org|2823-3': ['k1', 'k2'],
      'Observation?patient={ann}&code=2823-3': ['k1', 'k2', 'na'],
      'Observation?patient={ann}&code=|no-system': ['stay'],
      'Observation?patient={ann}&code={system}|': ['na'],
      'Observation?patient={ann}&code=http://loinc.org|2951-2,no-system': ['na', 'stay'],
      'Observation?patient={ann}&code=2823-3&code=2951-2': ['na'],
      'Observation?patient={ann}&code=2823-3&status=preliminary': ['k2'],
      'Observation?patient={ann}&code:not=2823-3': ['stay'],
      'Observation?patient={ann}&category:missing=true': ['na', 'stay'],
      'Observation?patient={ann}&category:missing=false': ['k1', 'k2'],
      'Observation?identifier={system}|k1': ['k1'],
      'Patient?identifier={system}|ann,{system}|bob': ['ann', 'bob'],
      'Patient?identifier={system}|ann&active=true': ['ann'],
      'Patient?identifier={system}|ann&active=false': [],
    },
    'search by reference': {
      'Observation?patient={ann}&code=2951-2': ['na'],
      'Observation?patient=Patient/{ann}&code=2951-2': ['na'],
      'Observation?subject={base}/Patient/{ann}&code=2951-2': ['na'],
      'Observation?subject:Patient={ann}&code=2951-2': ['na'],
      'Observation?patient={ann},{bob}&date=2026-03-02': ['bp', 'k1'],
      'Observation?patient=nobody-{ann}': [],
    },
    'search by date': {
      'Observation?patient={ann}&date=2026-03-02': ['k1'],
      'Observation?patient={ann}&date=eq2026-03': ['k1', 'k2'],
      'Observation?patient={ann}&date=2026': ['k1', 'k2', 'na', 'stay'],
      'Observation?patient={ann}&date=2026-03-02T06:40:00Z': ['k1'],
      'Observation?patient={ann}&date=ge2026-03-02': ['k1', 'k2'],
      'Observation?patient={ann}&date=gt2026-03-02': ['k2'],
      'Observation?patient={ann}&date=lt2026-03-02': ['na', 'stay'],
      'Observation?patient={ann}&date=le2026-03-02': ['k1', 'na', 'stay'],
      'Observation?patient={ann}&date=ge2026-02-01&date=lt2026-03-10': ['k1', 'na'],
      'Observation?patient={ann}&date=2026-02-11': ['na'],
      'Observation?patient={ann}&date=sa2026-01-20': ['k1', 'k2', 'na'],
      'Observation?patient={ann}&date=eb2026-02-01': ['stay'],
      'Observation?patient={ann}&date=gt2026-01-15&date=lt2026-01-16': ['stay'],
      'Patient?identifier={system}|bob&birthdate=1975': ['bob'],
      'Patient?identifier={system}|bob&birthdate=1975-10-01': [],
    },
    'search by string': {
      'Patient?family=mullerin{run}': ['ann'],
      'Patient?family=MÜLLERIN{run}': ['ann'],
      'Patient?name=müllerin{run}': ['ann'],
      'Patient?family=Müllerin{run}&given=sof': ['ann'],
      'Patient?family=Müllerin{run}&given=ofie': [],
      'Patient?family:exact=Müllerin{run}': ['ann'],
      'Patient?family:exact=müllerin{run}': [],
      'Patient?family:contains=llerin{run}': ['ann'],
      'Observation?patient={bob}&value-string=TEXT': ['bare'],
    },
    'search by quantity': {
      'Observation?patient={ann}&value-quantity=gt5': ['k1', 'na'],
      'Observation?patient={ann}&value-quantity=lt5': ['k2'],
      'Observation?patient={ann}&value-quantity=ge6.4|http://unitsofmeasure.org|mmol/L': ['k1', 'na'],
      'Observation?patient={ann}&value-quantity=6.4|http://unitsofmeasure.org|mmol/L': ['k1'],
      'Observation?patient={ann}&value-quantity=6.4||mmol/L': ['k1'],
      'Observation?patient={ann}&value-quantity=gt5|http://unitsofmeasure.org|g/L': [],
      'Observation?patient={ann}&value-quantity=6': ['k1'],
      'Observation?patient={ann}&value-quantity=6.40': ['k1'],
      'Observation?patient={ann}&value-quantity=6.45': [],
      'Observation?patient={bob}&code-value-quantity=http://loinc.org|2823-3$gt1': [],
      'Observation?patient={ann}&code-value-quantity=http://loinc.org|2823-3$gt5': ['k1'],
      'Observation?patient={bob}&component-code-value-quantity=http://loinc.org|8480-6$gt140': ['bp'],
      'Observation?patient={bob}&component-code-value-quantity=http://loinc.org|8462-4$gt140': [],
      'Observation?patient={bob}&combo-code-value-quantity=http://loinc.org|8462-4$80': ['bp'],
    },
    'search by what every resource has': {
      'Patient?_id={ann},{bob}': ['ann', 'bob'],
      'Patient?_id={ann}': ['ann'],
      'Observation?_tag={system}|tagged': ['k1'],
      'Observation?patient={ann}&_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST': ['k1'],
      'Observation?_profile=https://interval.example.org/contract/{run}': ['k1'],
      'Observation?patient={ann}&_lastUpdated=gt2020-01-01&code=2951-2': ['na'],
      'Observation?patient={ann}&_lastUpdated=lt2020-01-01': [],
    },
    'chained search': {
      'Observation?patient.identifier={system}|bob': ['bare', 'bp'],
      'Observation?subject:Patient.family=okonkwo{run}': ['bare', 'bp'],
      'Observation?patient.family:exact=okonkwo{run}': [],
      'Patient?_has:Observation:patient:identifier={system}|k1': ['ann'],
      'Patient?identifier={system}|ann,{system}|bob&_has:Observation:subject:code=85354-9': ['bob'],
      'Observation?patient.birthdate=lt1970&patient.identifier={system}|ann,{system}|bob&code=2951-2': ['na'],
    },
  };
  for (const [title, cases] of Object.entries(finds)) {
    describe(title, () => {
      for (const [query, expected] of Object.entries(cases)) {
        check(query, async () => {
          const filled = query
            .replaceAll('{ann}', ann)
            .replaceAll('{bob}', bob)
            .replaceAll('{run}', run)
            .replaceAll('{system}', system)
            .replaceAll('{base}', target().base);
          expect(await find(filled)).toEqual(expected);
        });
      }
    });
  }

  describe('search of other kinds', () => {
    check('chains over two references', async () => {
      const k1 = matches(await search(`Observation?identifier=${system}|k1`))[0]?.resource?.id;
      await create({
        resourceType: 'DiagnosticReport',
        identifier: [{ system, value: 'report' }],
        status: 'final',
        code: { text: 'Panel' },
        subject: { reference: `Patient/${ann}` },
        result: [{ reference: `Observation/${k1}` }],
      });
      expect(await find(`DiagnosticReport?result.patient.identifier=${system}|ann`)).toEqual(['report']);
      expect(await find(`DiagnosticReport?result.patient.identifier=${system}|bob`)).toEqual([]);
    });
    check('numbers', async () => {
      await create({
        resourceType: 'RiskAssessment',
        identifier: [{ system, value: 'risk' }],
        status: 'final',
        subject: { reference: `Patient/${ann}` },
        prediction: [{ probabilityDecimal: 0.72 }],
      });
      expect(await find(`RiskAssessment?identifier=${system}|risk&probability=gt0.7`)).toEqual(['risk']);
      expect(await find(`RiskAssessment?identifier=${system}|risk&probability=lt0.7`)).toEqual([]);
    });
    check('URIs', async () => {
      const url = `https://interval.example.org/contract/${run}/ValueSet/a`;
      await create({ resourceType: 'ValueSet', identifier: [{ system, value: 'set' }], status: 'active', url });
      expect(await find(`ValueSet?url=${url}`)).toEqual(['set']);
      expect(await find(`ValueSet?url=${url}b`)).toEqual([]);
      expect(await find(`ValueSet?url:below=https://interval.example.org/contract/${run}/`)).toEqual(['set']);
    });
    check('values with escaped commas and bars', async () => {
      await create(patient('a,b|c'));
      expect(await find(`Patient?identifier=${system}|a\\,b\\|c`)).toEqual(['a,b|c']);
    });
    check('POST _search', async () => {
      const form = new URLSearchParams({ patient: ann, code: `${LOINC}|2823-3` }).toString();
      const { status, body } = await http('POST', 'Observation/_search', form, {
        'content-type': 'application/x-www-form-urlencoded',
      });
      expect(status).toBe(200);
      expect(names(matches(body)).sort()).toEqual(['k1', 'k2']);
    });
    check('an unknown parameter is 400, not everything', async () =>
      refused(await get(`Observation?shoe-size=43&patient=${ann}`), 400),
    );
    check('an unknown modifier is 400', async () =>
      refused(await get(`Observation?code:sounds-like=x&patient=${ann}`), 400),
    );
    check('a malformed date is 400', async () => refused(await get(`Observation?patient=${ann}&date=yesterday`), 400));
    check('a parameter of another type is 400', async () => refused(await get('Patient?value-quantity=5'), 400));
    check('an unknown sort key is 400', async () =>
      refused(await get(`Observation?patient=${ann}&_sort=shoe-size`), 400),
    );
  });

  describe('results', () => {
    check('a searchset has total, self link, full URLs and modes', async () => {
      const bundle = await search(`Observation?patient=${ann}&code=2951-2`);
      expect(bundle.type).toBe('searchset');
      expect(bundle.total).toBe(1);
      expect(bundle.link?.find(({ relation }) => relation === 'self')?.url).toContain('/Observation?');
      const [entry] = bundle.entry ?? [];
      expect(entry?.search?.mode).toBe('match');
      expect(entry?.fullUrl).toBe(`${target().base}/Observation/${entry?.resource?.id}`);
    });
    check('_sort by date, both ways', async () => {
      expect(names(matches(await search(`Observation?patient=${ann}&_sort=date`)))).toEqual(['stay', 'na', 'k1', 'k2']);
      expect(names(matches(await search(`Observation?patient=${ann}&_sort=-date`)))).toEqual([
        'k2',
        'k1',
        'na',
        'stay',
      ]);
    });
    check('_sort by several keys', async () => {
      const bundle = await search(`Observation?patient=${ann}&code=2823-3,2951-2&_sort=status,-date`);
      expect(names(matches(bundle))).toEqual(['k1', 'na', 'k2']);
    });
    check('_sort by _lastUpdated', async () => {
      const bundle = await search(
        `Observation?patient=${ann}&identifier=${system}|k1,${system}|k2,${system}|na&_sort=-_lastUpdated`,
      );
      expect(names(matches(bundle))).toEqual(['na', 'k2', 'k1']);
    });
    check('_count gives pages by absolute links, each resource once', async () => {
      const seen: string[] = [];
      let bundle = await search(
        `Observation?patient=${ann}&identifier=${system}|k1,${system}|k2,${system}|na&_sort=date&_count=2`,
      );
      for (let page = 0; page < 5; page++) {
        seen.push(...names(matches(bundle)));
        const next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
        if (!next) break;
        expect(next).toMatch(/^http/);
        bundle = (await get(next)).body;
      }
      expect(seen).toEqual(['na', 'k1', 'k2']);
    });
    check('pages stay what they were while others write', async () => {
      for (const day of [1, 2, 3, 4]) {
        await create(
          observation(`page-${day}`, cyd, {
            code: { coding: [{ system, code: 'paged' }] },
            effectiveDateTime: `2025-01-0${day}`,
          }),
        );
      }
      const first = await search(`Observation?code=${system}|paged&_sort=date&_count=2`);
      await create(
        observation('page-0', cyd, { code: { coding: [{ system, code: 'paged' }] }, effectiveDateTime: '2024-12-31' }),
      );
      const next = first.link?.find(({ relation }) => relation === 'next')?.url ?? '';
      const second = (await get(next)).body as Bundle;
      expect([...names(matches(first)), ...names(matches(second))]).toEqual(['page-1', 'page-2', 'page-3', 'page-4']);
    });
    check('_total=accurate counts beyond the page', async () => {
      const bundle = await search(`Observation?patient=${ann}&code=2823-3,2951-2&_count=1&_total=accurate`);
      expect(matches(bundle)).toHaveLength(1);
      expect(bundle.total).toBeGreaterThanOrEqual(3);
    });
    check('_summary=count has a total and no entries', async () => {
      const bundle = await search(`Observation?identifier=${system}|k1,${system}|k2&_summary=count`);
      expect(bundle.total).toBe(2);
      expect(bundle.entry ?? []).toEqual([]);
    });
    check('_elements leaves the rest out and says so', async () => {
      const [entry] = matches(await search(`Observation?identifier=${system}|k1&_elements=identifier,status`));
      const found = entry?.resource as Observation;
      expect(found.valueQuantity).toBeUndefined();
      expect(found.identifier?.[0]?.value).toBe('k1');
      expect(found.meta?.tag?.some(({ code }) => code === 'SUBSETTED')).toBe(true);
    });
    check('_summary=true keeps summary elements', async () => {
      const [entry] = matches(await search(`Patient?identifier=${system}|ann&_summary=true`));
      expect((entry?.resource as Patient | undefined)?.birthDate).toBe('1961-04-12');
    });
  });

  describe('_include and _revinclude', () => {
    const types = (bundle: Bundle, mode: string) =>
      (bundle.entry ?? []).filter((entry) => entry.search?.mode === mode).map(({ resource }) => resource?.resourceType);
    check('_include brings what is referred to, once, outside the total', async () => {
      const bundle = await search(`Observation?identifier=${system}|k1,${system}|k2&_include=Observation:subject`);
      expect(bundle.total).toBe(2);
      expect(types(bundle, 'include')).toEqual(['Patient']);
    });
    check('_include may be narrowed to a type', async () => {
      const other = await search(`Observation?identifier=${system}|k1&_include=Observation:subject:Group`);
      expect(types(other, 'include')).toEqual([]);
      const same = await search(`Observation?identifier=${system}|k1&_include=Observation:subject:Patient`);
      expect(types(same, 'include')).toEqual(['Patient']);
    });
    check('_revinclude brings what refers to it', async () => {
      const bundle = await search(`Patient?_id=${bob}&_revinclude=Observation:subject`);
      expect(bundle.total).toBe(1);
      expect(new Set(types(bundle, 'include'))).toEqual(new Set(['Observation']));
    });
    check('_include:iterate follows what was included', async () => {
      const [k1] = matches(await search(`Observation?identifier=${system}|k1`));
      await create({
        resourceType: 'DiagnosticReport',
        identifier: [{ system, value: 'iterate' }],
        status: 'final',
        code: { text: 'Panel' },
        result: [{ reference: `Observation/${k1?.resource?.id}` }],
      });
      const bundle = await search(
        `DiagnosticReport?identifier=${system}|iterate&_include=DiagnosticReport:result&_include:iterate=Observation:subject`,
      );
      expect(types(bundle, 'include').sort()).toEqual(['Observation', 'Patient']);
    });
    check('an unknown _include is 400', async () =>
      refused(await get(`Observation?patient=${ann}&_include=Observation:shoe`), 400),
    );
  });

  describe('conditional operations', () => {
    const when = (value: string) => ({ 'if-none-exist': `identifier=${system}|${value}` });
    check('If-None-Exist creates once', async () => {
      const first = await http('POST', 'Patient', patient('once'), when('once'));
      const second = await http('POST', 'Patient', patient('once'), when('once'));
      expect(first.status).toBe(201);
      expect(second.status).toBe(200);
      expect(second.body?.id).toBe(first.body?.id);
    });
    check('If-None-Exist that matches several is 412', async () => {
      await create(patient('several'));
      await create(patient('several'));
      refused(await http('POST', 'Patient', patient('several'), when('several')), 412);
    });
    check('twenty at once create one', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => http('POST', 'Patient', patient('parallel'), when('parallel'))),
      );
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(await find(`Patient?identifier=${system}|parallel`)).toEqual(['parallel']);
    });
    check('a conditional update creates, then updates', async () => {
      const path = `Patient?${encode(`identifier=${system}|upsert`)}`;
      const first = await http('PUT', path, patient('upsert'));
      const second = await http('PUT', path, patient('upsert', { gender: 'other' }));
      expect([first.status, second.status]).toEqual([201, 200]);
      expect(second.body.id).toBe(first.body.id);
      expect(second.body.meta.versionId).toBe('2');
    });
    check('a conditional update of several is 412', async () => {
      await create(patient('several-update'));
      await create(patient('several-update'));
      refused(
        await http('PUT', `Patient?${encode(`identifier=${system}|several-update`)}`, patient('several-update')),
        412,
      );
    });
    check('a conditional delete deletes one', async () => {
      await create(patient('gone'));
      const { status } = await http('DELETE', `Patient?${encode(`identifier=${system}|gone`)}`);
      expect([200, 204]).toContain(status);
      expect(await find(`Patient?identifier=${system}|gone`)).toEqual([]);
    });
    check('a conditional delete of several is 412', async () => {
      await create(patient('several-gone'));
      await create(patient('several-gone'));
      refused(await http('DELETE', `Patient?${encode(`identifier=${system}|several-gone`)}`), 412);
      expect(await find(`Patient?identifier=${system}|several-gone`)).toHaveLength(2);
    });
  });

  describe('batch and transaction', () => {
    const bundle = (type: 'batch' | 'transaction', entry: BundleEntry[]): Bundle => ({
      resourceType: 'Bundle',
      type,
      entry,
    });
    const post = (resource: Resource, more: object = {}): BundleEntry => ({
      resource,
      request: { method: 'POST', url: resource.resourceType, ...more },
    });
    const statuses = (answer: Answer) =>
      (answer.body as Bundle).entry?.map(({ response }) => Number(response?.status?.slice(0, 3)));

    check('a batch does each entry by itself', async () => {
      const answer = await http(
        'POST',
        '',
        bundle('batch', [
          post(patient('batch-1')),
          { request: { method: 'GET', url: `Patient/none-${run}` } },
          post(patient('batch-2')),
        ]),
      );
      expect(answer.status).toBe(200);
      expect(answer.body.type).toBe('batch-response');
      expect(statuses(answer)).toEqual([201, 404, 201]);
      expect(await find(`Patient?identifier=${system}|batch-1,${system}|batch-2`)).toEqual(['batch-1', 'batch-2']);
    });
    check('a transaction resolves urn:uuid in any order', async () => {
      const urn = `urn:uuid:${randomUUID()}`;
      const answer = await http(
        'POST',
        '',
        bundle('transaction', [
          post({ ...observation('tx-obs', cyd), subject: { reference: urn } }),
          { ...post(patient('tx-patient')), fullUrl: urn },
        ]),
      );
      expect(answer.status).toBe(200);
      expect(answer.body.type).toBe('transaction-response');
      expect(statuses(answer)).toEqual([201, 201]);
      expect(answer.body.entry[0].response.location).toMatch(/Observation\/[^/]+\/_history\/1$/);
      expect(answer.body.entry[0].response.etag).toBeTruthy();
      expect(await find(`Observation?patient.identifier=${system}|tx-patient`)).toEqual(['tx-obs']);
    });
    check('a transaction whose last entry fails leaves nothing', async () => {
      const answer = await http(
        'POST',
        '',
        bundle('transaction', [
          post(patient('atomic-1')),
          post(patient('atomic-2')),
          {
            request: { method: 'PUT', url: `Patient/${ann}`, ifMatch: 'W/"99"' },
            resource: { ...patient('ann'), id: ann },
          },
        ]),
      );
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body.resourceType).toBe('OperationOutcome');
      expect(await find(`Patient?identifier=${system}|atomic-1,${system}|atomic-2`)).toEqual([]);
    });
    check('a failed transaction undoes nothing of others who write meanwhile', async () => {
      const failing = bundle('transaction', [
        ...Array.from({ length: 10 }, (_, i) => post(patient(`lost-${i}`))),
        {
          request: { method: 'PUT', url: `Patient/${ann}`, ifMatch: 'W/"99"' },
          resource: { ...patient('ann'), id: ann },
        },
      ]);
      const answers = await Promise.all([
        http('POST', '', failing),
        ...Array.from({ length: 10 }, (_, i) => http('POST', 'Patient', patient(`kept-${i}`))),
        http('POST', '', failing),
      ]);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
      const range = (name: string) => Array.from({ length: 10 }, (_, i) => `${system}|${name}-${i}`).join(',');
      expect(await find(`Patient?identifier=${range('kept')}`)).toHaveLength(10);
      expect(await find(`Patient?identifier=${range('lost')}`)).toEqual([]);
    });
    check('a transaction takes conditional creates and points to what was there', async () => {
      const existing = await create(patient('tx-existing'));
      const urn = `urn:uuid:${randomUUID()}`;
      const answer = await http(
        'POST',
        '',
        bundle('transaction', [
          { ...post(patient('tx-existing'), { ifNoneExist: `identifier=${system}|tx-existing` }), fullUrl: urn },
          post({ ...observation('tx-conditional', cyd), subject: { reference: urn } }),
        ]),
      );
      expect(statuses(answer)).toEqual([200, 201]);
      expect(await find(`Observation?patient=${existing.id}`)).toEqual(['tx-conditional']);
      expect(await find(`Patient?identifier=${system}|tx-existing`)).toHaveLength(1);
    });
    check('a transaction of twenty conditional creates', async () => {
      const entries = Array.from({ length: 20 }, (_, i) =>
        post(patient(`many-${i}`), { ifNoneExist: `identifier=${system}|many-${i}` }),
      );
      expect(statuses(await http('POST', '', bundle('transaction', entries)))).toEqual(Array(20).fill(201));
      expect(statuses(await http('POST', '', bundle('transaction', entries)))).toEqual(Array(20).fill(200));
    });
    check('a transaction resolves conditional references', async () => {
      const resource = {
        ...observation('tx-reference', ann),
        subject: { reference: `Patient?identifier=${system}|ann` },
      };
      const answer = await http('POST', '', bundle('transaction', [post(resource)]));
      expect(answer.status).toBe(200);
      expect(await find(`Observation?patient=${ann}&identifier=${system}|tx-reference`)).toEqual(['tx-reference']);
    });
    check('a conditional reference to nothing fails the transaction', async () => {
      const resource = {
        ...observation('tx-dangling', ann),
        subject: { reference: `Patient?identifier=${system}|nobody` },
      };
      const answer = await http('POST', '', bundle('transaction', [post(patient('tx-dangling')), post(resource)]));
      refused(answer, 400, 404, 412);
      expect(await find(`Patient?identifier=${system}|tx-dangling`)).toEqual([]);
    });
    check('a transaction updates, deletes and reads', async () => {
      const updated = await create(patient('tx-update'));
      const deleted = await create(patient('tx-delete'));
      const answer = await http(
        'POST',
        '',
        bundle('transaction', [
          { request: { method: 'GET', url: `Patient/${updated.id}` } },
          { resource: { ...updated, gender: 'other' }, request: { method: 'PUT', url: `Patient/${updated.id}` } },
          { request: { method: 'DELETE', url: `Patient/${deleted.id}` } },
        ]),
      );
      expect(answer.status).toBe(200);
      expect(answer.body.entry[0].resource.gender).toBe('other');
      expect((await get(`Patient/${deleted.id}`)).status).toBe(410);
    });
    check('a Bundle of another type is refused', async () =>
      refused(await http('POST', '', { resourceType: 'Bundle', type: 'searchset', entry: [] }), 400, 422),
    );
  });

  describe('Binary', () => {
    const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) % 256);
    check('raw bytes come back as they were, with their type', async () => {
      const created = await http('POST', 'Binary', bytes, { 'content-type': 'application/dicom', accept: '*/*' });
      expect(created.status).toBe(201);
      const id = /Binary\/([^/]+)/.exec(created.headers.get('location') ?? '')?.[1];
      const { base, fetch } = target();
      const response = await fetch(`${base}/Binary/${id}`, { headers: { accept: 'application/dicom' } });
      expect(response.headers.get('content-type')).toContain('application/dicom');
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    });
    check('the FHIR form is the same Binary', async () => {
      const data = Buffer.from(bytes).toString('base64');
      const created = await http('POST', 'Binary', { resourceType: 'Binary', contentType: 'application/pdf', data });
      expect(created.status).toBe(201);
      const { body } = await get(`Binary/${created.body.id}`);
      expect(body).toMatchObject({ resourceType: 'Binary', contentType: 'application/pdf', data });
      const { base, fetch } = target();
      const raw = await fetch(`${base}/Binary/${created.body.id}`, { headers: { accept: 'application/pdf' } });
      expect(new Uint8Array(await raw.arrayBuffer())).toEqual(bytes);
    });
  });

  describe('operations', () => {
    const errors = (outcome: OperationOutcome) =>
      outcome.issue.filter(({ severity }) => severity === 'error' || severity === 'fatal');
    check('$validate finds nothing wrong with a right resource', async () => {
      const { status, body } = await http('POST', 'Patient/$validate', patient('valid'));
      expect(status).toBe(200);
      expect(errors(body)).toEqual([]);
    });
    check('$validate says what is wrong, and stores nothing', async () => {
      const resource = { resourceType: 'Observation', identifier: [{ system, value: 'invalid' }], status: 'final' };
      const { body } = await http('POST', 'Observation/$validate', resource);
      expect(errors(body).length).toBeGreaterThan(0);
      expect(await find(`Observation?identifier=${system}|invalid`)).toEqual([]);
    });
    check('Patient/$everything has the patient and what refers to the patient', async () => {
      const { status, body } = await get(`Patient/${bob}/$everything?_count=200`);
      expect(status).toBe(200);
      const found = (body as Bundle).entry?.map(({ resource }) => resource?.resourceType) ?? [];
      expect(found).toContain('Patient');
      expect(found).toContain('Observation');
      expect(names((body as Bundle).entry ?? [])).not.toContain('k1');
    });
  });

  describe('declared differences', () => {
    test('each names a case of this suite', () => {
      expect(Object.keys(differences).filter((name) => !known.has(name))).toEqual([]);
    });
  });
}
