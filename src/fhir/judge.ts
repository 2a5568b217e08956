import type { DiagnosticReport, Observation, Provenance, Reference } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient } from './client.ts';
import { codeSystem, identifierSystem } from './codes.ts';
import { unlessMissing } from './missing.ts';
import { parseReference } from './references.ts';
import { identifierOf, isAiAsserted, isOurs, token } from './result-key.ts';
import { validateForWrite } from './validate.ts';
import { isConflict } from './write.ts';
import { ensureProvenance } from './write-provenance.ts';

export type Verdict = 'accept' | 'reject';

/** Who judged, as far as it is known. Never more than that. */
export interface Judge {
  /** Reference of the person in the form of the server that is written to; absent where nobody knows. */
  readonly person?: string;
  /** How the person is known, or why not: stands in the Provenance. */
  readonly how: string;
  /** The system that brought the judgement. */
  readonly system: { readonly id: string; readonly display: string };
  readonly organization: { readonly reference?: string; readonly display?: string };
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Versioned references of Observations of ours on this server. */
  readonly observations: readonly string[];
  readonly judge: Judge;
  /** ISO instants: when the person judged, when it is written. */
  readonly at: string;
  readonly now: string;
}

/** What a judgement did on one server. References are relative to it. */
export interface Judged {
  /** Now final, or entered-in-error: by this call or an earlier one of the same judgement. */
  readonly done: readonly string[];
  /** Changed by this call: Observations and their report. */
  readonly changed: readonly string[];
  /** Left as they are: changed since they were shown, not ours, or judged otherwise before. */
  readonly left: readonly string[];
  /** Patient of the results, as they refer to it. */
  readonly patient?: string;
}

const statusOf = { accept: 'final', reject: 'entered-in-error' } as const;
const activityOf = { accept: 'UPDATE', reject: 'NULLIFY' } as const;

/**
 * A person has judged results of ours: what is still preliminary, and still as it was shown, becomes final or
 * entered-in-error, with a Provenance of that person. The report follows when none of its results is left to judge.
 * Safe to repeat: what is done is left, and what was broken off is completed. Labels and fingerprints stay as they were,
 * so that a later job sees that this is no longer its own to change.
 */
export async function judgeResults(client: FhirClient, judgement: Judgement, call: CallOptions = {}): Promise<Judged> {
  const done: string[] = [];
  const changed: string[] = [];
  const left: string[] = [];
  let patient: string | undefined;
  for (const reference of judgement.observations) {
    const parsed = parseReference(reference);
    if (parsed?.type !== 'Observation' || parsed.base !== undefined) {
      left.push(reference);
      continue;
    }
    const local = `Observation/${parsed.id}`;
    const outcome = await judgeOne(client, parsed.id, parsed.version, judgement.verdict, call);
    patient ??= outcome.observation?.subject?.reference;
    (outcome.how === 'left' ? left : done).push(local);
    if (outcome.how === 'changed') {
      changed.push(local);
    }
  }
  const reports = done.length === 0 ? [] : await settleReports(client, done, call);
  changed.push(...reports);
  if (done.length > 0) {
    const target = { client, capability: 'conditional', call } as const;
    await ensureProvenance(target, provenanceOf(judgement), [...done, ...reports]);
  }
  return { done, changed, left, ...(patient === undefined ? {} : { patient }) };
}

/** The same judgement on another server that holds the same results under their keys, without versions: they are others. */
export async function findCopies(
  from: FhirClient,
  to: FhirClient,
  observations: readonly string[],
  call: CallOptions = {},
): Promise<readonly string[]> {
  const copies: string[] = [];
  for (const reference of observations) {
    const original = await from.read<Observation>('Observation', parseReference(reference)?.id ?? '', call);
    const key = identifierOf(original, identifierSystem.result);
    if (key === undefined) {
      continue;
    }
    const identifier = token(identifierSystem.result, key);
    const found = await to.search<Observation>('Observation', { identifier, _count: '2' }, call);
    copies.push(...found.map(({ id }) => `Observation/${id}`));
  }
  return copies;
}

