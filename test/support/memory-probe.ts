import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

/**
 * Loaded into a service that is measured (`--import`): on SIGUSR2 every thread collects its garbage, and the service's log gets
 * one line with what is left, in MiB: heap of all threads, memory outside of heaps that they know of, and resident.
 */
const channel = new BroadcastChannel('memory-probe');
channel.unref();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const MIB = 1024 * 1024;

function used() {
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { thread: threadId, heap: heapUsed / MIB, external: external / MIB, resident: rss / MIB };
}

if (isMainThread) {
  const others = new Map<number, ReturnType<typeof used>>();
  channel.onmessage = ({ data }) => others.set(data.thread, data);
  process.on('SIGUSR2', async () => {
    others.clear();
    channel.postMessage('collect');
    await sleep(1000);
    const own = used();
    const all = [own, ...others.values()];
    const sum = (of: 'heap' | 'external') => all.reduce((total, one) => total + one[of], 0);
    const memory = { heap: sum('heap'), external: sum('external'), resident: own.resident, threads: all.length };
    process.stderr.write(`${JSON.stringify({ memory })}\n`);
  });
} else {
  channel.onmessage = ({ data }) => {
    if (data === 'collect') {
      channel.postMessage(used());
    }
  };
}
