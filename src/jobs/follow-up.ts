import { isWithdrawal } from '../analyses/plan.ts';
import type { Job } from '../queue/queue.ts';

/**
 * After a job found that its subject has changed: the patient is looked at again, so that the newer version is read though
 * nobody asks. A server's search may lag behind its reads: what it still says of the old version is asked for again a few
 * times, later each time, and then left to the next hook or arrival.
 */
export function createFollowUp(options: {
  readonly again: (patientId: string) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
  /** Milliseconds until the patient is looked at, after the first time that a job ends so, the second, … */
  readonly delaysMs?: readonly number[];
}): { cancelled(job: Job): void; close(): void } {
  const { again, onError, delaysMs = [500, 5000, 60_000] } = options;
  const times = new Map<string, number>();
  const waiting = new Map<string, NodeJS.Timeout>();
  return {
    cancelled(job) {
      const before = times.get(job.key) ?? 0;
      const delay = delaysMs[before];
      if (isWithdrawal(job) || delay === undefined || waiting.has(job.patient)) {
        return;
      }
      // Keys of a day are few; of what was forgotten the count begins anew.
      if (times.size >= 1000) {
        times.clear();
      }
      times.set(job.key, before + 1);
      const timer = setTimeout(() => {
        waiting.delete(job.patient);
        again(job.patient.split('/').at(-1) ?? '').catch(onError);
      }, delay);
      timer.unref();
      waiting.set(job.patient, timer);
    },
    close() {
      for (const timer of waiting.values()) {
        clearTimeout(timer);
      }
      waiting.clear();
    },
  };
}