async function judgeOne(
  client: FhirClient,
  id: string,
  shown: string | undefined,
  verdict: Verdict,
  call: CallOptions,
): Promise<{ readonly how: 'changed' | 'already' | 'left'; readonly observation?: Observation }> {
  const status = statusOf[verdict];
  for (let attempt = 1; ; attempt++) {
    const observation = await unlessMissing(client.read<Observation>('Observation', id, call));
    if (observation === undefined || !isOurs(observation) || !isAiAsserted(observation)) {
      return { how: 'left' };
    }
    if (observation.status === status) {
      return { how: 'already', observation };
    }
    const version = observation.meta?.versionId;
    // Another value than the person saw: a newer reading has taken its place.
    if (observation.status !== 'preliminary' || (shown !== undefined && version !== undefined && shown !== version)) {
      return { how: 'left', observation };
    }
    const judged: Observation & { id: string } = { ...observation, id, status };
    validateForWrite(judged);
    try {
      await client.update(judged, { ...call, ...(version === undefined ? {} : { ifMatch: version }) });
      return { how: 'changed', observation };
    } catch (error) {
      if (!isConflict(error) || attempt >= 3) {
        throw error;
      }
    }
  }
}

/** Reports and panels that group judged results follow them when nothing of theirs is left to judge. */
async function settleReports(
  client: FhirClient,
  judged: readonly string[],
  call: CallOptions,
): Promise<readonly string[]> {
  const found = await client.search<DiagnosticReport | Observation>(
    'DiagnosticReport',
    { result: judged.slice(0, 20).join(','), _include: 'DiagnosticReport:result', _count: '20' },
    call,
  );
  const changed: string[] = [];
  const status = new Map(found.map((one) => [`${one.resourceType}/${one.id}`, one.status as string]));
  // Panels first: a report follows its panels too.
  const panels = found.filter(
    (one): one is Observation => one.resourceType === 'Observation' && !!one.hasMember?.length,
  );
  const reports = found.filter((one): one is DiagnosticReport => one.resourceType === 'DiagnosticReport');
  for (const group of [...panels, ...reports]) {
    if (group.status !== 'preliminary' || !isOurs(group) || !isAiAsserted(group)) {
      continue;
    }
    const members = group.resourceType === 'Observation' ? group.hasMember : group.result;
    const states = (members ?? []).map(({ reference }) => status.get(localOf(reference)));
    if (states.some((one) => one === undefined || one === 'preliminary')) {
      continue;
    }
    const settled = states.every((one) => one === 'entered-in-error') ? 'entered-in-error' : 'final';
    const next = { ...group, id: group.id as string, status: settled } as typeof group & { id: string };
    validateForWrite(next);
    const version = group.meta?.versionId;
    try {
      await client.update(next, { ...call, ...(version === undefined ? {} : { ifMatch: version }) });
    } catch (error) {
      if (isConflict(error)) {
        // Somebody has just changed it: it is theirs.
        continue;
      }
      throw error;
    }
    const reference = `${group.resourceType}/${group.id}`;
    status.set(reference, settled);
    changed.push(reference);
  }
  return changed;
}

/** R4 names a person by `verifier`; who only passed the word on is an `informant`. US Core wants on whose behalf. */
function provenanceOf({ verdict, judge, at, now }: Judgement): Provenance {
  const role = (code: string) => ({ coding: [{ system: codeSystem.provenanceParticipant, code }] });
  const who: Reference<never> =
    judge.person === undefined ? { display: judge.how } : { reference: judge.person, display: judge.how };
  return {
    resourceType: 'Provenance',
    target: [],
    occurredDateTime: at,
    recorded: now,
    activity: { coding: [{ system: codeSystem.dataOperation, code: activityOf[verdict] }] },
    agent: [
      { type: role('verifier'), who, onBehalfOf: { ...judge.organization } },
      {
        type: role('informant'),
        who: {
          identifier: { system: identifierSystem.client, value: judge.system.id },
          display: judge.system.display,
        },
      },
    ],
  };
}

function localOf(reference: string | undefined): string {
  const parsed = parseReference(reference);
  return parsed ? `${parsed.type}/${parsed.id}` : '';
}
