import type { Coding, Reference, Task, TaskInput, TaskOutput } from '@medplum/fhirtypes';
import { codeSystem, identifierSystem, profile } from './codes.ts';
import { identifierOf } from './result-key.ts';

interface JobReference {
  readonly reference: string;
  readonly version: string;
}

/** A job as the queue knows it (src/queue/queue.ts has the same shape). References are written as they stand here. */
export interface JobRecord {
  readonly key: string;
  readonly analysis: string;
  readonly reader: string;
  readonly patient: string;
  readonly subject: JobReference;
  readonly companions: readonly (JobReference & { readonly role: string })[];
}

/** How soon a job is wanted, in FHIR's words. */
export type TaskPriority = NonNullable<Task['priority']>;

/** The Task of a job that nobody has begun. `now` is an ISO instant. */
export function taskOfJob(job: JobRecord, now: string, priority: TaskPriority = 'asap'): Task {
  return {
    resourceType: 'Task',
    meta: { profile: [profile.job] },
    identifier: [{ system: identifierSystem.job, value: job.key }],
    status: 'requested',
    intent: 'order',
    priority,
    code: { coding: [jobCoding(job.analysis)] },
    focus: { reference: job.subject.reference },
    for: { reference: job.patient },
    authoredOn: now,
    lastModified: now,
    input: [
      { type: { coding: [jobCoding('reader')] }, valueString: job.reader },
      { type: { coding: [jobCoding('subject')] }, valueReference: versioned(job.subject) },
      ...job.companions.map((companion) => ({
        type: { coding: [jobCoding('companion')], text: companion.role },
        valueReference: versioned(companion),
      })),
    ],
  };
}

/** The job of a Task; undefined when the Task is not one of ours or lacks a part. */
export function jobOfTask(task: Task): JobRecord | undefined {
  const key = identifierOf(task, identifierSystem.job);
  const analysis = task.code?.coding?.find((coding) => coding.system === codeSystem.job)?.code;
  const reader = inputsOf(task, 'reader')[0]?.valueString;
  const subject = jobReference(inputsOf(task, 'subject')[0]);
  const companions = inputsOf(task, 'companion').map((input) => ({ ...jobReference(input), role: input.type?.text }));
  const patient = task.for?.reference;
  const whole = key && analysis && reader && subject && patient && companions.every((one) => one.reference && one.role);
  return whole
    ? { key, analysis, reader, patient, subject, companions: companions as JobRecord['companions'] }
    : undefined;
}

/** How often the job has been begun. */
export function attemptsOf(task: Task): number {
  const output = task.output?.find((one) => one.type?.coding?.some(isJobCode('attempts')));
  return output?.valuePositiveInt ?? 0;
}

/** Which attempt of which process runs the job, or ran it last. */
export function runnerOf(task: Task): string | undefined {
  return task.output?.find(isRunner)?.valueString;
}

/** What an attempt leaves of itself in the Task: how many there were, and whose it is. */
export function attemptOutputs(task: Task, runner: string): NonNullable<Task['output']> {
  return [
    { type: { coding: [jobCoding('attempts')] }, valuePositiveInt: attemptsOf(task) + 1 },
    { type: { coding: [jobCoding('runner')] }, valueString: runner },
  ];
}

/** Whether an output tells of attempts, not of what they wrote. */
export function isAttemptOutput(output: TaskOutput): boolean {
  return output.valuePositiveInt !== undefined || isRunner(output);
}

function isRunner(output: TaskOutput): boolean {
  return output.type?.coding?.some(isJobCode('runner')) ?? false;
}

/** References of what the job wrote. */
export function outputsOf(task: Task): readonly string[] {
  return (task.output ?? [])
    .filter((one) => one.type?.coding?.some(isJobCode('result')))
    .flatMap((one) => one.valueReference?.reference ?? []);
}

export function jobCoding(code: string): Coding {
  return { system: codeSystem.job, code };
}

function isJobCode(code: string): (coding: Coding) => boolean {
  return (coding) => coding.system === codeSystem.job && coding.code === code;
}

/** The version is no FHIR version id on every server (some have none), so it stands beside the reference, not in it. */
function versioned(reference: JobReference): Reference {
  return {
    reference: reference.reference,
    identifier: { system: identifierSystem.version, value: reference.version },
  };
}

function inputsOf(task: Task, code: string): readonly TaskInput[] {
  return (task.input ?? []).filter((input) => input.type?.coding?.some(isJobCode(code)));
}

function jobReference(input: TaskInput | undefined): JobReference | undefined {
  const reference = input?.valueReference?.reference;
  const version = input?.valueReference?.identifier?.value;
  return reference === undefined || version === undefined ? undefined : { reference, version };
}
