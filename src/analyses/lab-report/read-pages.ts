import type { Page } from '../../documents/page.ts';
import { upright } from '../../documents/upright.ts';
import type { TensorModel } from '../../inference/model.ts';
import { boxAsGiven, rowAsGiven } from './as-given.ts';
import { onCard } from './cards.ts';
import { isYearless } from './column-dates.ts';
import { type DayOrder, decideDayOrder, findDate } from './dates.ts';
import { createNames } from './dictionary.ts';
import { type Facts, latestOf, readFacts } from './facts.ts';
import { featureCount, featuresOf, neighbourCount } from './features.ts';
import { clean } from './groups.ts';
import { headSpecimens, onlySpecimen, withSpecimen } from './head-specimens.ts';
import { type Line, layOut, type PageLayout, toLine } from './layout.ts';
import { limitsOf } from './order-roles.ts';
import { recognised } from './recognised.ts';
import { type Region, regionsOf } from './regions.ts';
import { type Names, type Role, type RuledRole, roles } from './role.ts';
import { ruleRoles } from './roles.ts';
import { type Assembled, assemble, type RawRow, type RoledLine } from './rows.ts';
import { inStrips } from './strips.ts';
import { modelRoles, vote } from './vote.ts';

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
  const specimens = headSpecimens(facts, layouts);
  const tables = assemble(roled, names, whenOf(order, facts), onlySpecimen(specimens));
  const { rows, unread } = recognised(tables, layouts, names, facts);
  const given = (number: number) => pages.find((page) => page.number === number)!;
  return {
    rows: rows.map((row) => rowAsGiven(withSpecimen(withDraw(withYear(row), facts), specimens), given(row.page))),
    unread: unread.map((row) => ({ ...row, box: boxAsGiven(row.box, given(row.page)) })),
    facts,
    order,
    names,
    text,
    scanned: scannedOf(pages),
  };
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
    ...assemble(roled, names, whenOf(order, facts), onlySpecimen(headSpecimens(facts, layouts))),
    layouts,
    regions: roled,
    facts,
    order,
    names,
    text,
    scanned: scannedOf(pages),
  };
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
