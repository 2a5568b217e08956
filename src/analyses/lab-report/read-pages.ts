import type { Box, Page } from '../../documents/page.ts';
import { upright } from '../../documents/upright.ts';
import type { TensorModel } from '../../inference/model.ts';
import { boxAsGiven, rowAsGiven } from './as-given.ts';
import { onCard } from './cards.ts';
import { type GridRows, readDateGrid } from './date-grid.ts';
import { type DayOrder, decideDayOrder, findDate } from './dates.ts';
import { createNames } from './dictionary.ts';
import { type Facts, latestOf, readFacts } from './facts.ts';
import { featureCount, featuresOf, neighbourCount } from './features.ts';
import { clean } from './groups.ts';
import { fold } from './header-words.ts';
import { type Line, layOut, type PageLayout, toLine } from './layout.ts';
import { readNarrative } from './narrative.ts';
import { limitsOf } from './order-roles.ts';
import { type Region, regionsOf } from './regions.ts';
import { type Names, type Role, type RuledRole, roles } from './role.ts';
import { ruleRoles } from './roles.ts';
import { type Assembled, assemble, type RawRow, type RoledLine } from './rows.ts';
import { specimenLabel, specimenOf } from './specimens.ts';
import { inStrips } from './strips.ts';
import { readSusceptibility } from './susceptibility.ts';
import { readTransposed } from './transposed.ts';
import { modelRoles, vote } from './vote.ts';
import { isYearless } from './yearless.ts';

/** Who decides what a token is; `both` is what the embedded reader uses, the others are for measuring. */
export type RoleSource = 'rules' | 'model' | 'both';

export interface ReadPages extends Assembled {
  readonly facts: Facts;
  readonly order: DayOrder;
  readonly names: Names;
  readonly text: string;
  /** Numbers of the pages that were read by optical recognition. */
  readonly scanned: ReadonlySet<number>;
}

/**
 * Pages → lines → columns → roles → rows, nothing interpreted yet. Rows are laid out on the page turned upright; their boxes
 * are those of the page as given.
 */
export async function readPages(
  pages: readonly Page[],
  model: TensorModel | undefined,
  source: RoleSource,
  signal: AbortSignal,
  filed?: string,
): Promise<ReadPages> {
  const names = createNames();
  const { layouts, regions, facts, order, text } = prepare(pages.map(upright), names, filed);
  const roled: { region: Region; lines: readonly RoledLine[] }[] = [];
  for (const region of regions) {
    signal.throwIfAborted();
    roled.push({ region, lines: await roleLines(region, names, model, source, signal) });
  }
  const head = headSpecimen(facts, layouts);
  const tables = assemble(roled, names, whenOf(order, facts), head);
  const grids = withGrids(
    withGrids(
      withAntibiograms(tables, layouts, names, head),
      layouts.map((layout) => readTransposed(layout, names, facts)),
      names,
    ),
    layouts.map((layout) => readDateGrid(layout, names, facts)),
    names,
  );
  const { rows, unread } = withSentences(grids, layouts, names);
  const named = headSpecimens(facts, layouts);
  const given = (number: number) => pages.find((page) => page.number === number)!;
  return {
    rows: rows.map((row) => rowAsGiven(withSpecimen(withDraw(withYear(row), facts), named), given(row.page))),
    unread: unread.map((row) => ({ ...row, box: boxAsGiven(row.box, given(row.page)) })),
    facts,
    order,
    names,
    text,
    scanned: scannedOf(pages),
  };
}

/** Lines of antibiograms are read by a recogniser of their own. */
function withAntibiograms(
  tables: Assembled,
  layouts: readonly PageLayout[],
  names: Names,
  specimen: string | undefined,
): Assembled {
  const read = layouts.flatMap((layout) => readSusceptibility(layout, names));
  const found = specimen ? read.map((row) => ({ ...row, specimen })) : read;
  const taken = ({ page, box }: { readonly page: number; readonly box: Box }) =>
    found.some(({ line }) => line.page === page && line.box[1] < box[3] && line.box[3] > box[1]);
  return {
    rows: [...tables.rows.filter(({ page, line: { box } }) => !taken({ page, box })), ...found],
    unread: tables.unread.filter((row) => !taken(row)),
  };
}

/**
 * Flow sheets, whose tests stand side by side, and cumulative reports are read by recognisers of their own where they find
 * more than what tables are read by. No line of them is then read as one of a table.
 */
