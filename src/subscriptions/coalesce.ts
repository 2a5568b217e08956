import { asIntervalError, type IntervalError } from '../errors.ts';

export interface CoalesceOptions {
  /** Work begins when nothing was added for a key for so long… */
  readonly quietMs: number;
  /** … and at the latest after so long. */
  readonly patienceMs: number;
  /** Keys at the same time. */
  readonly concurrency: number;
  /** Keys that may wait. */
  readonly limit: number;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one, up to `longestMs`. A longer Retry-After is kept to. */
  readonly retryMs: number;
  readonly longestMs: number;
  readonly work: (key: string) => Promise<unknown>;
  /** Told when a key is given up. */
  readonly onLost: (key: string, error: IntervalError) => void;
}

export interface Coalesce {
  /** False when too many wait already. */
  add(key: string): boolean;
  /** Resolves when nothing waits or runs. */
  idle(): Promise<void>;
  /** Drops what waits; resolves when what runs has ended. */
  close(): Promise<void>;
}

interface Entry {
  readonly since: number;
  timer: NodeJS.Timeout | undefined;
  attempt: number;
}

/** Does the same work once however often it is asked for: a burst about one patient is one look at the chart. */
export function createCoalesce(options: CoalesceOptions): Coalesce {
  const { quietMs, patienceMs, concurrency, limit, attempts, retryMs, longestMs, work, onLost } = options;
  const waiting = new Map<string, Entry>();
  const ready: string[] = [];
  const running = new Map<string, Promise<void>>();
  /** Added while it ran: what was read may have been read too early. */
  const again = new Set<string>();
  let idle: (() => void)[] = [];
  let closed = false;

  function schedule(key: string, entry: Entry, delayMs: number): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => {
      entry.timer = undefined;
      ready.push(key);
      pump();
    }, delayMs);
    waiting.set(key, entry);
  }

  function pump(): void {
    while (!closed && running.size < concurrency) {
      const key = ready.shift();
      if (key === undefined) {
        break;
      }
      const entry = waiting.get(key) as Entry;
      waiting.delete(key);
      running.set(
        key,
        run(key, entry).finally(() => {
          running.delete(key);
          if (again.delete(key)) {
            add(key);
          }
          pump();
          settle();
        }),
      );
    }
  }

  async function run(key: string, entry: Entry): Promise<void> {
    try {
      await work(key);
    } catch (thrown) {
      const error = asIntervalError(thrown);
      if (!error.retry || entry.attempt >= attempts || closed) {
        onLost(key, error);
      } else if (!again.has(key)) {
        const backoff = Math.min(retryMs * 2 ** (entry.attempt - 1), longestMs);
        const delay = Math.max(backoff, error.retryAfterMs ?? 0);
        schedule(key, { since: performance.now(), timer: undefined, attempt: entry.attempt + 1 }, delay);
      }
    }
  }

  function settle(): void {
    if (waiting.size === 0 && running.size === 0) {
      for (const resolve of idle) {
        resolve();
      }
      idle = [];
    }
  }

  function add(key: string): boolean {
    if (closed) {
      return false;
    }
    if (running.has(key)) {
      again.add(key);
      return true;
    }
    const found = waiting.get(key);
    if (found === undefined && waiting.size >= limit) {
      return false;
    }
    const entry = found ?? { since: performance.now(), timer: undefined, attempt: 1 };
    // What is ready already, or waits for another attempt, is not put off.
    if (found === undefined || (found.timer !== undefined && found.attempt === 1)) {
      const left = entry.since + patienceMs - performance.now();
      schedule(key, entry, Math.max(0, Math.min(quietMs, left)));
    }
    return true;
  }

  return {
    add,
    idle: () => new Promise((resolve) => (waiting.size + running.size === 0 ? resolve() : idle.push(resolve))),
    async close() {
      closed = true;
      for (const { timer } of waiting.values()) {
        clearTimeout(timer);
      }
      waiting.clear();
      ready.length = 0;
      again.clear();
      await Promise.all(running.values());
      settle();
    },
  };
}
