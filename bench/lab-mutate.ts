import type { ActiveAnalysis } from '../src/analyses/active.ts';
import { isAbstention } from '../src/analyses/analysis.ts';
import type { LabFinding } from '../src/analyses/lab-report/finding.ts';
import type { LabInput } from '../src/analyses/lab-report/input.ts';
import { IntervalError } from '../src/errors.ts';
import { seeded } from '../src/evaluation/bootstrap.ts';
import { isGrounded } from '../src/evaluation/grounding.ts';

type Random = () => number;

/** Whole numbers from 0 to below. */
const below = (random: Random, limit: number) => Math.floor(random() * limit);

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  for (let count = 1 + below(random, 40); count > 0; count--) out[below(random, out.length)]! ^= 1 << below(random, 8);
  return out;
}

/** A PDF whose end is gone is refused at once: half of the cuts keep their end mark and are cut out of the middle. */
function cut(bytes: Uint8Array, random: Random): Uint8Array {
  const from = below(random, bytes.length);
  if (random() < 0.5) return bytes.slice(0, from);
  const to = from + below(random, Math.min(bytes.length - from, bytes.length >> 2));
  return joined(bytes.subarray(0, from), bytes.subarray(to));
}

function swapped(bytes: Uint8Array, random: Random): Uint8Array {
  const size = 1 + below(random, Math.max(1, bytes.length >> 3));
  const [one, other] = [below(random, bytes.length - size), below(random, bytes.length - size)];
  const out = bytes.slice();
  out.set(bytes.subarray(one, one + size), other);
  out.set(bytes.subarray(other, other + size), one);
  return out;
}

function doubled(bytes: Uint8Array, random: Random): Uint8Array {
  const from = below(random, bytes.length);
  const to = from + below(random, Math.max(1, bytes.length >> 2));
  return joined(bytes.subarray(0, to), bytes.subarray(from));
}

/** Written numbers (lengths, offsets, counts, sizes of a PDF; any number of a text), and four bytes taken for a length. */
function lengthsOverwritten(bytes: Uint8Array, random: Random): Uint8Array {
  const out = bytes.slice();
  const numbers = [...Buffer.from(bytes).toString('latin1').matchAll(/\d+/g)];
  const digits = ['0', '1', '9', '-', '.', '99999999999999'];
  for (let count = 1 + below(random, 6); count > 0 && numbers.length > 0; count--) {
    const { index, 0: number } = numbers[below(random, numbers.length)]!;
    const digit = digits[below(random, digits.length)]!;
    for (let at = 0; at < number.length; at++) out[index + at] = digit.charCodeAt(at % digit.length);
  }
  if (random() < 0.3 && out.length > 8) {
    out.set([random() < 0.5 ? 0xff : 0x7f, 0xff, 0xff, 0xff], below(random, out.length - 4));
  }
  return out;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const mutations = { flipped, cut, swapped, doubled, lengthsOverwritten } as const;
const kinds = Object.keys(mutations) as (keyof typeof mutations)[];

/** The same for the same seed. */
export function mutated(bytes: Uint8Array, seed: number): { readonly bytes: Uint8Array; readonly kind: string } {
  const random = seeded(seed);
  const kind = kinds[below(random, kinds.length)]!;
  return { bytes: mutations[kind](bytes, random), kind };
}

export interface Original {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Mutant {
  readonly name: string;
  readonly kind: string;
  readonly seed: number;
  /** `finding`, or the code of an abstention or error; `crash` where something threw that is no error of ours. */
  readonly outcome: string;
  readonly milliseconds: number;
  readonly values: number;
  /** Values that do not stand where they are said to stand. */
  readonly ungrounded: number;
  /** Of a crash: what was thrown, and where. */
  readonly fault?: string;
}

export interface MutationRun {
  readonly active: ActiveAnalysis<LabInput, LabFinding>;
  /** What the seed is, and what it is made of, one a file. */
  readonly plan: readonly { readonly seed: number; readonly original: Original }[];
  /** Files in work at one time: as many as there are reading threads, so that none waits for another. */
  readonly concurrency: number;
  readonly onResult?: (mutant: Mutant) => void;
}

/** Opens, reads and guards every mutant as the service would. */
export async function runMutants({ active, plan, concurrency, onResult }: MutationRun): Promise<readonly Mutant[]> {
  const results: Mutant[] = [];
  let next = 0;
  const work = async () => {
    for (let at = next++; at < plan.length; at = next++) {
      const mutant = await readMutant(active, plan[at]!.original, plan[at]!.seed);
      results.push(mutant);
      onResult?.(mutant);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

async function readMutant(
  active: ActiveAnalysis<LabInput, LabFinding>,
  { name, bytes: original }: Original,
  seed: number,
): Promise<Mutant> {
  const { bytes, kind } = mutated(original, seed);
  const begun = performance.now();
  const ended = (outcome: string, values = 0, ungrounded = 0): Mutant => ({
    name,
    kind,
    seed,
    outcome,
    milliseconds: Math.round(performance.now() - begun),
    values,
    ungrounded,
  });
  const { signal } = new AbortController();
  try {
    const input = await active.analysis.open({ file: bytes }, signal);
    if (isAbstention(input)) return ended(input.reason);
    const read = await active.read(input, signal);
    if (isAbstention(read)) return ended(read.reason);
    const { rows } = read.finding;
    const ungrounded = rows.filter((row) => !isGrounded(row, input.document.pages)).length;
    return ended('finding', rows.length, ungrounded);
  } catch (thrown) {
    const { code, cause } = thrown instanceof IntervalError ? thrown : { code: 'crash', cause: thrown };
    const fault = ownFaults.has(code)
      ? { fault: String((cause as Error | undefined)?.stack ?? thrown).slice(0, 600) }
      : {};
    return { ...ended(code), ...fault };
  }
}

/** Errors of ours that a broken file must never cause: they mean that something else broke. */
const ownFaults = new Set(['crash', 'internal', 'finding-invalid', 'reader-failed', 'worker-lost']);

/** What must not happen: a crash, longer than the limit, a value that does not stand on the page. */
export function violations(mutants: readonly Mutant[], limitMilliseconds: number): readonly Mutant[] {
  return mutants.filter(
    ({ outcome, milliseconds, ungrounded }) =>
      ownFaults.has(outcome) || milliseconds > limitMilliseconds || ungrounded > 0,
  );
}
