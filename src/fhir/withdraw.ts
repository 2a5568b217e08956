import type { Device, DiagnosticReport, Media, Observation, Reference, Resource } from '@medplum/fhirtypes';
import type { Capabilities } from './capability.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { identifierSystem } from './codes.ts';
import { completeDevice } from './device.ts';
import { revisionProvenance, staleProvenance } from './provenance.ts';
import type { ReaderDraft } from './result-draft.ts';
import { identifierOf, token } from './result-key.ts';
import type { StaleReason } from './subject.ts';
import { createOnce, retract, type Target } from './write.ts';
import { ensureProvenance } from './write-provenance.ts';
import { inOrder, inputOf, referenceTo } from './write-result.ts';

/** Keys that one search names. */
const KEYS = 10;

export type ReadResource = Observation | Media | DiagnosticReport;

/** Why results are withdrawn, and by whom. */
export interface Withdrawal {
  readonly reason: StaleReason;
  /** What does not stand any more, as this server refers to it. */
  readonly subject: string;
  /** Whether what a person accepted goes too: where the author of the subject took the subject itself back. */
  readonly accepted: boolean;
  readonly reader: ReaderDraft;
  readonly serviceVersion?: string;
  readonly organization: { readonly reference?: string; readonly display?: string };
  /** ISO instant. */
  readonly now: string;
  /** The report that takes the place of what is withdrawn, and the key of what it was read from. */
  readonly replacement?: { readonly report: string; readonly inputKey: string };
}

/** What a withdrawal did on one server. References are relative to it. */
export interface Withdrawn {
  /** Now entered-in-error. */
  readonly retracted: readonly string[];
  /** Left as they are: a person accepted or changed them. */
  readonly kept: readonly string[];
}

/** All that was read from the named inputs and written to one server, whole sets and halves of sets. */
export async function resultsOfInputs(
  client: FhirClient,
  can: Capabilities,
  keys: readonly string[],
  call: CallOptions,
): Promise<readonly ReadResource[]> {
  const found: ReadResource[] = [];
  for (let start = 0; start < keys.length; start += KEYS) {
    const identifier = keys
      .slice(start, start + KEYS)
      .map((key) => token(identifierSystem.input, key))
      .join(',');
    for (const type of ['DiagnosticReport', 'Observation', 'Media'] as const) {
      if (can(type) !== 'none') {
        found.push(...(await client.search<ReadResource>(type, { identifier, _count: '200' }, call)));
      }
    }
  }
  return found;
}

/**
 * Withdraws on one server what was found there: entered-in-error, values stay, with a Provenance that says why. A person's
 * own word stands unless `accepted`. Every step is conditional and may be repeated; who was faster is left alone.
 */
export async function withdrawResults(
  client: FhirClient,
  can: Capabilities,
  found: readonly ReadResource[],
  withdrawal: Withdrawal,
  call: CallOptions,
): Promise<Withdrawn> {
  const target = (type: Resource['resourceType']): Target => ({ client, capability: can(type), call });
  // Reports first: what a hook shows hangs on them.
  const { accepted } = withdrawal;
  const ended = await inOrder(found, (one) => retract<ReadResource>(target(one.resourceType), one, { accepted }));
  const gone = ended.filter(({ action }) => action !== 'kept').map(({ resource }) => resource);
  const kept = ended.filter(({ action }) => action === 'kept').map(({ resource }) => resource);
  const report = withdrawal.replacement;
  if (can('Provenance') !== 'none' && (gone.length > 0 || (report && kept.length > 0))) {
    const author = await authorOn(target('Device'), withdrawal);
    const shared = { author, now: withdrawal.now, organization: withdrawal.organization };
    for (const [inputKey, resources] of Map.groupBy(gone, inputOf)) {
      const why = staleProvenance({ ...shared, inputKey, reason: withdrawal.reason, subject: withdrawal.subject });
      await ensureProvenance(target('Provenance'), why, resources.map(referenceTo));
    }
    const older = [...gone, ...kept].filter(isReport).map(asEntity);
    if (report && older.length > 0) {
      await ensureProvenance(
        target('Provenance'),
        revisionProvenance({ ...shared, inputKey: report.inputKey }, older),
        [report.report],
      );
    }
  }
  return {
    retracted: ended.filter(({ action }) => action === 'retracted').map(({ resource }) => referenceTo(resource)),
    kept: kept.filter(({ status }) => status !== 'entered-in-error').map(referenceTo),
  };
}

/** The Device that acts: a literal reference where the server takes Devices. */
async function authorOn(target: Target, withdrawal: Withdrawal): Promise<Reference<Device>> {
  const device = completeDevice(withdrawal.reader, withdrawal.serviceVersion);
  const logical = { type: 'Device', identifier: device.identifier?.[0], display: device.deviceName?.[0]?.name };
  if (target.capability === 'none') {
    return logical as Reference<Device>;
  }
  const { resource } = await createOnce(target, device, identifierSystem.reader);
  return { reference: `Device/${resource.id}`, ...logical } as Reference<Device>;
}

function isReport(resource: ReadResource): boolean {
  return resource.resourceType === 'DiagnosticReport';
}

function asEntity(report: ReadResource): Reference<never> {
  const value = identifierOf(report, identifierSystem.result);
  return {
    reference: referenceTo(report),
    type: 'DiagnosticReport',
    identifier: { system: identifierSystem.result, value },
  } as Reference<never>;
}
