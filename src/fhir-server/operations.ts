import type { FhirRequest } from '@medplum/fhir-router';
import type {
  Bundle,
  BundleEntry,
  OperationOutcome,
  Parameters,
  Resource,
  StructureDefinition,
} from '@medplum/fhirtypes';
import type { Parts } from './parts.ts';
import { parseQuery } from './query.ts';
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

/** The patient and all that refers to the patient by `patient` or `subject`, in one Bundle. */
export function everything(parts: Parts, id: string, parameters: URLSearchParams): Bundle {
  const { store, database, catalog, base } = parts;
  for (const key of parameters.keys()) {
    if (key !== '_type' && key !== '_format') throw refuse('not-supported', `$everything has no parameter ${key}.`);
  }
  const types = parameters.get('_type')?.split(',');
  const patient = store.read('Patient', id);
  const compartment = catalog.types.flatMap((type) =>
    ['patient', 'subject'].flatMap((code) => catalog.parameters(type).get(code)?.id ?? []),
  );
  const rows = database.all<{ rid: number; key: string; type: string }>(
    `SELECT DISTINCT r.rid, r.key, r.type FROM reference x JOIN resource r ON r.rid = x.rid
     WHERE x.target = ? AND x.param IN (${compartment.join(',')}) AND r.deleted = 0 ORDER BY r.rid`,
    `Patient/${id}`,
  );
  const entry: BundleEntry[] = [
    { fullUrl: `${base}/Patient/${id}`, resource: patient as Resource, search: { mode: 'match' } },
    ...rows
      .filter(({ type }) => types === undefined || types.includes(type))
      .map(({ rid, key }) => ({
        fullUrl: `${base}/${key}`,
        resource: store.readRow(rid) as Resource,
        search: { mode: 'match' as const },
      })),
  ];
  return { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry };
}
