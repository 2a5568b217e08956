import { IntervalError } from '../../errors.ts';
import type { Constraint, Next, Vocabulary } from './constraint.ts';
import { type Reading, type State, unique } from './grammar.ts';
import type { Masks } from './masks.ts';
import type { Speller } from './speller.ts';

export interface ConstraintParts {
  readonly vocabulary: Vocabulary;
  readonly speller: Speller;
  readonly masks: Masks;
  readonly reading: Reading;
}

/**
 * The one invariant: whatever is offered leaves at least as many tokens as `closing` then needs. A mask holds only tokens
 * after which that is so, forced text is offered only where it is so, and the closing itself is always a way out.
 */
export function startConstraint({ vocabulary, speller, masks, reading }: ConstraintParts): Constraint {
  let state = reading.start();
  let offer: Next | undefined;
  /** Forced tokens that have been offered and not all been taken. */
  let queued: readonly number[] = [];
  let ended = false;
  let cut = false;

  function next(remaining: number): Next {
    const { threads, whole } = state;
    if (ended || (whole && threads.length === 0)) return { kind: 'end' };
    if (whole && remaining <= 0) {
      cut = true;
      return { kind: 'end' };
    }
    return jump(remaining) ?? choice(remaining) ?? close();
  }

  /**
   * The text that must come, in the model's own tokens. It is written by itself: a token that the model would have made
   * of its end and of what follows is not considered.
   */
  function jump(remaining: number): Next | undefined {
    const { bytes, state: after } = unique(reading, state);
    const ids = bytes.length > 0 ? speller.natural(bytes) : undefined;
    const fits = ids !== undefined && ids.length + closing(after, speller).length <= remaining;
    return fits ? { kind: 'forced', ids } : undefined;
  }

  function choice(remaining: number): Next | undefined {
    const free = masks.allowed(state.threads, Number.POSITIVE_INFINITY);
    const fits = remaining > free.worst ? free : masks.allowed(state.threads, remaining - 1);
    if (state.whole) for (const { mask } of new Set([free, fits])) for (const id of vocabulary.end) set(mask, id);
    if (fits === free) return { kind: 'allowed', mask: free.mask };
    return fits.mask.some((word) => word !== 0) ? { kind: 'allowed', mask: fits.mask, free: free.mask } : undefined;
  }

  function close(): Next {
    const ids = closing(state, speller);
    const only = unique(reading, state).state;
    cut ||= !(only.whole && only.threads.length === 0);
    return { kind: 'forced', ids };
  }

  function take(id: number): void {
    for (const byte of vocabulary.bytes(id)!) state = reading.advance(state, byte)!;
  }

  return {
    next(remaining) {
      if (queued.length > 0) return { kind: 'forced', ids: queued };
      offer = next(remaining);
      return offer;
    },
    accept(id, wish) {
      const offered: Next | undefined = queued.length > 0 ? { kind: 'forced', ids: queued } : offer;
      offer = undefined;
      if (offered?.kind === 'forced' && offered.ids[0] === id) {
        queued = offered.ids.slice(1);
        take(id);
      } else if (offered?.kind === 'allowed' && has(offered.mask, id)) {
        cut ||= offered.free !== undefined && (wish === undefined || !has(offered.mask, wish));
        if (vocabulary.end.includes(id)) ended = true;
        else take(id);
      } else if (offered?.kind === 'end' && vocabulary.end.includes(id)) {
        ended = true;
      } else {
        throw new IntervalError('internal', 'A token was chosen that the schema does not allow here.');
      }
    },
    get cut() {
      return cut;
    },
  };
}

/** The cheapest way to end the reply: what is open and what comes behind it, written as one text or as two. */
export function closing({ threads, whole }: State, speller: Speller): readonly number[] {
  if (whole) return [];
  let best: readonly number[] | undefined;
  for (const { terminal, state, then } of threads) {
    const open = terminal.shortest(state);
    const rest = new TextEncoder().encode(then?.rest ?? '');
    const atOnce = speller.spell(Buffer.concat([open, rest]));
    const inTwo = [...speller.spell(open), ...speller.spell(rest)];
    for (const ids of [atOnce, inTwo]) if (best === undefined || ids.length < best.length) best = ids;
  }
  return best ?? [];
}

function has(mask: Uint32Array, id: number): boolean {
  return ((mask[id >> 5] ?? 0) & (1 << (id & 31))) !== 0;
}

function set(mask: Uint32Array, id: number): void {
  mask[id >> 5]! |= 1 << (id & 31);
}
