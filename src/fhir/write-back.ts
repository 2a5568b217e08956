import type { Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { type Capabilities, createCapabilityCache } from './capability.ts';
import type { FhirClient } from './client.ts';
import type { CompleteResult } from './complete.ts';
import { mapReferences, referenceForm } from './references.ts';
import { validateForWrite } from './validate.ts';
import type { WriteOptions } from './write-options.ts';
import { type ServerOutcome, writeResult } from './write-result.ts';

/** `full` writes to the source with the service's own credentials; the others write to the store alone. */
export type WriteMode = 'full' | 'suggest' | 'none';

export interface WriteServers {
  readonly store: FhirClient;
  readonly source: FhirClient;
  readonly mode: WriteMode;
}

export type { ServerOutcome };

export interface WriteOutcome {
  readonly store: ServerOutcome;
  /** Absent when the source is the store, or its mode is not `full`. */
  readonly source?: ServerOutcome;
  /** True when the mode is `full` and the source says that it takes no Observations. */
  readonly sourceDeclines?: true;
}

export type WriteBack = (
  result: CompleteResult,
  servers: WriteServers,
  options?: WriteOptions,
) => Promise<WriteOutcome>;

/**
 * Writes a job's result into the store, then into the source as its mode allows. Idempotent: every resource is created
 * conditionally under its identifier, so that a run killed anywhere and repeated ends the same; the caller completes the
 * Task afterwards, last of all. Runs for the same result wait for each other inside this process.
 */
export function createWriteBack(): WriteBack {
  const capabilitiesFor = createCapabilityCache();
  const running = new Map<string, Promise<unknown>>();

  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = running.get(key) ?? Promise.resolve();
    const turn = before.then(work, work);
    running.set(key, turn);
    try {
      return await turn;
    } finally {
      if (running.get(key) === turn) {
        running.delete(key);
      }
    }
  }

  return async (result, servers, { check, ...call } = {}) => {
    for (const resource of resourcesOf(result)) {
      validateForWrite(resource);
    }
    const writeTo = (client: FhirClient, can: Capabilities, local: CompleteResult) =>
      inTurn(`${client.base} ${local.set.value}`, () =>
        writeResult(client, can, local, { ...call, ...(check ? { check } : {}) }),
      );
    const can = await capabilitiesFor(servers.store, call);
    if (can('Observation') === 'none' || can('DiagnosticReport') === 'none') {
      throw new IntervalError('fhir-rejected', 'The store takes no Observations or DiagnosticReports.');
    }
    const store = await writeTo(servers.store, can, result);
    if (servers.mode !== 'full' || servers.source.base === servers.store.base) {
      return { store };
    }
    const { toSource } = referenceForm({ source: servers.source.base, store: servers.store.base });
    const sourceCan = await capabilitiesFor(servers.source, call);
    if (sourceCan('Observation') === 'none') {
      return { store, sourceDeclines: true };
    }
    return { store, source: await writeTo(servers.source, sourceCan, localResult(result, toSource)) };
  };
}

/** All resources of a result in the order in which they are written. */
export function resourcesOf(result: CompleteResult): readonly Resource[] {
  return [
    result.device,
    ...result.observations,
    ...result.media.map((one) => one.resource),
    result.report,
    result.provenance,
  ];
}

function localResult(result: CompleteResult, rewrite: (reference: string) => string): CompleteResult {
  return {
    ...result,
    observations: mapReferences(result.observations, rewrite),
    media: result.media.map((one) => ({ ...one, resource: mapReferences(one.resource, rewrite) })),
    report: mapReferences(result.report, rewrite),
    provenance: mapReferences(result.provenance, rewrite),
  };
}
