import { workerData } from 'node:worker_threads';

/**
 * A thread that is ended while it runs native code of an addon takes its process with it: what the addon throws into the
 * dying isolate nobody catches. So the two sides agree: the thread says when it is inside, and does not enter any more once
 * it is asked to stop; the other side waits for it to be outside before it ends it.
 */
export interface NativeState {
  readonly native: SharedArrayBuffer;
}

const stopping = 0;
const inside = 1;

export function createNativeState(): NativeState {
  return { native: new SharedArrayBuffer(8) };
}

/** Runs native code in the reading thread; once the thread is asked to stop, never settles. */
export async function inNative<T>(work: () => Promise<T>): Promise<T> {
  const state = workerData as NativeState | null;
  if (!state?.native) return work();
  const flags = new Int32Array(state.native);
  Atomics.store(flags, inside, 1);
  if (Atomics.load(flags, stopping) === 1) {
    Atomics.store(flags, inside, 0);
    return new Promise<T>(() => {});
  }
  try {
    return await work();
  } finally {
    Atomics.store(flags, inside, 0);
  }
}

/** Asks the thread not to enter native code again and resolves when it is outside, or after `milliseconds`. */
export async function outsideNative({ native }: NativeState, milliseconds = 10_000): Promise<void> {
  const flags = new Int32Array(native);
  Atomics.store(flags, stopping, 1);
  for (let waited = 0; Atomics.load(flags, inside) === 1 && waited < milliseconds; waited += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
