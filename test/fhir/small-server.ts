import type { Bundle, CapabilityStatement, Resource } from '@medplum/fhirtypes';

export interface SmallServerOptions {
  readonly base?: string;
  /** What /metadata says: conditional create by default. */
  readonly conditionalCreate?: boolean;
  readonly types?: readonly string[];
  /** Whether an update keeps the tags of the version before. */
  readonly keepsTags?: boolean;
  /** Called before each write; throws or answers instead of it. */
  readonly beforeWrite?: (request: { method: string; path: string }) => Response | undefined;
}

const fhirJson = { 'content-type': 'application/fhir+json' };

/**
 * A FHIR server of a hundred lines behind a fetch function: conditional create, If-Match, token and reference search,
 * `_include` of report results. It knows nothing of our code, so that both can be wrong only in different ways.
 */
export function smallServer(options: SmallServerOptions = {}) {
  const base = options.base ?? 'http://fhir.test/r4';
  const resources = new Map<string, Resource>();
  const binaries = new Map<string, { bytes: Uint8Array; contentType: string }>();
  const log: string[] = [];
  let serial = 0;

  const types = options.types ?? [
    'Observation',
    'DiagnosticReport',
    'Device',
    'Provenance',
    'Media',
    'Binary',
    'Task',
    'Patient',
    'ImagingStudy',
    'DocumentReference',
  ];
  const metadata: CapabilityStatement = {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [
      {
        mode: 'server',
        resource: types.map((type) => ({
          type: type as never,
          interaction: [{ code: 'create' }],
          conditionalCreate: options.conditionalCreate ?? true,
        })),
      },
    ],
  };

  const answer = (status: number, body: unknown, headers: Record<string, string> = fhirJson) =>
    new Response(JSON.stringify(body), { status, headers });
  const outcome = (status: number) =>
    answer(status, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'conflict' }] });

  function store(resource: Resource, id: string, version: number): Resource {
    const lastUpdated = new Date(1_700_000_000_000 + ++serial).toISOString();
    const saved = { ...resource, id, meta: { ...resource.meta, versionId: String(version), lastUpdated } } as Resource;
    resources.set(`${resource.resourceType}/${id}`, saved);
    return saved;
  }

  function find(type: string, query: URLSearchParams): Resource[] {
    const found = [...resources.values()].filter(
      (one) => one.resourceType === type && [...query].every(([name, value]) => matches(one, name, value)),
    );
    return query.get('_sort') === '-_lastUpdated' ? found.reverse() : found;
  }

  async function handle(url: URL, init: RequestInit): Promise<Response> {
    const path = url.href.slice(base.length + 1).split('?')[0] as string;
    const [type, id] = path.split('/') as [string, string | undefined];
    const method = init.method ?? 'GET';
    const headers = new Headers(init.headers);
    log.push(`${method} ${path}`);
    if (method !== 'GET') {
      const instead = options.beforeWrite?.({ method, path });
      if (instead !== undefined) {
        return instead;
      }
    }
    if (path === 'metadata') {
      return answer(200, metadata);
    }
    if (method === 'GET' && id !== undefined) {
      const binary = binaries.get(id);
      if (type === 'Binary' && binary !== undefined) {
        return new Response(new Uint8Array(binary.bytes), { headers: { 'content-type': binary.contentType } });
      }
      const resource = resources.get(path);
      return resource === undefined ? outcome(404) : answer(200, resource);
    }
    if (method === 'GET') {
      const found = find(type, url.searchParams);
      const included = url.searchParams.get('_include') === null ? [] : found.flatMap(resultsOf);
      const bundle: Bundle = {
        resourceType: 'Bundle',
        type: 'searchset',
        entry: [...found, ...included].map((resource) => ({ resource })),
      };
      return answer(200, bundle);
    }
    if (method === 'POST' && type === 'Binary') {
      const binaryId = `b${++serial}`;
      const bytes = new Uint8Array(await new Response(init.body).arrayBuffer());
      binaries.set(binaryId, { bytes, contentType: headers.get('content-type') ?? '' });
      return answer(201, { resourceType: 'Binary', id: binaryId, contentType: headers.get('content-type') });
    }
    const body = JSON.parse(String(init.body)) as Resource;
    if (method === 'POST') {
      const condition = headers.get('if-none-exist');
      const existing = condition === null ? [] : find(type, new URLSearchParams(condition));
      if (existing.length > 1) {
        return outcome(412);
      }
      return existing[0] === undefined ? answer(201, store(body, `r${++serial}`, 1)) : answer(200, existing[0]);
    }
    const old = resources.get(path);
    const version = Number(old?.meta?.versionId ?? 0);
    const ifMatch = /^W\/"(\d+)"$/.exec(headers.get('if-match') ?? '')?.[1];
    if (ifMatch !== undefined && Number(ifMatch) !== version) {
      return outcome(412);
    }
    // As HAPI does: tags of the version before are carried forward.
    const tag = [...(old?.meta?.tag ?? []), ...(body.meta?.tag ?? [])];
    const tags = options.keepsTags ? { meta: { ...body.meta, tag } } : {};
    return answer(200, store({ ...body, ...tags }, id as string, version + 1));
  }

  function resultsOf(resource: Resource): Resource[] {
    const results = resource.resourceType === 'DiagnosticReport' ? (resource.result ?? []) : [];
    return results.flatMap((result) => resources.get(result.reference ?? '') ?? []);
  }

  return {
    base,
    resources,
    binaries,
    log,
    put: (resource: Resource & { id: string }) => store(resource, resource.id, 1),
    of: <T extends Resource>(type: T['resourceType']) =>
      [...resources.values()].filter((one): one is T => one.resourceType === type),
    fetch: async (url: string, init: RequestInit): Promise<Response> => {
      init.signal?.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
      return handle(new URL(url), init);
    },
  };
}

function matches(resource: Resource, name: string, value: string): boolean {
  const fields = resource as unknown as Record<string, unknown>;
  const list = (field: unknown) => (Array.isArray(field) ? field : field === undefined ? [] : [field]);
  if (name === 'identifier') {
    const [system, code] = value.split('|');
    return list(fields.identifier).some((one) => one.system === system && (code === '' || one.value === code));
  }
  if (name === 'status') {
    return value.split(',').includes(String(fields.status));
  }
  if (['subject', 'patient', 'target', 'agent'].includes(name)) {
    const field = name === 'target' ? fields.target : (fields.subject ?? fields.for);
    const references = name === 'agent' ? list(fields.agent).map((one) => one.who) : list(field);
    return value
      .split(',')
      .some((wanted) => references.some((one) => one.reference === wanted || one.reference === `Patient/${wanted}`));
  }
  return true;
}
