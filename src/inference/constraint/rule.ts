/** Lowest and highest of a run of bytes or code points, both included. */
export type Range = readonly [low: number, high: number];

/** A regular language over bytes. */
export type Rule =
  | { readonly kind: 'byte'; readonly ranges: readonly Range[] }
  | { readonly kind: 'sequence'; readonly parts: readonly Rule[] }
  /** Without options it matches nothing. */
  | { readonly kind: 'choice'; readonly options: readonly Rule[] }
  | { readonly kind: 'repeat'; readonly part: Rule; readonly min: number; readonly max?: number };

export const sequence = (...parts: readonly Rule[]): Rule => ({ kind: 'sequence', parts });
export const choice = (...options: readonly Rule[]): Rule => ({ kind: 'choice', options });
export const repeat = (part: Rule, min: number, max?: number): Rule => ({ kind: 'repeat', part, min, max });
export const oneByte = (...ranges: readonly Range[]): Rule => ({ kind: 'byte', ranges });

export function text(value: string): Rule {
  return sequence(...[...new TextEncoder().encode(value)].map((byte) => oneByte([byte, byte])));
}

export const everyCharacter: readonly Range[] = [[0, 0x10ffff]];

/** Controls that have an escape of one letter; the others cannot be written (see string-terminal.ts). */
const controls: Readonly<Record<number, string>> = { 8: 'b', 9: 't', 10: 'n', 12: 'f', 13: 'r' };

/** One character of a set, as it stands in a JSON string: escaped where it must be, else in UTF-8. */
export function jsonCharacter(set: readonly Range[]): Rule {
  const holds = (codePoint: number) => set.some(([low, high]) => low <= codePoint && codePoint <= high);
  const escaped = Object.entries(controls)
    .filter(([codePoint]) => holds(Number(codePoint)))
    .map(([, letter]) => text(`\\${letter}`));
  for (const mark of ['"', '\\']) {
    if (holds(mark.charCodeAt(0))) escaped.push(text(`\\${mark}`));
  }
  const plain: readonly Range[] = [
    [0x20, 0x21],
    [0x23, 0x5b],
    [0x5d, 0xd7ff],
    [0xe000, 0x10ffff],
  ];
  return choice(...escaped, ...intersect(set, plain).flatMap(utf8));
}

function intersect(set: readonly Range[], other: readonly Range[]): readonly Range[] {
  return set.flatMap(([low, high]) =>
    other.map(([from, to]): Range => [Math.max(low, from), Math.min(high, to)]).filter(([from, to]) => from <= to),
  );
}

/** What is in none of the ranges. */
export function complement(set: readonly Range[]): readonly Range[] {
  const out: Range[] = [];
  let next = 0;
  for (const [low, high] of [...set].sort((one, other) => one[0] - other[0])) {
    if (low > next) out.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  if (next <= 0x10ffff) out.push([next, 0x10ffff]);
  return out;
}

/** Code points → sequences of byte ranges: cut where the length changes, then where the leading bytes differ. */
function utf8([low, high]: Range): readonly Rule[] {
  for (const last of [0x7f, 0x7ff, 0xffff]) {
    if (low <= last && last < high) return [...utf8([low, last]), ...utf8([last + 1, high])];
  }
  if (high <= 0x7f) return [oneByte([low, high])];
  // Under a leading byte, all that the continuation bytes can say must be in the range.
  for (const bits of [6, 12, 18]) {
    const mask = (1 << bits) - 1;
    if (low >> bits !== high >> bits) {
      if ((low & mask) !== 0) return [...utf8([low, low | mask]), ...utf8([(low | mask) + 1, high])];
      if ((high & mask) !== mask) return [...utf8([low, (high & ~mask) - 1]), ...utf8([high & ~mask, high])];
    }
  }
  const encoder = new TextEncoder();
  const first = encoder.encode(String.fromCodePoint(low));
  const last = encoder.encode(String.fromCodePoint(high));
  return [sequence(...[...first].map((byte, i) => oneByte([byte, last[i]!])))];
}
