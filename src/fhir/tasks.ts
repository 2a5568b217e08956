import type { Task } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { codeSystem, identifierSystem } from './codes.ts';
import {
  attemptOutputs,
  isAttemptOutput,
  type JobRecord,
  jobCoding,
  type TaskPriority,
  taskOfJob,
} from './job-task.ts';
import { conditionalQuery, token } from './result-key.ts';

/** The job ledger: one Task a job, in the store. */

type Status = NonNullable<Task['status']>;

/** From each state, where a job may go. What was read or refused stays so; what failed or was cancelled may be asked for again. */
const transitions: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  requested: ['requested', 'in-progress', 'cancelled', 'failed', 'rejected'],
  'in-progress': ['in-progress', 'requested', 'completed', 'failed', 'rejected', 'cancelled'],
  failed: ['requested'],
  cancelled: ['requested'],
};

export interface TaskOptions extends CallOptions {
  /** ISO instant of the change. */
  readonly now: string;
}

/** Creates the Task of a job, or finds the one that is there: the key makes it one. */
export async function createTask(
  store: FhirClient,
  job: JobRecord,
  options: TaskOptions & { readonly priority?: TaskPriority },
): Promise<{ readonly task: Task; readonly created: boolean }> {
  const query = conditionalQuery([['identifier', token(identifierSystem.job, job.key)]]);
  const made = await store.createIfNoneExist(taskOfJob(job, options.now, options.priority), query, callOf(options));
  return { task: made.resource, created: made.created };
}

export async function findTask(store: FhirClient, key: string, options: CallOptions = {}): Promise<Task | undefined> {
  const query = { identifier: token(identifierSystem.job, key), _count: '2' };
  return (await store.search<Task>('Task', query, options))[0];
}

/** Jobs that nobody has begun, those that were asked for first first. */
export function findRequested(
  store: FhirClient,
  options: CallOptions & { readonly most?: number; readonly priority?: TaskPriority } = {},
): Promise<readonly Task[]> {
  const { most = 10_000, priority } = options;
  const query = { ...ours, status: 'requested', _sort: '_lastUpdated', _count: String(Math.min(most, 200)) };
  return store.search<Task>('Task', priority === undefined ? query : { ...query, priority }, {
    ...callOf(options),
    maxResources: most,
    maxPages: 100,
  });
}

/** Jobs that somebody runs, or ran when he died. */
export function findInProgress(store: FhirClient, options: CallOptions = {}): Promise<readonly Task[]> {
  const query = { ...ours, status: 'in-progress', _count: '200' };
  return store.search<Task>('Task', query, { ...callOf(options), maxResources: 10_000, maxPages: 100 });
}

/** Jobs that were given up, those that were given up last first. */
export function findFailed(store: FhirClient, options: CallOptions = {}): Promise<readonly Task[]> {
  const query = { ...ours, status: 'failed', _sort: '-_lastUpdated', _count: '200' };
  return store.search<Task>('Task', query, { ...callOf(options), maxResources: 10_000, maxPages: 100 });
}

const ours = { identifier: `${identifierSystem.job}|` };

/** Takes the job up: in-progress, one more attempt. `fhir-conflict` when another process was faster. */
export function startTask(
  store: FhirClient,
  task: Task,
  options: TaskOptions & { readonly runner: string },
): Promise<Task> {
  const others = (task.output ?? []).filter((output) => !isAttemptOutput(output));
  return change(store, task, 'in-progress', options, {
    executionPeriod: { start: options.now },
    statusReason: undefined,
    output: [...others, ...attemptOutputs(task, options.runner)],
  });
}

/** The sign of life of whoever runs the job. `fhir-conflict` when it is no longer theirs. */
export function touchTask(store: FhirClient, task: Task, options: TaskOptions): Promise<Task> {
  return change(store, task, 'in-progress', options, {});
}

/** What waits is wanted sooner. `fhir-conflict` when it waits no longer. */
export async function hastenTask(
  store: FhirClient,
  task: Task,
  options: TaskOptions & { readonly priority: TaskPriority },
): Promise<Task> {
  if (task.status !== 'requested') {
    throw new IntervalError('fhir-conflict', `A job that is ${task.status} waits no longer.`);
  }
  return change(store, task, 'requested', options, { priority: options.priority });
}

/** The last write of a job: everything that it wrote is in place. */
export function completeTask(
  store: FhirClient,
  task: Task,
  options: TaskOptions & { readonly outputs: readonly string[]; readonly owner?: string },
): Promise<Task> {
  const results = options.outputs.map((reference) => ({
    type: { coding: [jobCoding('result')] },
    valueReference: { reference },
  }));
  return change(store, task, 'completed', options, {
    ...ended(task, options),
    ...(options.owner === undefined ? {} : { owner: { reference: options.owner } }),
    statusReason: undefined,
    output: [...(task.output ?? []).filter(isAttemptOutput), ...results],
  });
}

/** A reader or guard abstained, or the input cannot be read: a normal end, nothing to try again. */
export function rejectTask(store: FhirClient, task: Task, options: TaskOptions & Reason): Promise<Task> {
  return change(store, task, 'rejected', options, { ...ended(task, options), statusReason: statusReason(options) });
}

export function failTask(store: FhirClient, task: Task, options: TaskOptions & Reason): Promise<Task> {
  return change(store, task, 'failed', options, { ...ended(task, options), statusReason: statusReason(options) });
}

/** The subject is gone or has changed: another job, if any, reads it. */
export function cancelTask(store: FhirClient, task: Task, options: TaskOptions & Reason): Promise<Task> {
  return change(store, task, 'cancelled', options, { ...ended(task, options), statusReason: statusReason(options) });
}

/** Back to requested: an attempt failed and another follows, or somebody asks for a job again that failed or was cancelled. */
export function requeueTask(store: FhirClient, task: Task, options: TaskOptions & Partial<Reason>): Promise<Task> {
  const { code, system } = options;
  return change(store, task, 'requested', options, {
    executionPeriod: undefined,
    statusReason: code && system ? statusReason({ ...options, code, system }) : undefined,
  });
}

/** Why a job did not complete: a code of src/errors.ts or of an abstention. The text carries no patient data. */
export interface Reason {
  readonly system: 'error' | 'abstention';
  readonly code: string;
  readonly text?: string;
}

function statusReason(reason: Reason): Task['statusReason'] {
  return {
    coding: [{ system: codeSystem[reason.system], code: reason.code }],
    ...(reason.text ? { text: reason.text } : {}),
  };
}

function ended(task: Task, options: TaskOptions): Pick<Task, 'executionPeriod'> {
  return { executionPeriod: { start: task.executionPeriod?.start ?? options.now, end: options.now } };
}

async function change(
  store: FhirClient,
  task: Task,
  status: Status,
  options: TaskOptions,
  values: Partial<Task>,
): Promise<Task> {
  if (task.id === undefined || !transitions[task.status as Status]?.includes(status)) {
    throw new IntervalError('fhir-conflict', `A job that is ${task.status} cannot become ${status}.`);
  }
  const ifMatch = task.meta?.versionId;
  return store.update<Task>(
    { ...task, ...values, id: task.id, status, lastModified: options.now },
    { ...callOf(options), ...(ifMatch === undefined ? {} : { ifMatch }) },
  );
}

function callOf(options: CallOptions): CallOptions {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  };
}
