import { type Band, inBand } from './bands.ts';
import { type Field, fieldOf } from './groups.ts';
import { joined } from './layout.ts';
import { LEAST_NAME, nameScore, runsOf } from './printed.ts';
import type { RuledPages } from './read-pages.ts';
import type { Role } from './role.ts';
import type { RawRow, RoledLine } from './rows.ts';
import type { Token } from './tokens.ts';

type Run = readonly [number, number];

/** What a row counts that the model alone has seen. */
const ALONE = 0.6;

/** What is something else already. */
const notNames: readonly Role[] = ['value', 'unit', 'range', 'flag', 'date', 'previous'];

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
  // What belongs to the value stands behind it, before the next name.
  const behind = line.tokens.map((_, at) => at).slice(free.run[1]);
  const next = behind.find((at) => roles[at]!.role === 'name') ?? line.tokens.length;
  const field = (role: Role): Field | undefined => {
    const tokens = behind.filter((at) => at < next && roles[at]!.role === role).map((at) => line.tokens[at]!);
    return tokens.length > 0 ? fieldOf(tokens) : undefined;
  };
  return {
    page: line.page,
    name: fieldOf(free.named),
    value,
    unit: field('unit'),
    range: field('range'),
    flag: field('flag'),
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

/** The tokens of the cell before the value that is named so, or of the beginning of its own. */
function namedBy({ line, ruled }: RoledLine, [from]: Run, name: string): readonly Token[] {
  const before = line.cells
    .filter((cell) => cell.from < from)
    .map((cell) => line.tokens.slice(cell.from, Math.min(cell.to, from)))
    .filter((tokens) => tokens.some((token) => !notNames.includes(ruled[line.tokens.indexOf(token)]!.role)));
  const scored = before
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
  const other = roles.some(({ rival, role }) => rival || (role !== 'value' && notNames.includes(role)));
  const rows = ruled.rows.some((row) => row.value.tokens.some((token) => line.tokens.includes(token)));
  // The 12 of "Vitamin B 12" is part of its name.
  const cell = line.cells.findIndex((one) => one.from <= from && from < one.to);
  const ownName =
    roles.some(({ role }) => role === 'name') &&
    line.tokens.slice(line.cells[cell]!.from, line.cells[cell]!.to).some((token) => named.includes(token));
  return other || rows || ownName ? 'current-value-unclear' : undefined;
}
