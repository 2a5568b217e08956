import type { Job as BullJob, Queue as BullQueue } from 'bullmq';
import { errorTable } from '../errors.ts';
import { type DeadLetter, type Job, jobPriorities } from './queue.ts';

/** All that Redis holds of a job: references, and never a token or text. */
export interface Entry {
  readonly job: Job;
  readonly requestedAt: string;
  readonly trace?: string;
  /** Tells the one who asked first from those who asked for the same. */
  readonly asked: string;
}

export type Held = BullJob<Entry, void, string>;

/** BullMQ's ids may hold no colon, and must not be numbers. */
export function idOf(key: string): string {
  return `job-${encodeURIComponent(key)}`;
}

/** Whether it was given up. */
export function isDead(held: Held): boolean {
  return held.finishedOn !== undefined && held.failedReason !== undefined;
}

export function letterOf(held: Held): DeadLetter {
  const { failedReason } = held;
  return {
    job: held.data.job,
    // Anything else is BullMQ's own word for a job whose processes died.
    code: failedReason !== undefined && Object.hasOwn(errorTable, failedReason) ? failedReason : 'worker-lost',
    attempts: held.attemptsMade,
    at: new Date(held.finishedOn ?? held.timestamp).toISOString(),
  };
}

/**
 * When the oldest job that has not ended was asked for, in epoch milliseconds: read off the heads of the lanes, since
 * within one whoever came first is first.
 */
export async function oldestOf(queue: BullQueue<Entry, void, string>): Promise<number | undefined> {
  const lanes = await queue.getCountsPerPriority(jobPriorities.map((_, lane) => lane + 1));
  let start = 0;
  const heads: number[] = [];
  for (const count of Object.values(lanes)) {
    if (count > 0) {
      heads.push(start);
    }
    start += count;
  }
  const found = await Promise.all([
    ...heads.map((at) => queue.getJobs(['prioritized'], at, at, true)),
    queue.getJobs(['active', 'delayed', 'waiting'], 0, 100, true),
  ]);
  const asked = found.flat().flatMap((held) => (held ? [Date.parse(held.data.requestedAt)] : []));
  return asked.length === 0 ? undefined : Math.min(...asked);
}
