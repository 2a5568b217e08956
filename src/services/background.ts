import { setTimeout as sleep } from 'node:timers/promises';
import { asIntervalError, IntervalError } from '../errors.ts';
import type { NewEntry } from '../fhir/client.ts';

export interface BackgroundOptions {
  /** Pieces that may wait; what comes beyond is lost, and said so. */
  readonly limit: number;
  /** Creates records, all or none. `alone`: they are one piece, and may be written in other ways where that is refused. */
  readonly write: (entries: readonly NewEntry[], alone: boolean) => Promise<unknown>;
  /** Pieces of records that are written at once at most. */
  readonly together: number;
  /** Pause after each write, so that answering hooks comes first; what comes meanwhile is written with the next. */
  readonly pauseMs: number;
  /** The longest pause: it is longer after what took longer, as long as there is room for more that waits. */
  readonly busyPauseMs?: number;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly retryMs: number;
  readonly onLost: (kind: string, error: unknown) => void;
}

export interface Background {
  /** Does it soon, behind the answer's back, in the order in which it was asked for. */
  add(kind: string, work: () => Promise<unknown>): void;
  /** Writes records that belong together, in the same order, and with others that wait in one go. */
  keep(kind: string, entries: readonly NewEntry[]): void;
  /** Resolves when nothing waits any more, at the latest after so many milliseconds. */
  idle(maxMs?: number): Promise<void>;
}

/** How much longer hooks have the machine than what is done here. */
const SHARE = 4;

type Piece = { readonly kind: string } & (
  | { readonly work: () => Promise<unknown> }
  | { readonly entries: readonly NewEntry[] }
);
type Records = Extract<Piece, { readonly entries: unknown }>;

/**
 * What must not keep a clinician waiting: records and audit events are written here, one write after the other, each tried a
 * few times. What waits is lost when the process is killed; nothing of it is needed to answer.
 */
export function createBackground(options: BackgroundOptions): Background {
  const waiting: Piece[] = [];
  let running: Promise<void> | undefined;

  /** The pieces that are done next, in one go: one piece of work, or records as far as they follow each other. */
  function next(): readonly Piece[] {
    const end = waiting.slice(0, options.together).findIndex((piece) => !('entries' in piece));
    return waiting.splice(0, end === -1 ? options.together : Math.max(1, end));
  }

  const doOnce = (pieces: readonly Piece[]): Promise<unknown> => {
    const [first] = pieces;
    return first !== undefined && 'work' in first
      ? first.work()
      : options.write(
          (pieces as readonly Records[]).flatMap(({ entries }) => entries),
          pieces.length === 1,
        );
  };

  async function attempt(pieces: readonly Piece[]): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await doOnce(pieces);
        return;
      } catch (error) {
        if (pieces.length > 1 && !asIntervalError(error).retry) {
          // One that is refused does not take the others with it.
          for (const piece of pieces) {
            await attempt([piece]);
          }
          return;
        }
        // What was refused by the store would be refused again.
        const refused = error instanceof IntervalError && !error.retry && 'entries' in pieces[0]!;
        if (refused || tries >= options.attempts) {
          for (const { kind } of pieces) {
            options.onLost(kind, error);
          }
          return;
        }
        await sleep(options.retryMs * 2 ** (tries - 1), undefined, { ref: false });
      }
    }
  }

  /** After work that took so many milliseconds. */
  function rest(took: number): Promise<void> {
    const { pauseMs, busyPauseMs = pauseMs } = options;
    const room = waiting.length <= options.limit / 2;
    return sleep(room ? Math.max(pauseMs, Math.min(busyPauseMs, SHARE * took)) : pauseMs, undefined, { ref: false });
  }

  async function drain(): Promise<void> {
    // What is asked for in this turn of the event loop is still written together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const begun = performance.now();
      await attempt(next());
      if (options.pauseMs > 0 && waiting.length > 0) {
        await rest(performance.now() - begun);
      }
    }
    running = undefined;
  }

  function put(piece: Piece): void {
    if (waiting.length >= options.limit) {
      options.onLost(piece.kind, undefined);
      return;
    }
    waiting.push(piece);
    running ??= drain();
  }

  return {
    add: (kind, work) => put({ kind, work }),
    keep: (kind, entries) => put({ kind, entries }),
    async idle(maxMs = 5000) {
      const late = sleep(maxMs, undefined, { ref: false });
      while (running !== undefined) {
        const ended = await Promise.race([running.then(() => true), late.then(() => false)]);
        if (!ended) {
          return;
        }
      }
    },
  };
}
