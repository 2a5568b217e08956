import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Moment } from './calendar.ts';
import type { StudyUids } from './chest-study.ts';
import type { Person } from './person.ts';
import type { ChestParameters } from './thorax/chest.ts';

/** One film to be simulated, and what the DICOM header shall say about it. */
export interface FilmOrder {
  readonly chest: ChestParameters;
  readonly person: Person;
  readonly at: Moment;
  readonly uids: StudyUids;
  readonly view: 'PA' | 'AP' | 'LL';
}

export interface Films {
  /** The DICOM file (Part 10, Explicit VR Little Endian). */
  take(order: FilmOrder): Promise<Uint8Array>;
}

/** UIDs under 2.25 from a name; the same name gives the same UIDs. */
export function uidsOf(name: string): StudyUids {
  const uid = (part: string) => {
    const digest = createHash('sha256').update(`${name}:${part}`).digest('hex').slice(0, 31);
    return `2.25.${BigInt(`0x${digest}`)}`;
  };
  return { study: uid('study'), series: uid('series'), instance: uid('instance') };
}

/**
 * Simulates films in at most two worker threads, since one takes a few hundred milliseconds of computing. Threads are
 * started with the first film and end when no film is waited for.
 */
export function createFilms(threads = Math.min(2, availableParallelism())): Films {
  const waiting: { order: FilmOrder; resolve(bytes: Uint8Array): void; reject(error: unknown): void }[] = [];
  let running = 0;

  const work = () => {
    running++;
    const worker = new Worker(new URL('./film-worker.ts', import.meta.url), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // the DICOM writer's library talks on the console
      stdout: true,
      stderr: true,
    });
    let current: (typeof waiting)[number] | undefined;
    const next = () => {
      current = waiting.shift();
      if (current) {
        worker.postMessage(current.order);
      } else {
        running--;
        worker.removeAllListeners();
        void worker.terminate();
      }
    };
    worker.on('message', (bytes: Uint8Array) => {
      current?.resolve(bytes);
      next();
    });
    worker.on('error', (error) => {
      running--;
      current?.reject(error);
      for (const left of waiting.splice(0)) {
        left.reject(error);
      }
    });
    next();
  };

  return {
    take: (order) =>
      new Promise((resolve, reject) => {
        waiting.push({ order, resolve, reject });
        if (running < threads) {
          work();
        }
      }),
  };
}
