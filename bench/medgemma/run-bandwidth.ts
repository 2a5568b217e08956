import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Bytes that a thread reads at a time: more than any cache holds. */
const BYTES = 512 * 2 ** 20;
const ROUNDS = 9;

/**
 * What the memory gives when it is read from one end to the other by all threads at once: the runtime of C looks for a
 * byte that is not there (`memchr`, which reads with the widest registers). GB/s, the best of several rounds.
 */
export async function measureBandwidth(threads: number): Promise<number> {
  const workers = Array.from({ length: threads }, () => new Worker(import.meta.filename, { workerData: 'read' }));
  const ask = () =>
    Promise.all(workers.map((one) => new Promise<number>((resolve) => one.once('message', resolve)))) as Promise<
      number[]
    >;
  await ask();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const done = ask();
    for (const one of workers) one.postMessage('read');
    rates.push((threads * BYTES) / Math.max(...(await done)) / 1e6);
  }
  for (const one of workers) await one.terminate();
  return Math.max(...rates);
}

if (!isMainThread && workerData === 'read') {
  const bytes = Buffer.alloc(BYTES, 1);
  parentPort!.on('message', () => {
    const begun = performance.now();
    bytes.indexOf(2);
    parentPort!.postMessage(performance.now() - begun);
  });
  parentPort!.postMessage(0);
}
