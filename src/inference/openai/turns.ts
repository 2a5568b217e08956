/** Lets so many in at a time, the others in the order in which they came. */
export interface Turns {
  /** Resolves with the way out, to be called once; rejects with the signal's reason when it is aborted before. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(limit: number): Turns {
  const waiting: (() => void)[] = [];
  let inside = 0;

  const leave = () => {
    inside--;
    waiting.shift()?.();
  };

  return {
    take(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<() => void>();
      const enter = () => {
        signal.removeEventListener('abort', giveUp);
        inside++;
        resolve(leave);
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      if (signal.aborted) {
        reject(signal.reason);
      } else if (inside < limit) {
        enter();
      } else {
        waiting.push(enter);
        signal.addEventListener('abort', giveUp, { once: true });
      }
      return promise;
    },
  };
}
