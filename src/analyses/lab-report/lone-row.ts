import { type Band, inBand } from './bands.ts';
import { joined } from './layout.ts';
import { LEAST_NAME, nameScore, runsOf } from './printed.ts';
import type { RuledPages } from './read-pages.ts';
import { fieldOf, type RawRow, type RoledLine } from './rows.ts';
import type { Token } from './tokens.ts';

type Run = readonly [number, number];

/** What a row counts that the model alone has seen. */
const ALONE = 0.6;

/** The row with this name and one of these values that the rules of layout have not read; or why there is none. */
export function rowAlone(band: Band, name: string, values: readonly string[], ruled: RuledPages): RawRow | string {
  const lines = ruled.regions.flatMap((region) => region.lines).filter(({ line }) => inBand(band, line.page, line.box));
  const printed = lines.flatMap((roled) =>
    values.flatMap((value) =>
      runsOf(roled.line, value).map((run) => ({ roled, run, named: namedBy(roled, run, name) })),
    ),
  );
  if (printed.length === 0) return 'value-not-on-page';
  const inRow = printed.filter(({ named }) => named.length > 0);
  if (inRow.length === 0) {
    const elsewhere = lines.some(({ line }) => nameScore(name, joined(line.tokens)) >= LEAST_NAME);
    return elsewhere ? 'not-in-one-row' : 'name-not-on-page';
  }
  const judged = inRow.map((one) => ({ ...one, against: objection(one.roled, one.run, one.named, ruled) }));
  const free = judged.find(({ against }) => against === undefined);
  if (!free) return judged[0]!.against!;
  const { line, ruled: roles } = free.roled;
  const value = fieldOf(line.tokens.slice(...free.run));
  const flags = line.tokens.filter((token, at) => roles[at]!.role === 'flag' && !value.tokens.includes(token));
  return {
    page: line.page,
    name: fieldOf(free.named),
    value,
    ...(flags.length > 0 ? { flag: fieldOf(flags) } : {}),
    outOfRange: false,
    confidence:
      ALONE *
      Math.min(
        ...value.tokens.map(({ confidence }) => confidence),
        ...free.named.map(({ confidence }) => Math.sqrt(confidence)),
      ),
    line,
  };
}

/** The tokens of the cell that is named so, on one side of the value where both stand in one cell. */
function namedBy({ line }: RoledLine, [from, to]: Run, name: string): readonly Token[] {
  const sides = line.cells.flatMap((cell) => {
    const [before, after] = [Math.min(cell.to, Math.max(cell.from, from)), Math.max(cell.from, Math.min(cell.to, to))];
    return [line.tokens.slice(cell.from, before), line.tokens.slice(after, cell.to)];
  });
  const scored = sides
    .map((tokens) => ({ tokens, score: nameScore(name, joined(tokens)) }))
    .sort((a, b) => b.score - a.score)[0];
  return scored && scored.score >= LEAST_NAME ? scored.tokens : [];
}

/** What the rules of layout have against this value. */
function objection(roled: RoledLine, [from, to]: Run, named: readonly Token[], ruled: RuledPages): string | undefined {
  const { line } = roled;
  const roles = roled.ruled.slice(from, to);
  if (roles.some(({ never }) => never?.includes('value'))) return 'only-previous-value';
  if (roles.some(({ role }) => role === 'comment')) return 'in-a-comment';
  const other = roles.some(({ rival, role }) => rival || ['range', 'unit', 'flag', 'date', 'previous'].includes(role));
  const rows = ruled.rows.some((row) => row.value.tokens.some((token) => line.tokens.includes(token)));
  // The 12 of "Vitamin B 12" is part of its name.
  const cell = line.cells.findIndex((one) => one.from <= from && from < one.to);
  const ownName =
    roles.some(({ role }) => role === 'name') &&
    line.tokens.slice(line.cells[cell]!.from, line.cells[cell]!.to).some((token) => named.includes(token));
  return other || rows || ownName ? 'current-value-unclear' : undefined;
}
