import { overlap } from './columns.ts';
import type { Draw } from './draws.ts';
import type { Line } from './layout.ts';
import { readSpans, type Span } from './spans.ts';

/** Which edge the values of a grid share with their heading: 0 the left one, 0.5 the middle, 1 the right one. */
type Edge = 0 | 0.5 | 1;

/** Where the draws of a grid stand, and by which edge what stands under them is known. */
interface GridColumns {
  readonly draws: readonly Draw[];
  readonly edge: Edge;
}

/** A line of results: what stands outside of the draws, and what stands under each. */
export interface Row {
  readonly line: Line;
  readonly outside: readonly Span[];
  readonly under: readonly (readonly Span[])[];
}

/** How the lines of results stand under the draws; undefined where they do not. */
export function gridColumns(draws: readonly Draw[], lines: readonly Line[]): GridColumns | undefined {
  const edge = edgeOf(draws, lines);
  if (edge !== undefined) return { draws, edge };
  const over = moved(draws, lines);
  return over && { draws: over, edge: 1 };
}

/** Words left of the first draw, and a number right of its beginning. */
export function isRow(draws: readonly Draw[], line: Line): boolean {
  const named = line.tokens.some(
    ({ text, box }) => /\p{L}/u.test(text) && box[2] < draws[0]!.x0 + 0.5 * (draws[0]!.x1 - draws[0]!.x0),
  );
  return named && line.tokens.some(({ text, box }) => /^[<>≤≥*]?\d/.test(text) && box[2] > draws[0]!.x0);
}

/** The edge at which numbers stand nearest to the headings, over all lines; none where they stand under no heading. */
function edgeOf(draws: readonly Draw[], lines: readonly Line[]): Edge | undefined {
  const [left, right] = [draws[0]!, draws.at(-1)!];
  // What follows a grid may be a table of its own: its first lines tell.
  const numbers = lines
    .filter((line) => isRow(draws, line))
    .slice(0, 6)
    .flatMap(({ tokens }) =>
      tokens.filter(({ text, box }) => /^[<>≤≥*]?\d/.test(text) && box[2] > left.x0 && box[0] < right.x1),
    );
  const cost = (edge: Edge) => {
    const distances = numbers.map(({ box }) =>
      Math.min(...draws.map((draw) => Math.abs(at(draw.x0, draw.x1, edge) - at(box[0], box[2], edge)))),
    );
    return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Number.POSITIVE_INFINITY;
  };
  const best = ([0, 1, 0.5] as const).reduce((one, edge) => (cost(edge) < cost(one) ? edge : one));
  return cost(best) < 0.25 * spacing(draws, best) ? best : undefined;
}

/**
 * Headings at the left of their columns over numbers at the right: where rows hold as many numbers as there are draws, all as
 * far behind their headings, the draws stand over them; undefined where they do not.
 */
function moved(draws: readonly Draw[], lines: readonly Line[]): readonly Draw[] | undefined {
  const offsets = lines.slice(0, 12).flatMap((line) => {
    const numbers = readSpans(line).filter(
      ({ kind, from }) => kind === 'number' && line.tokens[from]!.box[0] > draws[0]!.x0,
    );
    if (numbers.length !== draws.length) return [];
    return numbers.map(({ to }, at) => line.tokens[to - 1]!.box[2] - draws[at]!.x0);
  });
  const sorted = offsets.sort((a, b) => a - b);
  const [least, middle, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const room = spacing(draws, 0);
  if (least === undefined || middle! <= 0 || middle! >= room || most! - least > 0.2 * room) return undefined;
  return draws.map((draw) => ({ ...draw, x0: draw.x0 + middle!, x1: draw.x0 + middle! }));
}

/** The least distance of two headings. */
function spacing(draws: readonly Draw[], edge: Edge): number {
  const places = draws.map(({ x0, x1 }) => at(x0, x1, edge));
  return Math.min(...places.slice(1).map((place, index) => place - places[index]!));
}

function at(x0: number, x1: number, edge: Edge): number {
  return x0 + edge * (x1 - x0);
}

/** Spans by the draw that they stand nearest to; what is further from any than half of their distance stands outside. */
export function rowOf(line: Line, { draws, edge }: GridColumns, charWidth: number): Row {
  const outside: Span[] = [];
  const inside = draws.map((): Span[] => []);
  const reach = 0.5 * spacing(draws, edge) + charWidth;
  const distance = (span: Span, draw: Draw) => {
    const [x0, x1] = [line.tokens[span.from]!.box[0], line.tokens[span.to - 1]!.box[2]];
    return Math.abs(at(draw.x0, draw.x1, edge) - at(x0, x1, edge)) * (overlap(draw, { x0, x1 }) > 0 ? 0.5 : 1);
  };
  let last: Span[] | undefined;
  for (const span of readSpans(line)) {
    // A flag belongs to the number that it stands behind.
    if (
      span.kind === 'flag' &&
      last &&
      gapBehind(line, last.at(-1), line.tokens[span.from]!.box[0]) < 2.5 * charWidth
    ) {
      last.push(span);
      continue;
    }
    const distances = draws.map((draw) => distance(span, draw));
    const nearest = distances.indexOf(Math.min(...distances));
    const here = inside[nearest]!;
    if (distances[nearest]! > reach || ['unit', 'range', 'words'].includes(span.kind)) {
      outside.push(asLimit(span));
      continue;
    }
    // "17   <21": a limit beside the last draw is further from it than its result.
    const rival = here.find(({ kind }) => kind === 'number' && span.kind === 'number');
    if (rival) {
      const [kept, other] = distance(rival, draws[nearest]!) <= distances[nearest]! ? [rival, span] : [span, rival];
      here.splice(here.indexOf(rival), 1, kept);
      outside.push(asLimit(other));
    } else here.push(span);
    last = here;
  }
  return { line, outside, under: inside };
}

/** "<50" outside of the draws is a limit. */
function asLimit(span: Span): Span {
  return span.kind === 'number' && /^[<>≤≥]/.test(span.text) ? { ...span, kind: 'range' } : span;
}

function gapBehind(line: Line, span: Span | undefined, x: number): number {
  return span ? x - line.tokens[span.to - 1]!.box[2] : Number.POSITIVE_INFINITY;
}
