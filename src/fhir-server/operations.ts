import type { FhirRequest } from '@medplum/fhir-router';
import type { Bundle, OperationOutcome, Parameters, Resource, StructureDefinition } from '@medplum/fhirtypes';
import type { Parts } from './parts.ts';
import { MAX_COUNT, parseQuery } from './query.ts';
import { refuse } from './refusal.ts';
import { issuesOf } from './validation.ts';

/**
 * https://hl7.org/fhir/R4/resource-operation-validate.html: against base R4 and every profile that is asked for, or
 * claimed in `meta.profile`, as far as this server knows it.
 */
export function validate(parts: Parts, request: FhirRequest): OperationOutcome {
  const body = request.body as Resource | undefined;
  const given = body?.resourceType === 'Parameters' ? (body as Parameters).parameter : undefined;
  const resource = given ? given.find(({ name }) => name === 'resource')?.resource : body;
  if (!resource || resource.resourceType !== request.params.type) {
    throw refuse('invalid', `There is no ${request.params.type} to validate.`);
  }
  const asked = [
    ...new URLSearchParams(request.url.split('?')[1] ?? '').getAll('profile'),
    ...(given ?? []).flatMap(({ name, valueUri, valueCanonical }) =>
      name === 'profile' ? (valueUri ?? valueCanonical ?? []) : [],
    ),
  ];
  const issue: OperationOutcome['issue'] = [...issuesOf(resource), ...(parts.validate?.(resource) ?? [])];
  for (const url of new Set([...asked, ...(resource.meta?.profile ?? [])])) {
    const profile = profileOf(parts, url);
    if (profile) {
      issue.push(...issuesOf(resource, profile));
    } else {
      const severity = asked.includes(url) ? 'error' : 'warning';
      issue.push({ severity, code: 'not-supported', details: { text: `The profile ${url} is not known here.` } });
    }
  }
  return {
    resourceType: 'OperationOutcome',
    issue:
      issue.length > 0 ? issue : [{ severity: 'information', code: 'informational', details: { text: 'No issues.' } }],
  };
}

function profileOf({ profiles, catalog, search, store }: Parts, canonical: string): StructureDefinition | undefined {
  const [url = ''] = canonical.split('|');
  const known = profiles.find((profile) => profile.url === url);
  if (known) {
    return known;
  }
  const [hit] = search.match(
    parseQuery(catalog, 'StructureDefinition', [['url', url.replace(/([\\,|$])/g, '\\$1')]]),
    1,
  );
  const stored = hit && (store.readRow(hit.rid) as Resource as StructureDefinition);
  return stored?.snapshot ? stored : undefined;
}

/** The patient and all that refers to the patient by `patient` or `subject`, in the order of writing. */
export function everything(parts: Parts, id: string, parameters: URLSearchParams): Bundle {
  const { store, database, catalog, base } = parts;
  for (const key of parameters.keys()) {
    if (!['_type', '_count', '_cursor', '_format'].includes(key)) {
      throw refuse('not-supported', `$everything has no parameter ${key}.`);
    }
  }
  const types = parameters.get('_type')?.split(',');
  const count = Math.min(Number(parameters.get('_count') ?? MAX_COUNT), MAX_COUNT);
  const after = Number(parameters.get('_cursor') ?? 0);
  if (!(count > 0) || !(after >= 0)) {
    throw refuse('invalid', '_count must be a whole number above zero.');
  }
  const patient = store.read('Patient', id);
  const own = catalog.types
    .filter((type) => types === undefined || types.includes(type))
    .flatMap((type) => ['patient', 'subject'].flatMap((code) => catalog.parameters(type).get(code)?.id ?? []));
  const rows = database.all<{ rid: number; key: string }>(
    `SELECT DISTINCT r.rid, r.key FROM reference x JOIN resource r ON r.rid = x.rid
     WHERE x.target = ? AND x.param IN (${own.join(',')}) AND r.deleted = 0 AND r.rid > ? ORDER BY r.rid LIMIT ?`,
    `Patient/${id}`,
    after,
    count + 1,
  );
  const page = rows.slice(0, count);
  const link = (cursor: number | undefined) => {
    const pairs = new URLSearchParams(parameters);
    if (cursor !== undefined) pairs.set('_cursor', String(cursor));
    return `${base}/Patient/${id}/$everything${pairs.size > 0 ? `?${pairs}` : ''}`;
  };
  const entries = page.map(({ rid, key }) => ({ key, resource: store.readRow(rid) as Resource }));
  const first = after === 0 ? [{ key: `Patient/${id}`, resource: patient as Resource }] : [];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    link: [
      { relation: 'self', url: link(undefined) },
      ...(rows.length > count ? [{ relation: 'next', url: link(page.at(-1)!.rid) }] : []),
    ],
    entry: [...first, ...entries].map(({ key, resource }) => ({
      fullUrl: `${base}/${key}`,
      resource,
      search: { mode: 'match' as const },
    })),
  };
}
