/**
 * Keeps others out while a transaction waits for something. One connection has one transaction: without this, a write
 * from outside would join the open one and be rolled back with it, and a read would see what may never be committed.
 */
export interface WriteLock {
  /** Resolves when it is held; call the result to give it back. */
  acquire(): Promise<() => void>;
  /** Runs at once, or after those who hold it or wait for it. */
  run<T>(work: () => T): Promise<T>;
}

export function createWriteLock(): WriteLock {
  const waiting: (() => void)[] = [];
  let held = false;

  function release(): void {
    const next = waiting.shift();
    if (next) {
      next();
    } else {
      held = false;
    }
  }

  async function acquire(): Promise<() => void> {
    if (held) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    held = true;
    return release;
  }

  return {
    acquire,
    async run(work) {
      if (!held) {
        return work();
      }
      const done = await acquire();
      try {
        return work();
      } finally {
        done();
      }
    },
  };
}
