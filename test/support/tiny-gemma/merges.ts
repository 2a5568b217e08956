import { corpus } from './corpus.ts';

type Pair = readonly [string, string];

/** Byte-pair encoding over the corpus' words: the most frequent pair first, then by code unit. Digits never merge. */
export function trainMerges(wanted: number): readonly Pair[] {
  const counts = new Map<string, number>();
  for (const [word] of corpus.replaceAll(/\s+/g, '▁').matchAll(/▁?[A-Za-zäöüßµ]+|▁?[^▁\dA-Za-zäöüßµ]+/g)) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].map(([word, times]) => ({ pieces: [...word], times }));
  const merges: Pair[] = [];
  const made = new Set<string>();
  while (merges.length < wanted) {
    const pair = mostFrequent(words, made);
    if (!pair) throw new Error(`the corpus gives ${merges.length} merges, not ${wanted}`);
    merges.push(pair);
    made.add(pair.join(''));
    for (const word of words) word.pieces = merged(word.pieces, pair);
  }
  return merges;
}

/** Merges that turn every run of spaces up to `longest` into one token: powers of two first, then the lengths between. */
export function runMerges(longest: number): readonly Pair[] {
  const run = (length: number) => '▁'.repeat(length);
  const powers = [1, 2, 4, 8].map((half): Pair => [run(half), run(half)]);
  const between = Array.from({ length: longest + 1 }, (_, length) => length).filter((length) => {
    return length > 2 && (length & (length - 1)) !== 0;
  });
  return [
    ...powers,
    ...between.map((length): Pair => {
      const power = 2 ** Math.floor(Math.log2(length));
      return [run(power), run(length - power)];
    }),
  ];
}

/** A pair whose result exists already (reached another way) is passed over: a token has one id. */
function mostFrequent(
  words: readonly { readonly pieces: readonly string[]; readonly times: number }[],
  made: ReadonlySet<string>,
): Pair | undefined {
  const counts = new Map<string, { readonly pair: Pair; times: number }>();
  for (const { pieces, times } of words) {
    for (let index = 1; index < pieces.length; index++) {
      const pair: Pair = [pieces[index - 1]!, pieces[index]!];
      const key = pair.join('\0');
      const entry = counts.get(key);
      if (entry) entry.times += times;
      else if (!made.has(pair.join(''))) counts.set(key, { pair, times });
    }
  }
  const order = ([a, x]: [string, { times: number }], [b, y]: [string, { times: number }]) =>
    y.times - x.times || (a < b ? -1 : 1);
  return [...counts].sort(order)[0]?.[1].pair;
}

function merged(pieces: readonly string[], [left, right]: Pair): string[] {
  const result: string[] = [];
  for (let index = 0; index < pieces.length; index++) {
    const joins = pieces[index] === left && pieces[index + 1] === right;
    result.push(joins ? left + right : pieces[index]!);
    if (joins) index++;
  }
  return result;
}
