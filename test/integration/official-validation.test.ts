import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { CANONICAL, codeSystem } from '../../src/fhir/codes.ts';
import { uploadProfiles } from '../../tools/upload-profiles.ts';
import { type Started, startService } from '../support/service.ts';
import { HAPI_START_MS, hapi, hapiBase } from './hapi/server.ts';
import { describeWith } from './neighbour.ts';

/**
 * HL7's own validator (InstanceValidator, inside HAPI FHIR) with our profiles, over every example and over what the real
 * service writes for the sample patients. Our own validator says the same of the examples in test/profiles.
 */
const written = ['Observation', 'DiagnosticReport', 'Device', 'Provenance', 'Media', 'Task'] as const;
const folder = new URL('../../fhir-profiles/examples/', import.meta.url);
const examples = (kind: 'valid' | 'invalid') =>
  readdirSync(new URL(`${kind}/`, folder)).map((name) => ({
    name,
    profile: `${CANONICAL}/StructureDefinition/${name.split('.')[0]}`,
    rule: name.split('.')[1] as string,
    resource: JSON.parse(readFileSync(new URL(`${kind}/${name}`, folder), 'utf8')) as Resource,
  }));

/** Errors that are the terminology's and not the resource's: message → why. No other error is passed over. */
const unknownToHapi: Readonly<Record<string, string>> = {
  [`Unknown code '${codeSystem.observationValue}#AIAST'`]:
    'HAPI brings this code system as R4 published it; HL7 Terminology has added AIAST since',
};

/** Invalid by our rules and not by the validator's: example → why. Each is checked to be still so. */
const acceptedByHapi: Readonly<Record<string, string>> = {
  'ai-lab-result.extension-undefined.json': 'an extension that nobody defines is allowed unless it is a modifier',
};

describeWith(hapi)('official validation', () => {
  let base: string;

  beforeAll(async () => {
    base = await hapiBase();
    expect(await uploadProfiles({ base })).toHaveLength(readdirSync(new URL('../generated/', folder)).length);
  }, HAPI_START_MS);

  async function errors(resource: Resource, profile: string): Promise<readonly string[]> {
    const type = resource.resourceType;
    const response = await fetch(`${base}/${type}/$validate?profile=${encodeURIComponent(profile)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' },
      body: JSON.stringify(resource),
    });
    const outcome = (await response.json()) as OperationOutcome;
    expect(outcome.resourceType).toBe('OperationOutcome');
    return outcome.issue
      .filter(({ severity }) => severity === 'error' || severity === 'fatal')
      .filter(({ diagnostics = '' }) => !Object.hasOwn(unknownToHapi, diagnostics))
      .map(describeIssue);
  }

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

  describe('what the service writes for the sample patients', () => {
    let service: Started;
    beforeAll(async () => {
      service = await startService('sample patients read');
    }, 180_000);
    afterAll(() => service?.stop(), 30_000);

    test.each(written)('%s', async (type) => {
      const bundle = (await (await fetch(`${service.base}/fhir/R4/${type}?_count=1000`)).json()) as Bundle;
      const all = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);
      const ours = all.flatMap((resource) => {
        const profile = resource.meta?.profile?.find((one) => one.startsWith(CANONICAL));
        return profile ? [{ resource, profile }] : [];
      });
      expect(bundle.link?.filter(({ relation }) => relation === 'next') ?? []).toEqual([]);
      expect(ours.length).toBeGreaterThan(1);
      const wrong: Record<string, readonly string[]> = {};
      for (const { resource, profile } of ours) {
        const found = await errors(resource, profile);
        if (found.length > 0) {
          wrong[`${type}/${resource.id}`] = found;
        }
      }
      expect(wrong).toEqual({});
    });
  });
});

function describeIssue({ details, expression, diagnostics }: OperationOutcomeIssue): string {
  return [details?.coding?.[0]?.code, expression?.[0], diagnostics].filter(Boolean).join(' | ');
}
