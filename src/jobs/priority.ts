import type { Task } from '@medplum/fhirtypes';
import type { TaskPriority } from '../fhir/job-task.ts';
import { type JobPriority, jobPriorities } from '../queue/queue.ts';

/** The Task keeps how soon its job is wanted, for the queue that it comes back to. */
const words: Readonly<Record<JobPriority, TaskPriority>> = { now: 'asap', arrival: 'urgent', backfill: 'routine' };

/** Most urgent first. */
export const taskPriorities: readonly TaskPriority[] = jobPriorities.map((priority) => words[priority]);

export function taskPriorityOf(priority: JobPriority): TaskPriority {
  return words[priority];
}

/** A Task without one was asked for by a hook. */
export function jobPriorityOf(task: Task): JobPriority {
  return jobPriorities.find((priority) => words[priority] === task.priority) ?? 'now';
}
