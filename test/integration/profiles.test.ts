import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { generateProfiles, staleProfiles } from '../../tools/profiles.ts';

/** Needs SUSHI and the R4 package, which comes from npm once and is cached; so it belongs to the integration tests. */
test('the committed profiles are what SUSHI makes of the sources', () => {
  const folder = fileURLToPath(new URL('../../fhir-profiles/generated', import.meta.url));
  const generated = generateProfiles();
  expect(generated.size).toBeGreaterThan(20);
  expect(staleProfiles(generated, folder)).toEqual([]);
});
