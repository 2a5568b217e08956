import type { Task } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { codeSystem, identifierSystem } from './codes.ts';
import { attemptsOf, type JobRecord, jobCoding, taskOfJob } from './job-task.ts';
import { conditionalQuery, token } from './result-key.ts';

/** The job ledger: one Task a job, in the store. */

type Status = NonNullable<Task['status']>;

/** From each state, where a job may go. What was read or refused stays so; what failed or was cancelled may be asked for again. */
const transitions: Readonly<Partial<Record<Status, readonly Status[]>>> = {
  requested: ['in-progress', 'cancelled', 'failed', 'rejected'],
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
  options: TaskOptions,
): Promise<{ readonly task: Task; readonly created: boolean }> {
  const query = conditionalQuery([['identifier', token(identifierSystem.job, job.key)]]);
  const made = await store.createIfNoneExist(taskOfJob(job, options.now), query, options);
  return { task: made.resource, created: made.created };
}

export async function findTask(store: FhirClient, key: string, options: CallOptions = {}): Promise<Task | undefined> {
  const query = { identifier: token(identifierSystem.job, key), _count: '2' };
  return (await store.search<Task>('Task', query, options))[0];
}

/** Jobs that are requested or in progress, oldest first: after a restart these are to be queued again. */
export async function findUnfinished(
  store: FhirClient,
  options: CallOptions & {
    /** ISO instant: Tasks in progress that changed later belong to a process that may still be alive. */
    readonly inProgressBefore?: string;
  } = {},
): Promise<readonly Task[]> {
  const query = { identifier: `${identifierSystem.job}|`, status: 'requested,in-progress', _sort: '_lastUpdated' };
  const tasks = await store.search<Task>(
    'Task',
    { ...query, _count: '200' },
    { ...options, maxResources: 10_000, maxPages: 100 },
  );
  const before = options.inProgressBefore === undefined ? undefined : Date.parse(options.inProgressBefore);
  return tasks.filter(
    (task) =>
      task.status === 'requested' ||
      before === undefined ||
      Date.parse(task.lastModified ?? task.meta?.lastUpdated ?? '') < before,
  );
}

/** Takes the job up: in-progress, one more attempt. `fhir-conflict` when another process was faster. */
export function startTask(store: FhirClient, task: Task, options: TaskOptions): Promise<Task> {
  return change(store, task, 'in-progress', options, {
    executionPeriod: { start: task.executionPeriod?.start ?? options.now },
    statusReason: undefined,
    output: [
      ...(task.output ?? []).filter((output) => output.valuePositiveInt === undefined),
      { type: { coding: [jobCoding('attempts')] }, valuePositiveInt: attemptsOf(task) + 1 },
    ],
  });
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
    output: [...(task.output ?? []).filter((output) => output.valuePositiveInt !== undefined), ...results],
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
