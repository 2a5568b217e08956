import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { CANONICAL, codeSystem } from '../../src/fhir/codes.ts';
import { completeResult } from '../../src/fhir/complete.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import type { ResultDraft } from '../../src/fhir/result-draft.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { uploadProfiles } from '../../tools/upload-profiles.ts';
import { context, labDraft, potassium } from '../fhir/draft.ts';
import { type Started, startService } from '../support/service.ts';
import { HAPI_START_MS, hapi, hapiBase } from './hapi/server.ts';
import { describeWith } from './neighbour.ts';

/**
 * HL7's own validator (InstanceValidator, inside HAPI FHIR) with our profiles, over the profiles themselves, every
 * example and what the real service writes for the sample patients. Our own validator says the same of the examples in
 * test/profiles.
 */
const written = ['Observation', 'DiagnosticReport', 'Device', 'Provenance', 'Media', 'Task'] as const;
const folder = new URL('../../fhir-profiles/examples/', import.meta.url);
const generated = new URL('../generated/', folder);
const examples = (kind: 'valid' | 'invalid') =>
  readdirSync(new URL(`${kind}/`, folder)).map((name) => ({
    name,
    profile: `${CANONICAL}/StructureDefinition/${name.split('.')[0]}`,
    rule: name.split('.')[1] as string,
    resource: JSON.parse(readFileSync(new URL(`${kind}/${name}`, folder), 'utf8')) as Resource,
  }));

/** Errors that are this server's and not the resource's: message → why. No other error is passed over. */
const notOurs: Readonly<Record<string, string>> = {
  [`Unknown code '${codeSystem.observationValue}#AIAST'`]:
    'HAPI brings this code system as R4 published it; HL7 Terminology has added AIAST since',
  'Error generating Snapshot: Unable to resolve package id hl7.fhir.r4.core#null (this usually arises from a problem in the differential)':
    'to compare our snapshot of an extension with one of its own, the validator wants a package cache, which HAPI lacks',
};

/** Invalid by our rules and not by the validator's: example → why. Each is checked to be still so. */
const acceptedByHapi: Readonly<Record<string, string>> = {
  'ai-lab-result.extension-undefined.json': 'an extension that nobody defines is allowed unless it is a modifier',
};

describeWith(hapi)('official validation', () => {
  let base: string;
  const met = new Set<string>();

  beforeAll(async () => {
    base = await hapiBase();
    expect(await uploadProfiles({ base })).toHaveLength(readdirSync(generated).length);
  }, HAPI_START_MS);

  async function errors(resource: Resource, profile?: string): Promise<readonly string[]> {
    const type = resource.resourceType;
    const response = await fetch(
      `${base}/${type}/$validate${profile ? `?profile=${encodeURIComponent(profile)}` : ''}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' },
        body: JSON.stringify(resource),
      },
    );
    const outcome = (await response.json()) as OperationOutcome;
    expect(outcome.resourceType).toBe('OperationOutcome');
    return outcome.issue
      .filter(({ severity }) => severity === 'error' || severity === 'fatal')
      .filter(({ diagnostics = '' }) => {
        met.add(diagnostics);
        return !Object.hasOwn(notOurs, diagnostics);
      })
      .map(describeIssue);
  }

  test.each(readdirSync(generated))('%s is a valid artefact', async (name) => {
    expect(await errors(JSON.parse(readFileSync(new URL(name, generated), 'utf8')))).toEqual([]);
  });

  test.each(examples('valid'))('$name is valid', async ({ resource, profile }) => {
    expect(await errors(resource, profile)).toEqual([]);
  });

  test.each(examples('invalid'))('$name is invalid', async ({ name, resource, profile, rule }) => {
    const found = await errors(resource, profile);
    if (Object.hasOwn(acceptedByHapi, name)) {
      expect(found).toEqual([]);
      return;
    }
    // An invariant is broken by name; the validator has words of its own for everything else.
    const expected = /-\d$/.test(rule) ? `Constraint failed: ${rule}:` : '';
    expect(found).toContainEqual(expect.stringContaining(expected));
  });

  /** Errors of resources that Interval wrote, by reference. */
  async function errorsOf(resources: readonly Resource[]): Promise<Readonly<Record<string, readonly string[]>>> {
    const wrong: Record<string, readonly string[]> = {};
    for (const resource of resources) {
      const profile = resource.meta?.profile?.find((one) => one.startsWith(CANONICAL));
      const found = profile ? await errors(resource, profile) : ['claims none of our profiles'];
      if (found.length > 0) {
        wrong[`${resource.resourceType}/${resource.id}`] = found;
      }
    }
    return wrong;
  }

  describe('what the service writes for the sample patients', () => {
    let service: Started;
    beforeAll(async () => {
      service = await startService('sample patients read');
    }, 180_000);
    afterAll(() => service?.stop(), 30_000);

    test.each(written)('%s', async (type) => {
      const all = await everything((path) => fetch(`${service.base}/fhir/R4/${path}`), type);
      // What stood in the charts before has ids of its own.
      const ours = all.filter(({ id }) => !id?.startsWith('sample-'));
      expect(ours.length).toBeGreaterThan(1);
      expect(await errorsOf(ours)).toEqual({});
    });
  });

  test('what is taken back', async () => {
    const server = createFhirServer({ base: 'http://127.0.0.1:9/fhir/R4' });
    try {
      const client = createFhirClient({ base: server.base, fetch: server.fetch });
      const servers = { store: client, source: client, mode: 'full' } as const;
      const reading = (change: Partial<ResultDraft>) => completeResult(labDraft(change), context);
      await createWriteBack()(reading({}), servers);
      const later = { jobKey: 'job-2', observations: [potassium(6.5)], media: [] };
      const { store } = await createWriteBack()(reading(later), servers);
      expect(store.retracted).toHaveLength(2);
      const all = await Promise.all(
        written.map((type) => everything((path) => server.fetch(`${server.base}/${path}`), type)),
      );
      const statuses = all.flat().map((one) => ('status' in one ? one.status : undefined));
      expect(statuses.filter((status) => status === 'entered-in-error')).toHaveLength(2);
      expect(await errorsOf(all.flat())).toEqual({});
    } finally {
      server.close();
    }
  });

  test('every exception above is still needed', () => {
    expect(Object.keys(notOurs).filter((message) => !met.has(message))).toEqual([]);
  });
});

async function everything(get: (path: string) => Promise<Response>, type: string): Promise<readonly Resource[]> {
  const bundle = (await (await get(`${type}?_count=1000`)).json()) as Bundle;
  expect(bundle.link?.filter(({ relation }) => relation === 'next') ?? []).toEqual([]);
  return (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
}

function describeIssue({ details, expression, diagnostics }: OperationOutcomeIssue): string {
  return [details?.coding?.[0]?.code, expression?.[0], diagnostics].filter(Boolean).join(' | ');
}
