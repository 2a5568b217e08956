import type { Box } from '../../documents/page.ts';
import { readDateGrid } from './date-grid.ts';
import type { Facts } from './facts.ts';
import { clean } from './groups.ts';
import type { Line, PageLayout } from './layout.ts';
import { readNarrative } from './narrative.ts';
import type { Names } from './role.ts';
import type { Assembled, RawRow } from './rows.ts';
import { readSusceptibility } from './susceptibility.ts';
import { readTransposed } from './transposed.ts';

/** What tables were read as, with what recognisers of their own read better: antibiograms, flow sheets, cumulative reports, sentences. */
export function recognised(tables: Assembled, layouts: readonly PageLayout[], names: Names, facts: Facts): Assembled {
  const antibiograms = layouts.flatMap((layout) => readSusceptibility(layout, names));
  const plain = instead(
    tables,
    antibiograms,
    antibiograms.map(({ line }) => line),
  ).all;
  const sheets = [readTransposed, readDateGrid].reduce((read, recogniser) => {
    const grids = layouts.map((layout) => recogniser(layout, names, facts));
    const found = grids.flatMap(({ rows }) => rows);
    const { all, replaced } = instead(
      read,
      found,
      grids.flatMap(({ lines }) => lines),
    );
    const named = replaced.filter(({ name }) => names.isTest(clean(name.text)));
    return told(found) > told(named) ? all : read;
  }, plain);
  return withSentences(sheets, layouts, names);
}

/** These rows instead of all that was read on these lines. */
function instead(
  { rows, unread }: Assembled,
  found: readonly RawRow[],
  lines: readonly Line[],
): { readonly all: Assembled; readonly replaced: readonly RawRow[] } {
  const taken = (page: number, box: Box) =>
    lines.some((line) => line.page === page && line.box[1] < box[3] && line.box[3] > box[1]);
  const replaced = rows.filter(({ page, line }) => taken(page, line.box));
  return {
    all: {
      rows: [...rows.filter((row) => !replaced.includes(row)), ...found],
      unread: unread.filter(({ page, box }) => !taken(page, box)),
    },
    replaced,
  };
}

/** How many parts of results were read. */
function told(rows: readonly RawRow[]): number {
  return rows.reduce((sum, { unit, range, specimen }) => sum + 2 + [unit, range, specimen].filter(Boolean).length, 0);
}

/** Results out of sentences, where the document is one of sentences rather than of tables. */
function withSentences(tables: Assembled, layouts: readonly PageLayout[], names: Names): Assembled {
  const read = layouts.map((layout) => readNarrative(layout, names));
  const found = read.flatMap(({ rows }) => rows);
  const stated = read.reduce((sum, one) => sum + one.stated, 0);
  const lines = new Set(found.map(({ line }) => line));
  const others = tables.rows.filter(({ line }) => !lines.has(line));
  return stated >= 2 && found.length > 2 * others.length
    ? { rows: [...others, ...found], unread: tables.unread }
    : tables;
}
