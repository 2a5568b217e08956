import { IntervalError } from '../../errors.ts';
import type { Constraint, Next } from '../constraint/constraint.ts';
import type { Finish } from '../model.ts';
import { createRepetitionWatch } from '../repetition.ts';
import { isAllowed, type Sampler } from './sampler.ts';

export interface Generation {
  /** Logits behind the prompt. */
  readonly first: Float32Array;
  /** Takes tokens and gives the logits behind the last of them. */
  readonly feed: (ids: readonly number[]) => Promise<Float32Array>;
  readonly sampler: Sampler;
  readonly constraint?: Constraint;
  readonly maxTokens: number;
  /** Tokens that end a reply; they are not part of it. */
  readonly end: ReadonlySet<number>;
  /** Called between steps; throws when the reading is cancelled. */
  readonly pause: () => Promise<void>;
}

/**
 * Chooses tokens until the reply ends. Tokens are fed only when the logits behind them are needed: those that a schema
 * forces (keys, commas) go through the model together with the one before them, at little more than the price of one.
 */
export async function generateReply(
  of: Generation,
): Promise<{ readonly ids: readonly number[]; readonly finish: Finish }> {
  const { constraint, maxTokens, sampler, end } = of;
  const ids: number[] = [];
  const watch = createRepetitionWatch();
  let pending: number[] = [];
  let logits = of.first;
  const take = (id: number, wish?: number) => {
    constraint?.accept(id, wish);
    ids.push(id);
    pending.push(id);
    return watch.push(id);
  };

  let circling = false;
  while (true) {
    // What goes in circles under a schema is closed at once: the reply stays valid, and says how it ended.
    const next: Next | undefined = constraint?.next(circling ? 0 : maxTokens - ids.length);
    if (next?.kind === 'end') return { ids, finish: circling ? 'repetition' : constraint?.cut ? 'length' : 'stop' };
    if (ids.length >= maxTokens) return { ids, finish: 'length' };
    if (next?.kind === 'forced') {
      for (const id of next.ids) circling = take(id) || circling;
      continue;
    }
    if (pending.length > 0) {
      await of.pause();
      logits = await of.feed(pending);
      pending = [];
    }
    // What the model would have said without the limit of tokens tells whether the limit has changed its reply.
    const wish: number | undefined = next?.free && sampler(logits, next.free);
    const id: number = wish !== undefined && next && isAllowed(next.mask, wish) ? wish : sampler(logits, next?.mask);
    if (id < 0) throw new IntervalError('internal', 'The schema left the model no token.');
    if (end.has(id)) {
      constraint?.accept(id, wish);
      return { ids, finish: constraint?.cut ? 'length' : 'stop' };
    }
    circling = take(id, wish);
    if (circling && !constraint) return { ids, finish: 'repetition' };
  }
}
