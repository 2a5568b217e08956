import type { Resource } from '@medplum/fhirtypes';
import { jobOfTask } from '../fhir/job-task.ts';
import { parseReference } from '../fhir/references.ts';
import { endOfSubject, type StaleReason } from '../fhir/subject.ts';
import { versionOf } from '../fhir/version.ts';
import type { VersionedReference } from '../queue/queue.ts';
import type { Candidate, StoredResult } from './analysis.ts';
import { isWithdrawal, withdrawalOf } from './plan.ts';

/** What a chart shows of the subjects of results. */
export interface SeenSubjects {
  /** By `Type/id`. */
  readonly resources: ReadonlyMap<string, Resource>;
  /** Types of which the chart shows all that there is: what is missing among them is not there. */
  readonly complete: ReadonlySet<string>;
}

/** Results whose subject is another version by now, was retracted, or is gone: not to be shown. */
export interface OutdatedResult {
  readonly result: StoredResult;
  readonly reason: StaleReason;
  /** What does not stand any more, and in which version it ended; that of the job where only that is known. */
  readonly input: VersionedReference;
}

export interface Standing {
  readonly current: readonly StoredResult[];
  readonly outdated: readonly OutdatedResult[];
}

export function seenIn(resources: readonly Resource[], complete: Iterable<string> = []): SeenSubjects {
  return {
    resources: new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, one])),
    complete: new Set(complete),
  };
}

/**
 * Which results still say what their subjects say, by the chart as it is seen and by the ledger itself: where a newer job
 * reads another version of the same subject, what was read from the older one is outdated, whatever the chart shows. What
 * cannot be told is taken to stand. Pure.
 */
export function standingOf(results: readonly StoredResult[], seen: SeenSubjects): Standing {
  const newest = newestVersions(results);
  const current: StoredResult[] = [];
  const outdated: OutdatedResult[] = [];
  for (const result of results) {
    const job = jobOfTask(result.task);
    const inputs = job ? [job.subject, ...job.companions] : [];
    const [first] = inputs.flatMap((input) => staleInput(input, seen, newest));
    if (first) {
      outdated.push({ result, ...first });
    } else {
      current.push(result);
    }
  }
  return { current, outdated };
}

/**
 * Outdated results that no candidate's job takes the place of, as something to do: a job that finds its subject gone,
 * retracted or changed, and withdraws what was read from it.
 */
export function withdrawals(
  outdated: readonly OutdatedResult[],
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const read = new Set(candidates.map(({ subject }) => subject.reference));
  const due = new Map<string, Candidate>();
  for (const { result, reason, input } of outdated) {
    const subject = { reference: localOf(input.reference), version: withdrawalOf(input.version) };
    const replaced = reason === 'subject-changed' && read.has(localOf(jobOfTask(result.task)?.subject.reference ?? ''));
    if (!replaced && isOpen(result, reason === 'subject-retracted')) {
      due.set(`${subject.reference} ${subject.version}`, { subject, companions: [] });
    }
  }
  return [...due.values()];
}

/** Whether there is anything left to withdraw; `all`: what a person accepted too. */
function isOpen({ report, observations }: StoredResult, all: boolean): boolean {
  return [...(report ? [report] : []), ...observations].some(
    ({ status }) => status === 'preliminary' || (all && status === 'final'),
  );
}

function staleInput(
  input: VersionedReference,
  { resources, complete }: SeenSubjects,
  newest: ReadonlyMap<string, string>,
): readonly Omit<OutdatedResult, 'result'>[] {
  const reference = localOf(input.reference);
  const resource = resources.get(reference);
  const type = reference.split('/')[0] ?? '';
  if (resource === undefined && complete.has(type)) {
    return [{ reason: 'subject-gone', input: { reference, version: 'gone' } }];
  }
  const end = resource && endOfSubject(resource);
  if (resource && end) {
    return [{ reason: end, input: { reference, version: versionOf(resource) } }];
  }
  // A client that leaves out the version says nothing of it.
  const versioned = resource?.meta?.versionId !== undefined || resource?.meta?.lastUpdated !== undefined;
  const version = resource && versioned ? versionOf(resource) : newest.get(reference);
  return version === undefined || version === input.version
    ? []
    : [{ reason: 'subject-changed', input: { ...input, reference } }];
}

/** The version of each subject that was asked for last, by the ledger. What turned out not to be there says nothing. */
function newestVersions(results: readonly StoredResult[]): ReadonlyMap<string, string> {
  const newest = new Map<string, { readonly version: string; readonly at: string }>();
  for (const { task } of results) {
    const record = task.status === 'cancelled' ? undefined : jobOfTask(task);
    const job = record && isWithdrawal(record) ? undefined : record;
    const reference = localOf(job?.subject.reference ?? '');
    const at = task.authoredOn ?? '';
    if (job && at > (newest.get(reference)?.at ?? '')) {
      newest.set(reference, { version: job.subject.version, at });
    }
  }
  return new Map([...newest].map(([reference, { version }]) => [reference, version]));
}

/** References of the store may be absolute; ids of one source are not ambiguous. */
function localOf(reference: string): string {
  const parsed = parseReference(reference);
  return parsed ? `${parsed.type}/${parsed.id}` : reference;
}
