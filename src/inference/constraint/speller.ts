import { createRecent } from '../../recent.ts';
import type { Vocabulary } from './constraint.ts';
import { longestToken, type TokenTrie } from './trie.ts';

/** Tokens of a text that must come. */
export interface Speller {
  /** The model's own tokens for a text, when they give exactly its bytes. */
  natural(text: Uint8Array): readonly number[] | undefined;
  /** Some tokens for bytes that may begin in the middle of a code point. */
  spell(bytes: Uint8Array): readonly number[];
  /** How many tokens `spell` needs for a text. */
  cost(text: string): number;
}

export function createSpeller(vocabulary: Vocabulary, trie: TokenTrie): Speller {
  const known = createRecent<{ readonly ids: readonly number[]; readonly natural: boolean }>(4 * 1024 * 1024);
  const utf8 = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  function spelled(text: string) {
    const found = known.get(text);
    if (found !== undefined) return found;
    const bytes = utf8.encode(text);
    const ids = vocabulary.encode(text);
    const natural = gives(ids, bytes);
    const value = { ids: natural ? ids : byLongest(bytes), natural };
    known.set(text, value, 64 + 2 * text.length + 8 * value.ids.length);
    return value;
  }

  function gives(ids: readonly number[], bytes: Uint8Array): boolean {
    let at = 0;
    for (const id of ids) {
      const own = vocabulary.bytes(id);
      if (own === undefined || own.length === 0 || own.some((byte, i) => bytes[at + i] !== byte)) return false;
      at += own.length;
    }
    return at === bytes.length;
  }

  function byLongest(bytes: Uint8Array): readonly number[] {
    const ids: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { id, length } = longestToken(trie, bytes, at);
      ids.push(id);
      at += length;
    }
    return ids;
  }

  return {
    natural(text) {
      const { ids, natural } = spelled(decoder.decode(text));
      return natural ? ids : undefined;
    },
    spell(bytes) {
      let begun = 0;
      while (begun < bytes.length && (bytes[begun]! & 0xc0) === 0x80) begun++;
      const rest = spelled(decoder.decode(bytes.subarray(begun))).ids;
      return begun === 0 ? rest : [...byLongest(bytes.subarray(0, begun)), ...rest];
    },
    cost: (text) => spelled(text).ids.length,
  };
}
