import type { Task } from '@medplum/fhirtypes';
import { type ActiveAnalysis, readerDraft } from '../analyses/active.ts';
import { inputKey, isWithdrawal } from '../analyses/plan.ts';
import { createCapabilityCache } from '../fhir/capability.ts';
import type { CallOptions, FhirClient } from '../fhir/client.ts';
import { identifierSystem } from '../fhir/codes.ts';
import type { CompleteContext } from '../fhir/complete.ts';
import { attemptsOf, jobOfTask } from '../fhir/job-task.ts';
import { type ReferenceForm, sameReference } from '../fhir/references.ts';
import { identifierOf } from '../fhir/result-key.ts';
import { type Staleness, type StaleReason, staleBy } from '../fhir/subject.ts';
import { type ReadResource, resultsOfInputs, type Withdrawal, withdrawResults } from '../fhir/withdraw.ts';
import type { WriteMode, WriteOutcome } from '../fhir/write-back.ts';
import type { Job, VersionedReference } from '../queue/queue.ts';
import { rewritten } from './request.ts';

/** One thing that a job read, and why it does not stand any more. */
export interface Stale extends Staleness {
  readonly input: VersionedReference;
}

/** What was withdrawn, on all servers together. */
export interface Settled {
  readonly reason: StaleReason;
  readonly retracted: number;
  readonly kept: number;
}

/** What the job itself wrote. */
export type Written = Pick<WriteOutcome, 'store' | 'source'> & { readonly set: string };

export interface SettleParts {
  readonly store: FhirClient;
  readonly source: FhirClient;
  readonly form: ReferenceForm;
  /** Results are withdrawn in the source too where they were written there. */
  readonly mode?: WriteMode;
  readonly complete: Omit<CompleteContext, 'now'>;
  readonly clock: () => Date;
  /** Told of what changed on one server, for the audit; references are relative to it. */
  readonly onWithdrawn?: (changed: readonly string[], server: FhirClient, job: Job) => Promise<void>;
}

/** A patient's jobs that are looked through for older ones on the same subject. */
const MOST_TASKS = 2000;

/** Keeps what was read true to what stands in the source: results of older, retracted and deleted subjects are withdrawn. */
export function createSettling(parts: SettleParts) {
  const { store, source, form, complete, clock } = parts;
  const capabilitiesFor = createCapabilityCache();

  /** The first input of a job that does not stand any more. */
  async function staleOf(job: Job, call: CallOptions): Promise<Stale | undefined> {
    for (const input of inputsOf(job)) {
      const stale = await staleBy(source, input, call);
      if (stale !== undefined) {
        return { input, ...stale };
      }
    }
    return undefined;
  }

  /** Withdraws what was read from a subject that is gone, was retracted, or is another version by now. */
  async function withdrawStale(job: Job, active: ActiveAnalysis, stale: Stale, call: CallOptions): Promise<Settled> {
    const { input, reason, now } = stale;
    const isOld = (version: string) =>
      reason !== 'subject-changed' || version === input.version || (isWithdrawal(job) && version !== now);
    const jobs = (await jobsOf(job, call)).filter((other) =>
      inputsOf(other).some(({ reference, version }) => isSame(reference, input.reference) && isOld(version)),
    );
    return withdraw([job, ...jobs], job, active, stale, {}, call);
  }

  /**
   * Withdraws what older jobs read from the subject of a job that has ended: from an older version, or together with
   * something that does not stand any more. `check` throws when the job itself is no longer the newest: it is asked after
   * the older results were looked up, so that a slow job takes nothing from a newer one.
   */
  async function supersede(
    job: Job,
    active: ActiveAnalysis,
    written: Written | undefined,
    check: () => Promise<void>,
    call: CallOptions,
  ): Promise<Settled> {
    const older: Job[] = [];
    for (const other of await jobsOf(job, call)) {
      if (other.key !== job.key && inputKey(other) === inputKey(job) && written) {
        // Read before by others: the same version, but perhaps other bytes under the same address.
        older.push(job);
      } else if (inputKey(other) !== inputKey(job) && isSame(other.subject.reference, job.subject.reference)) {
        const changed = other.subject.version !== job.subject.version;
        if (changed || (await staleOf({ ...other, subject: job.subject }, call)) !== undefined) {
          older.push(other);
        }
      }
    }
    const stale: Stale = { input: job.subject, reason: 'subject-changed' };
    return withdraw(older, job, active, stale, { ...(written ? { written } : {}), check }, call);
  }

  async function withdraw(
    jobs: readonly Job[],
    job: Job,
    active: ActiveAnalysis,
    { input, reason }: Stale,
    options: { readonly written?: Written; readonly check?: () => Promise<void> },
    call: CallOptions,
  ): Promise<Settled> {
    const keys = [...new Set(jobs.map(inputKey))];
    const servers = [
      { client: store, subject: form.toStore(input.reference), report: options.written?.store.report },
      ...(parts.mode === 'full' && source.base !== store.base
        ? [{ client: source, subject: input.reference, report: options.written?.source?.report }]
        : []),
    ];
    const found: { readonly at: (typeof servers)[number]; readonly resources: readonly ReadResource[] }[] = [];
    for (const at of keys.length === 0 ? [] : servers) {
      const resources = await resultsOfInputs(at.client, await capabilitiesFor(at.client, call), keys, call);
      const set = options.written?.set;
      found.push({ at, resources: resources.filter((one) => set === undefined || resultSetOf(one) !== set) });
    }
    await options.check?.();
    let retracted = 0;
    let kept = 0;
    for (const { at, resources } of found) {
      const withdrawal: Withdrawal = {
        reason,
        subject: at.subject,
        accepted: reason === 'subject-retracted',
        reader: readerDraft(active),
        organization: complete.organization,
        now: clock().toISOString(),
        ...(complete.serviceVersion === undefined ? {} : { serviceVersion: complete.serviceVersion }),
        ...(at.report === undefined ? {} : { replacement: { report: at.report, inputKey: inputKey(job) } }),
      };
      const can = await capabilitiesFor(at.client, call);
      const ended = await withdrawResults(at.client, can, resources, withdrawal, call);
      if (ended.retracted.length > 0) {
        await parts.onWithdrawn?.(ended.retracted, at.client, job);
      }
      retracted += ended.retracted.length;
      kept += ended.kept.length;
    }
    return { reason, retracted, kept };
  }

  /** Jobs of the patient that have been begun, in the form of the source. */
  async function jobsOf(job: Job, call: CallOptions): Promise<readonly Job[]> {
    const tasks = await store.search<Task>(
      'Task',
      {
        subject: form.toStore(job.patient),
        identifier: `${identifierSystem.job}|`,
        _sort: '-_lastUpdated',
        _count: '200',
      },
      { ...call, maxResources: MOST_TASKS },
    );
    return tasks
      .filter((task) => attemptsOf(task) > 0)
      .flatMap((task) => jobOfTask(task) ?? [])
      .filter(({ analysis }) => analysis === job.analysis)
      .map((record) => rewritten(record, form.toSource));
  }

  const isSame = (one: string, other: string) => sameReference(one, other, source.base);

  return { staleOf, withdrawStale, supersede };
}

function resultSetOf(resource: ReadResource): string | undefined {
  return identifierOf(resource, identifierSystem.resultSet);
}

function inputsOf(job: Job): readonly VersionedReference[] {
  return [job.subject, ...job.companions];
}
