import type { Vocabulary } from './constraint.ts';

/** All tokens as one tree of bytes, its nodes in preorder (a node, then its whole subtree); node 0 is the root. */
export interface TokenTrie {
  /** The byte that leads to a node. */
  readonly byte: Uint8Array;
  /** Bytes from the root. */
  readonly depth: Uint16Array;
  /** The first node behind the subtree: where a walk goes on when it does not go in. */
  readonly end: Int32Array;
  /** A token that ends at the node, or −1. */
  readonly token: Int32Array;
  /** By token: another token of the same bytes (a letter and its byte token), or −1. */
  readonly twin: Int32Array;
  /** Bytes of the longest token. */
  readonly deepest: number;
  /** Code points of the longest token, each counted at its first byte. */
  readonly longest: number;
}

export function createTrie(vocabulary: Vocabulary): TokenTrie {
  const tokens = Array.from({ length: vocabulary.size }, (_, id) => vocabulary.bytes(id));
  const most = 1 + tokens.reduce((sum, bytes) => sum + (bytes?.length ?? 0), 0);
  const byte = new Uint8Array(most);
  const token = new Int32Array(most).fill(-1);
  const child = new Int32Array(most).fill(-1);
  const sibling = new Int32Array(most).fill(-1);
  const twin = new Int32Array(vocabulary.size).fill(-1);
  const nodes = createChildTable(most);
  let count = 1;
  let longest = 0;
  let deepest = 0;

  tokens.forEach((bytes, id) => {
    if (bytes === undefined || bytes.length === 0) return;
    let at = 0;
    let codePoints = 0;
    for (const value of bytes) {
      codePoints += (value & 0xc0) === 0x80 ? 0 : 1;
      const next = nodes(at, value, count);
      if (next === count) {
        count++;
        byte[next] = value;
        sibling[next] = child[at]!;
        child[at] = next;
      }
      at = next;
    }
    twin[id] = token[at]!;
    token[at] = id;
    longest = Math.max(longest, codePoints);
    deepest = Math.max(deepest, bytes.length);
  });
  return { ...inPreorder({ byte, token, child, sibling }, count, deepest), twin, deepest, longest };
}

/** (node, byte) → its child, or `next`, which it then becomes. A hash table: following siblings would take a second. */
function createChildTable(most: number): (node: number, byte: number, next: number) => number {
  const bits = 32 - Math.clz32(2 * most);
  const keys = new Float64Array(2 ** bits);
  const children = new Int32Array(2 ** bits);
  return (node, byte, next) => {
    const key = node * 256 + byte + 1;
    let slot = Math.imul(key, 0x9e3779b1) >>> (32 - bits);
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & (children.length - 1);
    if (keys[slot] === 0) {
      keys[slot] = key;
      children[slot] = next;
    }
    return children[slot]!;
  };
}

interface LinkedNodes {
  readonly byte: Uint8Array;
  readonly token: Int32Array;
  readonly child: Int32Array;
  readonly sibling: Int32Array;
}

function inPreorder(from: LinkedNodes, count: number, deepest: number) {
  const byte = new Uint8Array(count);
  const depth = new Uint16Array(count);
  const end = new Int32Array(count);
  const token = new Int32Array(count);
  /** The node on the way, by depth: its old and its new place. */
  const path = new Int32Array(deepest + 2);
  const place = new Int32Array(deepest + 2);
  let level = 0;
  let next = 0;
  const enter = (node: number) => {
    path[level] = node;
    place[level] = next;
    byte[next] = from.byte[node]!;
    depth[next] = level;
    token[next] = from.token[node]!;
    next++;
  };
  enter(0);
  while (level >= 0) {
    let following = from.child[path[level]!]!;
    if (following >= 0) {
      level++;
    } else {
      while (level >= 0 && following < 0) {
        end[place[level]!] = next;
        following = level > 0 ? from.sibling[path[level]!]! : -1;
        if (following < 0) level--;
      }
      if (level < 0) break;
    }
    enter(following);
  }
  return { byte, depth, end, token };
}

/** The token that is the longest beginning of the bytes from `at` on. Every byte of a reply is itself a token. */
export function longestToken(
  trie: TokenTrie,
  bytes: Uint8Array,
  at: number,
): { readonly id: number; readonly length: number } {
  let id = -1;
  let length = 0;
  let node = 0;
  for (let i = at; i < bytes.length; i++) {
    const stop = trie.end[node]!;
    let child = node + 1;
    while (child < stop && trie.byte[child] !== bytes[i]) child = trie.end[child]!;
    if (child >= stop) break;
    node = child;
    if (trie.token[node]! >= 0) {
      id = trie.token[node]!;
      length = i + 1 - at;
    }
  }
  return { id, length };
}
