import type { Line } from './layout.ts';

const start =
  /^\(?(?:prev(?:ious(?:ly)?|io|ia)?|prior|last|was|vorwert|vorbefund|zuletzt|anterior(?:e?s)?|ant|préc(?:éd(?:ent)?)?|precedente|antériorités?)[.:]?$/i;
const numeric = /^[<>≤≥(]*\d/;

/**
 * Which tokens of a line speak of an earlier value that is printed behind the current one: "3,21 (previo 2,90 el 22/01/2024)",
 * "499 U/l erhöht, Vorwert 401", "138 (was 140)". Nothing of it is ever part of a current result.
 */
export function earlierTokens({ tokens, cells }: Line): readonly boolean[] {
  const marked = tokens.map(() => false);
  for (let at = 1; at < tokens.length; at++) {
    if (!start.test(tokens[at]!.text) || !tokens.slice(0, at).some(({ text }) => numeric.test(text))) continue;
    const end = tokens[at]!.text.startsWith('(') ? closing(tokens, at) : behindNumber(tokens, at, cells);
    if (end === undefined) continue;
    marked.fill(true, at, end);
    at = end - 1;
  }
  return marked;
}

type Tokens = Line['tokens'];

/** Index behind the bracket that closes. */
function closing(tokens: Tokens, from: number): number | undefined {
  const end = tokens.findIndex(({ text }, at) => at >= from && at < from + 9 && /\)[.,;]?$/.test(text));
  return end < 0 ? undefined : end + 1;
}

/** Index behind the number that follows, and what belongs to it up to a comma or the end of its cell. */
function behindNumber(tokens: Tokens, from: number, cells: Line['cells']): number | undefined {
  const value = tokens.findIndex(({ text }, at) => at > from && at < from + 4 && numeric.test(text));
  if (value < 0) return undefined;
  const cell = cells.find(({ to }) => to > value)!;
  const comma = tokens.findIndex(({ text }, at) => at >= value && at < cell.to && /[,;]$/.test(text));
  return comma < 0 ? cell.to : comma + 1;
}
