import { createHash } from 'node:crypto';
import { createRecent } from '../../recent.ts';
import type { DecoderState } from './decoder.ts';
import { startOfImage } from './prefill.ts';

/** What the decoder sees of a prompt: tokens, and the hash of the picture that stands for each image. */
export interface SeenPrompt {
  readonly ids: readonly number[];
  readonly images: Int32Array;
  /** Hash of each image's pixels. */
  readonly pictures: readonly string[];
}

/** States of prompts that were taken before, so that what two prompts begin with alike is computed once. */
export interface Prefixes {
  /** The state after the longest known beginning of the prompt, always a copy; shorter than the prompt by a token at least. */
  find(tenant: string, prompt: SeenPrompt): DecoderState | undefined;
  /** Keeps a copy of a state that has taken the first `state.position` tokens of the prompt. */
  keep(tenant: string, prompt: SeenPrompt, state: DecoderState): void;
  readonly bytes: number;
}

interface Kept extends SeenPrompt {
  readonly tenant: string;
  readonly state: DecoderState;
}

export function createPrefixes(maxBytes: number): Prefixes {
  const kept = createRecent<Kept>(maxBytes);
  return {
    find(tenant, prompt) {
      const candidates = kept
        .entries()
        // Of another tenant nothing is looked at, not even whether it is alike.
        .filter(([, one]) => one.tenant === tenant)
        .map(([key, one]) => ({ key, one, length: alike(one, prompt) }))
        .filter(({ length }) => length > 0)
        .sort((one, other) => other.length - one.length);
      for (const { key, length } of candidates) {
        const state = kept.get(key)!.state.copy();
        if (state.truncate(length)) return state;
      }
      return undefined;
    },
    keep(tenant, prompt, state) {
      // What would not be kept need not be copied.
      if (state.bytes > maxBytes) return;
      const ids = prompt.ids.slice(0, state.position);
      const images = prompt.images.slice(0, state.position);
      const key = createHash('sha256')
        .update(JSON.stringify([tenant, ids, prompt.pictures.slice(0, Math.max(-1, ...images) + 1)]))
        .digest('hex');
      if (kept.get(key)) return;
      kept.set(key, { tenant, ids, images, pictures: prompt.pictures, state: state.copy() }, state.bytes);
    },
    get bytes() {
      return kept.bytes;
    },
  };
}

/** Tokens that both begin with alike, whole images only, and never all of the prompt: its last token gives the logits. */
function alike(one: SeenPrompt, prompt: SeenPrompt): number {
  const most = Math.min(one.ids.length, prompt.ids.length - 1);
  let length = 0;
  while (
    length < most &&
    one.ids[length] === prompt.ids[length] &&
    one.images[length] === prompt.images[length] &&
    (prompt.images[length]! < 0 || one.pictures[one.images[length]!] === prompt.pictures[prompt.images[length]!])
  ) {
    length++;
  }
  return startOfImage(prompt.images, length);
}
