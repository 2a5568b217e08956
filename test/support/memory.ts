import { setTimeout as sleep } from 'node:timers/promises';
import type { Started } from './service.ts';

/** Of a service after its garbage was collected, in MiB. */
export interface Memory {
  /** JavaScript heaps of its threads. */
  readonly heap: number;
  /** What JavaScript holds outside of heaps. */
  readonly external: number;
  readonly resident: number;
  readonly threads: number;
}

/** Environment of a service that can be asked for its memory. */
export const probed = {
  NODE_OPTIONS: `--disable-warning=ExperimentalWarning --import ${new URL('memory-probe.ts', import.meta.url).href}`,
} as const;

/** Asks a service that was started with `probed`. */
export async function memoryOf({ child, lines }: Started): Promise<Memory> {
  const from = lines.length;
  child.kill('SIGUSR2');
  for (let tries = 0; tries < 300; tries += 1) {
    const line = lines.slice(from).find((one) => one.startsWith('{"memory":'));
    if (line !== undefined) {
      return (JSON.parse(line) as { memory: Memory }).memory;
    }
    await sleep(100);
  }
  throw new Error('The service did not say what memory it holds.');
}
