import { parseFlag } from '../../terminology/flags.ts';
import { type Band, inBand } from './bands.ts';
import type { UnreadRow } from './finding.ts';
import { clean } from './groups.ts';
import { joined } from './layout.ts';
import { rowAlone } from './lone-row.ts';
import { collectionTime, LEAST_NAME, nameScore, normal, runsOf } from './printed.ts';
import type { RuledPages } from './read-pages.ts';
import type { RawRow } from './rows.ts';
import type { SaidTest } from './said.ts';
import type { Token } from './tokens.ts';

/** What the model said of one band. */
export interface Answer {
  readonly band: Band;
  readonly tests: readonly SaidTest[];
}

/** What a row counts on which the model and the rules of layout agree. */
const AGREED = 0.95;

/**
 * Holds what a model said of a page against the page. A test is taken when its name and its value stand in one row; then
 * all its fields are those that are printed there. What does not stand there, what stands in a column of earlier results,
 * and what the rules of layout read otherwise goes to `unread` with its reason; so does a row that the rules read and the
 * model passed over.
 */
export function ground(answers: readonly Answer[], ruled: RuledPages): Pick<RuledPages, 'rows' | 'unread'> {
  const rows = new Map<RawRow | Token, RawRow>();
  const refused: (UnreadRow & { readonly said: string })[] = [];
  const taken = new Set<string>();
  for (const { band, tests } of answers) {
    const inside = ruled.rows.filter((row) => inBand(band, row.page, row.value.box));
    for (const test of tests) {
      const name = test.name?.trim();
      const result = test.result?.trim();
      if (!name || !result) continue;
      const said = normal(`${name} ${result}`);
      const values = spellings(result, test.unit);
      const row = ruledRow(inside, name, values, (one) => rows.has(one));
      const found = row ?? rowAlone(band, name, values, ruled);
      if (typeof found === 'string') {
        const text = `${name}  ${result}`.slice(0, 400);
        refused.push({ text, page: band.page, box: band.box, reason: found, said });
        continue;
      }
      taken.add(said);
      // Bands share lines, and a model may say a thing twice: one print is one result.
      const key = row ?? found.value.tokens[0]!;
      if (!rows.has(key)) {
        rows.set(key, withSaid(row ? { ...row, confidence: row.confidence * AGREED } : found, test, ruled));
      }
    }
  }
  const passedOver = ruled.rows
    .filter((row) => !rows.has(row) && ruled.names.isTest(clean(row.name.text)))
    .filter((row) => answers.some(({ band }) => inBand(band, row.page, row.value.box)))
    .map(({ line, page }): UnreadRow => {
      const text = line.cells.map((cell) => cell.text).join('  ');
      return { text: text.slice(0, 400), page, box: line.box, reason: 'passed-over' };
    });
  const kept = [...rows.values()].sort((a, b) => a.page - b.page || a.line.box[1] - b.line.box[1]);
  return {
    rows: kept,
    unread: [
      ...ruled.unread.filter(({ box }) => !kept.some(({ line }) => line.box === box)),
      ...passedOver,
      // Said again of a band in which it does not stand: it is where it stands.
      ...refused.filter(({ said }) => !taken.has(said)).map(({ said: _, ...row }) => row),
    ],
  };
}

/** `6.8 HH`, `6.8 mmol/L`, `*6.8` also mean 6.8: the model puts into the value what stands beside it. */
function spellings(result: string, unit: string | null | undefined): readonly string[] {
  const all = [normal(result)];
  for (let rest = result.replace(/^(?:\*{1,2}|[↑↓]+)\s*(?=[\d<>≤≥])/, ''); ; ) {
    all.push(normal(rest));
    const last = /\s+(\S+)$/.exec(rest);
    if (unit && /^\D/.test(unit) && rest.endsWith(unit) && rest.length > unit.length)
      rest = rest.slice(0, -unit.length).trim();
    else if (last && parseFlag(last[1]!)) rest = rest.slice(0, last.index).trim();
    else return [...new Set(all)];
  }
}

/** The row of the rules with this value whose name is nearest; of equal ones the first that is not taken. */
function ruledRow(
  rows: readonly RawRow[],
  name: string,
  values: readonly string[],
  taken: (row: RawRow) => boolean,
): RawRow | undefined {
  return rows
    .filter((row) => values.includes(normal(row.value.text)))
    .map((row) => ({ row, score: nameScore(name, row.name.text) }))
    .filter(({ score }) => score >= LEAST_NAME)
    .sort((a, b) => b.score - a.score || Number(taken(a.row)) - Number(taken(b.row)))[0]?.row;
}

/**
 * The row with what the rules of layout do not look for, where the model says it and it is printed so. Units, limits,
 * specimens and panels are the rules' alone: that these words stand somewhere does not say for which row.
 */
function withSaid(row: RawRow, test: SaidTest, ruled: RuledPages): RawRow {
  const { collected, received, reported, patient } = ruled.facts;
  const time =
    collected === undefined ? collectionTime(test.sample_collection_time, ruled.text, ruled.order) : undefined;
  // A day that the document calls otherwise is not that of collection.
  const known = [received, reported, patient.birthDate].some((date) => time && date?.startsWith(time.slice(0, 10)));
  return { ...row, method: methodOf(row, test.method, ruled), collected: row.collected ?? (known ? undefined : time) };
}

/** Printed in the row, where no row has anything else and the rules see neither number, unit nor flag. */
function methodOf(
  { line }: RawRow,
  said: string | null | undefined,
  { regions, rows }: RuledPages,
): string | undefined {
  const roled = regions.flatMap((region) => region.lines).find((one) => one.line === line);
  const used = new Set(
    rows.flatMap(({ name, value, unit, range, flag }) =>
      [name, value, unit, range, flag].flatMap((one) => one?.tokens ?? []),
    ),
  );
  const free = (at: number) =>
    !used.has(line.tokens[at]!) && ['other', 'comment', 'name'].includes(roled!.ruled[at]!.role);
  const run =
    roled && said && /\p{L}/u.test(said)
      ? runsOf(line, said).find(([from, to]) => line.tokens.slice(from, to).every((_, at) => free(from + at)))
      : undefined;
  return run && joined(line.tokens.slice(...run));
}
