import { fold, headerPhrases } from './header-words.ts';
import { type Line, type PageLayout, toLine } from './layout.ts';
import type { Names } from './role.ts';

/** Where a second column of results begins, and over which lines (indices, the last one included). */
interface Cut {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Lines of a page in the order in which they are to be read: where results stand side by side, as two tables or as cards,
 * all lines of the left strip come before those of the right one. A strip begins where names of tests, or a heading for
 * names, stand under each other right of other results, and no print crosses. `whole` are lines that stay as they are.
 */
export function inStrips(layout: PageLayout, names: Names, whole: ReadonlySet<Line>): readonly Line[] {
  const cuts = cutsOf(layout, names, whole);
  if (cuts.length === 0) return layout.lines;
  const out: Line[] = [];
  for (let at = 0; at < layout.lines.length; ) {
    const here = cuts.filter(({ from, to }) => at >= from && at <= to);
    if (here.length === 0) {
      out.push(layout.lines[at]!);
      at++;
      continue;
    }
    // Cuts that overlap in height are one set of strips.
    let end = at;
    for (let grown = true; grown; ) {
      const next = Math.max(...cuts.filter(({ from }) => from <= end).map(({ to }) => to));
      grown = next > end;
      end = Math.max(end, next);
    }
    const own = cuts.filter(({ from, to }) => from <= end && to >= at);
    out.push(...stripped(layout, at, end, own));
    at = end + 1;
  }
  return out;
}

function stripped(layout: PageLayout, from: number, to: number, cuts: readonly Cut[]): readonly Line[] {
  const edges = [Number.NEGATIVE_INFINITY, ...cuts.map(({ x }) => x).sort((a, b) => a - b), Number.POSITIVE_INFINITY];
  const gap = gapOf(layout);
  return edges.slice(0, -1).flatMap((left, strip) =>
    layout.lines.slice(from, to + 1).flatMap((line, index): readonly Line[] => {
      const cut = cuts.find(({ x }) => x === left);
      const right = cuts.filter((one) => covers(one, from + index)).map(({ x }) => x);
      // Lines above or below a cut that only another strip needs stay with the strip on their left.
      if (cut && !covers(cut, from + index)) return [];
      const end = Math.min(...right.filter((x) => x > left), Number.POSITIVE_INFINITY);
      const tokens = line.tokens.filter(({ box }) => box[0] >= left && box[0] < end);
      return tokens.length > 0 ? [{ ...toLine(line.page, tokens, gap), strip: strip + 1 }] : [];
    }),
  );
}

const covers = ({ from, to }: Cut, at: number) => at >= from && at <= to;
const gapOf = ({ page, charWidth }: PageLayout) => (page.unit === 'character' ? 1.5 : 1.6 * charWidth);

function cutsOf(layout: PageLayout, names: Names, whole: ReadonlySet<Line>): readonly Cut[] {
  const { lines, charWidth } = layout;
  const leftmost = Math.min(...lines.map(({ box }) => box[0]));
  const starts = lines.flatMap((line, at) =>
    whole.has(line) || line.bars.length >= 2
      ? []
      : line.cells.flatMap(({ text, box }) =>
          box[0] > leftmost + 12 * charWidth && isName(text, names) ? [{ x: box[0], at }] : [],
        ),
  );
  const clusters: { x: number; at: number[] }[] = [];
  for (const { x, at } of [...starts].sort((a, b) => a.x - b.x)) {
    const last = clusters.at(-1);
    if (last && x - last.x < 1.2 * charWidth) last.at.push(at);
    else clusters.push({ x, at: [at] });
  }
  return clusters
    .map(({ x, at }) => ({ x: x - 0.4 * charWidth, at: [...new Set(at)].sort((a, b) => a - b) }))
    .flatMap((cluster) => stretches(cluster, layout, whole))
    .filter((cut) => holdsResults(cut, layout, names));
}

/** Runs of lines around the names of a cluster that nothing crosses at its edge. */
function stretches(
  { x, at }: { readonly x: number; readonly at: readonly number[] },
  { lines, charWidth, fontSize }: PageLayout,
  whole: ReadonlySet<Line>,
): readonly Cut[] {
  const open = (index: number) => {
    const line = lines[index];
    return (
      line !== undefined &&
      !whole.has(line) &&
      !line.cells.some(({ box }) => box[0] < x && box[2] > x + 0.2 * charWidth)
    );
  };
  const cuts: Cut[] = [];
  for (const start of at) {
    if (!open(start) || cuts.some((cut) => covers(cut, start))) continue;
    let [from, to] = [start, start];
    // Upwards only over lines that begin a strip of their own here: a heading, a title.
    while (open(from - 1) && lines[from - 1]!.cells.some(({ box }) => Math.abs(box[0] - x) < 1.6 * charWidth)) from--;
    while (open(to + 1) && lines[to + 1]!.box[1] - lines[to]!.box[3] < 6 * fontSize) to++;
    // What follows the last thing right of the edge is no strip any more.
    while (to > start && !lines[to]!.tokens.some(({ box }) => box[0] >= x)) to--;
    if (at.filter((index) => index >= from && index <= to).length >= 2) cuts.push({ x, from, to });
  }
  return cuts;
}

/** Both sides must hold names, and numbers or words of results beside or below them. */
function holdsResults({ x, from, to }: Cut, { lines }: PageLayout, names: Names): boolean {
  const own = lines.slice(from, to + 1);
  const side = (right: boolean) =>
    own.map((line) => line.cells.filter(({ box }) => box[0] >= x === right)).filter((cells) => cells.length > 0);
  const good = (rows: ReturnType<typeof side>) => {
    const named = rows.filter((cells) => isName(cells[0]!.text, names)).length;
    const valued = rows.filter((cells) => cells.some(({ text }) => /\d/.test(text))).length;
    return named >= 2 && valued >= 0.5 * named;
  };
  return good(side(false)) && good(side(true));
}

/** A known test, alone or before its value, or a heading of a column of names. */
function isName(text: string, names: Names): boolean {
  if (headerPhrases.get(fold(text)) === 'name') return true;
  const first = /^(.{1,60}?)\s*(?::|\s[<>≤≥]?\d|$)/.exec(text)?.[1] ?? text;
  return /\p{L}{2}|^(?:K|P)$/u.test(first) && !/^\d/.test(text) && names.isTest(first);
}
