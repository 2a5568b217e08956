import { bandStarts, type Header, settle } from './columns.ts';
import type { DayOrder } from './dates.ts';
import { sectionsUnder } from './headed.ts';
import { extendHeader, nestHeader, readHeader, timesUnder } from './headings.ts';
import { type Line, type PageLayout, toLine } from './layout.ts';
import { fillUnknown } from './unheaded.ts';

/** Lines that share one column model, in reading order. */
export interface Region {
  readonly page: number;
  readonly layout: PageLayout;
  /** Settled: which columns are current is decided. */
  readonly header?: Header;
  readonly headerLines: readonly Line[];
  /** What stands over this band of a table whose columns repeat side by side. */
  readonly title?: string;
  readonly lines: readonly Line[];
}

interface Open {
  readonly header?: Header;
  readonly headerLines: readonly Line[];
  readonly lines: Line[];
  /** The line over a header that repeats side by side: a title for each band. */
  readonly titles?: Line;
}

/**
 * Cuts the pages into regions at table headers. A header holds until the next one, over pages of the same width;
 * a table whose columns repeat side by side becomes one region a band, left before right.
 */
export function regionsOf(
  layouts: readonly PageLayout[],
  order: DayOrder,
  { collected, latest }: { readonly collected?: string; readonly latest?: string },
  facts: ReadonlySet<Line>,
): readonly Region[] {
  const regions: Region[] = [];
  let carried: Header | undefined;
  let width: number | undefined;
  for (const layout of layouts) {
    const { width: w, unit } = layout.page;
    // Pages of plain text are as wide as their longest line.
    if (unit !== 'character' && width !== undefined && Math.abs(w - width) > 0.02 * w) carried = undefined;
    width = w;
    let open: Open = { header: carried, headerLines: [], lines: [] };
    const close = () => {
      const whole = open.header && fillUnknown(open.header, open.lines);
      const sections = whole ? sectionsUnder(whole, open.lines) : [{ headed: false, lines: open.lines }];
      const holds = open.header === carried;
      sections.forEach(({ headed, lines }, at) => {
        const header = headed && open.header ? fillUnknown(open.header, lines) : undefined;
        // The last section says what holds on the next page.
        if (holds) carried = header;
        const { titles, headerLines } = at === 0 ? open : { titles: undefined, headerLines: [] };
        regions.push(...bands(layout, { header, lines, headerLines, ...(titles ? { titles } : {}) }));
      });
    };
    for (let index = 0; index < layout.lines.length; index++) {
      const line = layout.lines[index]!;
      if (facts.has(line)) continue;
      const before = layout.lines[index - 1];
      if (before && before.strip !== line.strip) {
        // Another strip: what headed the one before does not head this one.
        close();
        carried = undefined;
        open = { headerLines: [], lines: [] };
      }
      const header = readHeader(line, order);
      if (!header) {
        open.lines.push(line);
        continue;
      }
      const above = open.lines.at(-1);
      let extended = header;
      const headerLines = [line];
      if (above && near(above, line, layout)) {
        const joined = extendHeader(header, above, order);
        if (joined) {
          extended = joined;
          headerLines.unshift(open.lines.pop()!);
        }
      }
      for (
        let below = layout.lines[index + 1];
        below && !facts.has(below) && near(headerLines.at(-1)!, below, layout);
        below = layout.lines[index + 1]
      ) {
        const timed = timesUnder(extended, below, order);
        const lower = timed ? undefined : readHeader(below, order);
        const joined = timed ?? (lower ? nestHeader(extended, lower) : extendHeader(extended, below, order));
        if (!joined) break;
        extended = joined;
        headerLines.push(below);
        index++;
      }
      const over = open.lines.at(-1);
      const bandCount = bandStarts(extended.columns).length;
      const titled =
        bandCount > 1 &&
        over !== undefined &&
        over.cells.length === bandCount &&
        !/\d/.test(over.cells.map(({ text }) => text).join());
      const titles = titled ? open.lines.pop() : undefined;
      close();
      carried = settle(extended, collected, latest);
      open = { header: carried, headerLines, lines: [], ...(titles ? { titles } : {}) };
    }
    close();
  }
  return regions.filter(({ lines, headerLines }) => lines.length + headerLines.length > 0);
}

function near(above: Line, below: Line, layout: PageLayout): boolean {
  return above.strip === below.strip && below.box[1] - above.box[3] < 0.9 * layout.fontSize;
}

function bands(layout: PageLayout, open: Omit<Open, 'lines'> & { readonly lines: readonly Line[] }): readonly Region[] {
  const page = layout.page.number;
  const starts = open.header ? bandStarts(open.header.columns) : [];
  if (!open.header || starts.length < 2) {
    return [{ page, layout, header: open.header, headerLines: open.headerLines, lines: open.lines }];
  }
  const { header } = open;
  const gap = layout.page.unit === 'character' ? 1.5 : 1.6 * layout.charWidth;
  const edges = starts.map((start, index) => (index === 0 ? Number.NEGATIVE_INFINITY : start - layout.charWidth));
  const titles = open.titles?.cells ?? [];
  return edges.map((from, index) => {
    const to = edges[index + 1] ?? Number.POSITIVE_INFINITY;
    const inside = (x: number) => x >= from && x < to;
    return {
      page,
      layout,
      header: { columns: header.columns.filter(({ x0 }) => inside(x0)) },
      headerLines: index === 0 ? open.headerLines : [],
      title: titles.find(({ box }) => inside(box[0]))?.text,
      lines: open.lines
        .map((line) => ({ line, tokens: line.tokens.filter(({ box }) => inside(box[0])) }))
        .filter(({ tokens }) => tokens.length > 0)
        .map(({ line, tokens }) => toLine(line.page, tokens, gap)),
    };
  });
}
