import { createRecent } from '../../recent.ts';
import type { Thread } from './grammar.ts';
import type { Speller } from './speller.ts';
import type { Terminal } from './terminal.ts';
import type { TokenTrie } from './trie.ts';

export interface Allowed {
  readonly mask: Uint32Array;
  /** The most tokens that closing the reply takes after any of these. */
  readonly worst: number;
}

export interface Masks {
  /** Tokens with which a reply goes on, and after which it can be closed within `limit` tokens. */
  allowed(threads: readonly Thread[], limit: number): Allowed;
}

/** What a token can do in one state of a terminal, whatever comes behind the terminal. */
interface Inside {
  /** The tokens that end in the terminal or with it: as a mask, or as a list where they are few. */
  readonly mask?: Uint32Array;
  readonly ids?: readonly number[];
  /** Nodes of the trie at which the terminal is whole and the token is not: what comes behind decides. */
  readonly exits: readonly number[];
  /** The most tokens that closing the terminal takes after any of these; −1 when there are none. */
  readonly worst: number;
}

const few = 1024;
const keptBytes = 16 * 1024 * 1024;

/**
 * A mask is what is allowed inside of the terminal, which is kept for the engine's life (the 250,000 tokens that go on with
 * a string are found once), and the little that reaches beyond it, which is walked each time.
 */
export function createMasks(trie: TokenTrie, speller: Speller, size: number): Masks {
  const kept = createRecent<Inside>(keptBytes);
  const costs = new WeakMap<Terminal, number[]>();
  const states = new Int32Array(trie.deepest + 1);
  const words = (size + 31) >> 5;

  function costOf(terminal: Terminal, state: number): number {
    const known = costs.get(terminal) ?? [];
    costs.set(terminal, known);
    const tail = terminal.tail(state);
    known[tail] ??= speller.spell(terminal.shortest(state)).length;
    return known[tail];
  }

  /** Sets the tokens below a node after which the terminal costs at most `limit`; returns what the dearest of all costs. */
  function walk(from: number, terminal: Terminal, state: number, limit: number, mask: Uint32Array, exits: number[]) {
    const { byte, depth, end, token, twin } = trie;
    const stop = end[from]!;
    let worst = -1;
    let seen = -1;
    let cost = 0;
    states[depth[from]!] = state;
    for (let node = from + 1; node < stop; ) {
      const level = depth[node]!;
      const reached = terminal.step(states[level - 1]!, byte[node]!);
      if (reached < 0) {
        node = end[node]!;
        continue;
      }
      states[level] = reached;
      if (token[node]! >= 0) {
        if (reached !== seen) {
          seen = reached;
          cost = costOf(terminal, reached);
          if (cost > worst) worst = cost;
        }
        if (cost <= limit) {
          for (let id = token[node]!; id >= 0; id = twin[id]!) mask[id >> 5]! |= 1 << (id & 31);
        }
      }
      if (end[node]! > node + 1 && terminal.accepts(reached)) exits.push(node);
      node++;
    }
    return worst;
  }

  function inside(terminal: Terminal, state: number, limit: number): Inside {
    const name = terminal.name(state, trie.longest);
    const free = kept.get(name) ?? findInside(terminal, state, Number.POSITIVE_INFINITY, name);
    if (limit >= free.worst) return free;
    if (limit < 0) return { ids: [], exits: free.exits, worst: free.worst };
    const limited = `${name} within ${limit}`;
    return kept.get(limited) ?? findInside(terminal, state, limit, limited);
  }

  function findInside(terminal: Terminal, state: number, limit: number, name: string): Inside {
    const mask = new Uint32Array(words);
    const exits: number[] = [];
    const worst = walk(0, terminal, state, limit, mask, exits);
    const ids = listOf(mask);
    const found = { ...(ids ? { ids } : { mask }), exits, worst };
    kept.set(name, found, 256 + 8 * exits.length + (ids ? 8 * ids.length : mask.byteLength));
    return found;
  }

  /** Adds the tokens that lead from the nodes through the threads; returns the dearest closing of all of them. */
  function gather(threads: readonly Thread[], nodes: readonly number[], limit: number, mask: Uint32Array): number {
    let worst = -1;
    for (const { terminal, state, then } of threads) {
      const rest = then === undefined ? 0 : speller.cost(then.rest);
      const exits: number[] = [];
      let dearest = -1;
      for (const node of nodes) {
        dearest = Math.max(dearest, walk(node, terminal, state, limit - rest, mask, exits));
      }
      if (dearest >= 0) worst = Math.max(worst, dearest + rest);
      if (then && exits.length > 0) worst = Math.max(worst, gather(then.next(), exits, limit, mask));
    }
    return worst;
  }

  return {
    allowed(threads, limit) {
      const mask = new Uint32Array(words);
      let worst = -1;
      for (const { terminal, state, then } of threads) {
        const rest = then === undefined ? 0 : speller.cost(then.rest);
        const found = inside(terminal, state, limit - rest);
        addTo(mask, found);
        worst = Math.max(worst, found.worst + rest);
        if (then && found.exits.length > 0) worst = Math.max(worst, gather(then.next(), found.exits, limit, mask));
      }
      return { mask, worst };
    },
  };
}

function addTo(mask: Uint32Array, found: Inside): void {
  if (found.ids) for (const id of found.ids) mask[id >> 5]! |= 1 << (id & 31);
  else for (let word = 0; word < mask.length; word++) mask[word]! |= found.mask![word]!;
}

/** The tokens of a mask, when they are few. */
function listOf(mask: Uint32Array): readonly number[] | undefined {
  const ids: number[] = [];
  for (let word = 0; word < mask.length; word++) {
    for (let bits = mask[word]!; bits !== 0; bits &= bits - 1) {
      if (ids.length === few) return undefined;
      ids.push(word * 32 + 31 - Math.clz32(bits & -bits));
    }
  }
  return ids;
}
