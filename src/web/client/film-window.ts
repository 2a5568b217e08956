import type { Range } from '../../imaging/window.ts';

/** What was turned, for both films alike: by which factor wider, by which part of its own width shifted. */
export interface Turn {
  readonly width: number;
  readonly level: number;
  readonly inverted: boolean;
}

export const unturned: Turn = { width: 1, level: 0, inverted: false };

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Narrower shows more contrast; a higher level shows the film darker. */
export function turned(turn: Turn, wider: number, higher: number): Turn {
  return { ...turn, width: clamp(turn.width * wider, 0.05, 8), level: clamp(turn.level + higher, -1.5, 1.5) };
}

/** Black and white of a film as they stand after turning; 1 is the largest value. */
export function rangeOf({ low, high }: Range, { width, level }: Turn): Range {
  const span = Math.max(1e-6, high - low);
  const centre = (low + high) / 2 + level * span;
  return { low: centre - (span * width) / 2, high: centre + (span * width) / 2 };
}

/** Opaque grey, as a canvas has its pixels in one 32-bit word, for each of the 65,536 values. */
export function lookupOf(range: Range, turn: Turn): Uint32Array {
  const { low, high } = rangeOf(range, turn);
  const scale = 255 / ((high - low) * 65_535);
  const from = low * 65_535;
  const words = new Uint32Array(65_536);
  for (let value = 0; value < 65_536; value++) {
    const grey = clamp(Math.round((value - from) * scale), 0, 255);
    words[value] = 0xff00_0000 | ((turn.inverted ? 255 - grey : grey) * 0x01_0101);
  }
  return words;
}
