import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What one contender was measured to do; what it cannot do is absent. */
export interface Figures {
  loadSeconds?: number;
  /** Resident memory once the language model is loaded, and the most until its text was done. MB of 2^20 bytes. */
  residentMb?: number;
  peakMb?: number;
  /** Tokens a second of a prompt that long, nothing before it. */
  prefill600?: number;
  prefill1024?: number;
  /** Tokens a second, one at a time, with nothing and with 1,024 tokens before them. */
  decode0?: number;
  decode1024?: number;
  /** Bytes of weights and cache that one token of `decode…` reads. */
  bytes0?: number;
  bytes1024?: number;
  imageSeconds?: number;
  /** Most resident memory with images, MB. */
  imagePeakMb?: number;
}

export interface Outcome {
  readonly figures: Figures;
  /** How it was set. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Steps of each figure of decoding. */
export const STEPS = 32;

/** Says what was measured, to the process that asked for it. */
export async function report(outcome: Outcome): Promise<never> {
  await new Promise((resolve) => process.send!(outcome, resolve));
  process.exit(0);
}

/** VmRSS and VmHWM of this process in MB, pages of mapped files included. */
export function memory(pid: number | 'self' = 'self'): { readonly resident: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)![1]) / 1024;
  return { resident: of('VmRSS'), peak: of('VmHWM') };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same tokens for everybody, none of them one that steers a model. */
export function tokens(count: number): number[] {
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1000 + (state % 250_000);
  });
}

/** A package that lies in a folder of its own, beside the project. */
export function importFrom(folder: string, name: string) {
  const root = join(folder, 'node_modules', name);
  const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string };
  return import(pathToFileURL(join(root, main)).href);
}