function withGrids(tables: Assembled, grids: readonly GridRows[], names: Names): Assembled {
  const found = grids.flatMap(({ rows }) => rows);
  const lines = grids.flatMap((grid) => grid.lines);
  const taken = (page: number, box: Box) =>
    lines.some((line) => line.page === page && line.box[1] < box[3] && line.box[3] > box[1]);
  const [others, own] = [false, true].map((inside) =>
    tables.rows.filter(({ page, line: { box } }) => taken(page, box) === inside),
  ) as [RawRow[], RawRow[]];
  const named = own.filter(({ name }) => names.isTest(clean(name.text)));
  return found.length > 0 && told(found) > told(named)
    ? { rows: [...others, ...found], unread: tables.unread.filter(({ page, box }) => !taken(page, box)) }
    : tables;
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

/** Pages as the rules of layout alone read them, line by line. */
export interface RuledPages extends ReadPages {
  readonly layouts: readonly PageLayout[];
  /** Lines outside headers and facts; a line of tables side by side is cut into one for each. */
  readonly regions: readonly { readonly region: Region; readonly lines: readonly RoledLine[] }[];
}

/** What the page says of itself, against which what somebody else says of it is held. */
export function readByRules(pages: readonly Page[], filed?: string): RuledPages {
  const names = createNames();
  const { layouts, regions, facts, order, text } = prepare(pages, names, filed);
  const roled = regions.map((region) => {
    const limits = limitsIn(region);
    const lines = region.lines.map((line): RoledLine => {
      const ruled = ruleRoles(line, region.header, names, limits);
      return { line, ruled, roles: ruled.map(({ role }) => role), sure: ruled.map(() => 1) };
    });
    return { region, lines };
  });
  return {
    ...assemble(roled, names, whenOf(order, facts), headSpecimen(facts, layouts)),
    layouts,
    regions: roled,
    facts,
    order,
    names,
    text,
    scanned: scannedOf(pages),
  };
}

/** The one specimen that labelled lines of the heads name; none where they name several. */
function headSpecimen(facts: Facts, layouts: readonly PageLayout[]): string | undefined {
  const named = headSpecimens(facts, layouts);
  return new Set(named.map(({ specimen }) => specimen)).size === 1 ? named[0]!.specimen : undefined;
}

/** Specimens behind, beside or under their labels in lines that hold facts or stand among such, in reading order. */
function headSpecimens({ lines }: Facts, layouts: readonly PageLayout[]) {
  return layouts.flatMap((layout) =>
    layout.lines.flatMap((line, at) => {
      const [before, next] = [layout.lines[at - 1], layout.lines[at + 1]];
      if (![before, line, next].some((one) => one && lines.has(one))) return [];
      return line.cells.flatMap((cell, index) => {
        const [, label = cell.text, said] = /^([^:]{3,40}?)\s*:\s*(\S.*)$/.exec(cell.text) ?? [];
        if (!specimenLabel.test(fold(label.replace(/\s*:\s*$/, '').trim()))) return [];
        const beside = line.cells[index + 1]?.text.replace(/^\s*:\s*/, '');
        const under = next?.cells.find(({ box }) => box[0] < cell.box[2] && box[2] > cell.box[0])?.text;
        // "SAMPLE TYPE: ARTERIAL SITE: LT RADIAL": what follows the next label is another thing.
        const own = said?.replace(/\s+\p{L}+:\s.*$/u, '');
        const specimen = [own, beside, under].map((text) => text && oneSpecimen(text)).find((one) => one);
        return specimen ? [{ specimen, page: line.page, y: line.box[1] }] : [];
      });
    }),
  );
}

/** "Serum / blood" names two, and so none for any row. */
function oneSpecimen(text: string): string | undefined {
  const parts = new Set(text.split(/[/,+&;]| (?:and|und|et|y|e) /).flatMap((part) => specimenOf(part) ?? []));
  return parts.size > 1 ? undefined : specimenOf(text);
}

/** A row without a specimen of its own is of the one that the heads of several pages or parts name last above it. */
function withSpecimen(row: RawRow, named: ReturnType<typeof headSpecimens>): RawRow {
  if (row.specimen) return row;
  const above = named.findLast(({ page, y }) => page < row.page || (page === row.page && y <= row.line.box[1]));
  // At the foot of its page, where all feet say the same.
  const foot = new Set(named.map(({ specimen }) => specimen)).size === 1 ? named[0] : undefined;
  const told = above ?? foot;
  return told ? { ...row, specimen: told.specimen } : row;
}

/** A day whose year nothing tells is no time of a row. */
function withYear(row: RawRow): RawRow {
  const { collected, ...others } = row;
  return collected && isYearless(collected) ? others : row;
}

/** A row without a time of its own is of the collection that is printed last above it, where a document has several. */
function withDraw(row: RawRow, { draws, collected }: Facts): RawRow {
  if (row.collected || new Set(draws.map(({ at }) => at)).size < 2) return row;
  const above = draws.filter(({ page, y }) => page < row.page || (page === row.page && y <= row.line.box[1])).at(-1);
  return above && above.at !== collected ? { ...row, collected: above.at } : row;
}

/** A printed date, or a time alone on the day of the document. */
function whenOf(order: DayOrder, facts: Facts): (printed: string) => string | undefined {
  return (printed) => {
    const date = findDate(printed, order)?.iso;
    const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(printed.trim()) ?? [];
    const day = facts.collected?.slice(0, 10);
    return date ?? (hour && Number(hour) < 24 && day ? `${day}T${hour.padStart(2, '0')}:${minute}` : undefined);
  };
}

function limitsIn({ header, lines, layout }: Region) {
  return header ? undefined : limitsOf(lines, layout.charWidth);
}

function scannedOf(pages: readonly Page[]): ReadonlySet<number> {
  return new Set(pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
}

/** What the rules and the model both start from; also used to make the features that the model is trained on. */
export function prepare(pages: readonly Page[], names: Names, filed?: string) {
  const laidOut = pages.map(layOut);
  const text = laidOut
    .flatMap(({ lines }) => lines.map(({ cells }) => cells.map((cell) => cell.text).join('  ')))
    .join('\n');
  const facts = readFacts(laidOut, decideDayOrder(text, filed), filed);
  const { order } = facts;
  const layouts = laidOut.map((layout) => ({
    ...layout,
    lines: layout.lines.map((line) => withoutFacts(line, facts, names)),
  }));
  const read = layouts.map((layout) => ({ ...layout, lines: inStrips(layout, names, facts.lines) }));
  const regions = regionsOf(read, order, { collected: facts.collected, latest: latestOf(facts) }, facts.lines);
  return { layouts, regions, facts, order, text };
}

/** "GLUCOSE   Collected: 03/06/2025 09:49": the test that a line of facts begins with, as a line of its own. */
function withoutFacts(line: Line, { lines }: Facts, names: Names): Line {
  const first = line.cells[0];
  const isHeading =
    lines.has(line) && first && line.cells.length > 1 && !/[:\d]/.test(first.text) && names.isTest(clean(first.text));
  return isHeading ? toLine(line.page, line.tokens.slice(first.from, first.to), Number.POSITIVE_INFINITY) : line;
}

async function roleLines(
  region: Region,
  names: Names,
  model: TensorModel | undefined,
  source: RoleSource,
  signal: AbortSignal,
): Promise<readonly RoledLine[]> {
  let probabilities: Float32Array | undefined;
  if (model && source !== 'rules' && region.lines.length > 0) {
    const { features, neighbours, tokens } = featuresOf(region, names);
    probabilities = await modelRoles(
      model,
      { type: 'float32', dims: [tokens.length, featureCount], data: features },
      { type: 'int64', dims: [tokens.length, neighbourCount], data: neighbours },
      signal,
    );
  }
  let at = 0;
  const limits = limitsIn(region);
  return region.lines.map((line, index) => {
    const ruled = onCard(region.lines, index, ruleRoles(line, region.header, names, limits), names);
    const start = at;
    at += line.tokens.length;
    const offset = (index: number) => (start + index) * roles.length;
    const bySpan = new Map<RuledRole, number[]>();
    ruled.forEach((one, index) => {
      bySpan.set(one, [...(bySpan.get(one) ?? []), offset(index)]);
    });
    const voted = ruled.map((one) => vote(source === 'model' ? undefined : one, probabilities, bySpan.get(one)!));
    const final = source === 'model' ? voted : withoutGuess(line, ruled, voted);
    const sure = final.map((role, index) => {
      const probability = probabilities?.[(start + index) * roles.length + roles.indexOf(role)];
      const agreed = ruled[index]?.role === role;
      return probability === undefined
        ? agreed
          ? 0.9
          : 0.6
        : agreed
          ? 0.75 + 0.25 * probability
          : 0.5 + 0.4 * probability;
    });
    return { line, roles: final, ruled, sure };
  });
}

/** A model may not choose between rivals: when it takes one for the value, the others stay values too and the row falls. */
function withoutGuess(line: Line, ruled: readonly RuledRole[], voted: readonly Role[]): readonly Role[] {
  const chosen = voted.some((role, index) => role === 'value' && ruled[index]!.rival);
  // "Troponin  <0,04  0,03": the one with the sign may be the limit, unless the line has its limits already.
  const limited = voted.some((role, index) => role === 'range' && !ruled[index]!.rival);
  return voted.map((role, index) => {
    const limit = role === 'range' && !limited && /^[<>≤≥]/.test(line.tokens[index]!.text);
    return chosen && ruled[index]!.rival && !limit ? 'value' : role;
  });
}
