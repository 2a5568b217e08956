import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { createFhirClient } from '../fhir/medplum-client.ts';
import { type ReferenceForm, referenceForm } from '../fhir/references.ts';
import { createFhirServer } from '../fhir-server/server.ts';
import { connect, openServiceKeys } from '../servers.ts';
import type { Config } from '../settings.ts';

/** The configured store; the embedded one is read from its file, or asked over HTTP where a running service has it. */
export async function openStore(
  config: Config,
  url: string | undefined,
): Promise<{ readonly store: FhirClient; readonly form: ReferenceForm; close(): void }> {
  if (url !== undefined) {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new IntervalError('config-invalid', 'Option --store must be an http or https URL.');
    }
    return { ...alone(createFhirClient({ base: url })), close: () => undefined };
  }
  if (config.storeUrl !== '') {
    const embedded = config.sourceUrl === '' ? { base: 'http://127.0.0.1/fhir/R4' } : undefined;
    const { store, form } = connect(config, embedded, { keys: await openServiceKeys(config) });
    return { store, form, close: () => undefined };
  }
  const file = join(config.data, 'interval.sqlite');
  if (config.data === '' || !existsSync(file)) {
    throw new IntervalError(
      'config-invalid',
      'The store is the embedded server: name its directory with --data, or ask a running service with --store http://127.0.0.1:3000/fhir/R4.',
    );
  }
  const server = createFhirServer({ base: 'http://127.0.0.1/fhir/R4', file });
  return { ...alone(createFhirClient({ base: server.base, fetch: server.fetch })), close: () => server.close() };
}

/** A store whose source is not asked: references stay as they stand there. */
function alone(store: FhirClient) {
  return { store, form: referenceForm({ source: store.base, store: store.base }) };
}
