import { beforeAll, describe } from '@jest/globals';
import { type FhirTarget, fhirServerContract } from '../contract/fhir-server.ts';
import { hapiDifferences } from './hapi/differences.ts';
import { HAPI_START_MS, hapi, hapiBase } from './hapi/server.ts';
import { describeWith } from './neighbour.ts';

/**
 * The contract suite against an independent server: HAPI FHIR, with its known differences. FHIR_TEST_BASE_URL runs the same
 * suite against any other server, without known differences.
 */
const other = process.env.FHIR_TEST_BASE_URL;

(other ? describe : describeWith(hapi))(other ? 'FHIR_TEST_BASE_URL' : hapi.name, () => {
  let target: FhirTarget;

  beforeAll(async () => {
    target = { base: other?.replace(/\/+$/, '') ?? (await hapiBase()), fetch };
  }, HAPI_START_MS);

  fhirServerContract(() => target, { differences: other ? {} : hapiDifferences });
});
