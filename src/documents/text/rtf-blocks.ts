import { type Cell, gridLines, widthOf, wrapped } from './grid.ts';
import { expandTabs } from './plain-text.ts';

/** Collects what an RTF file shows, paragraph by paragraph and row by row. */
export interface RtfBlocks {
  text(text: string): void;
  /** The paragraph so far. */
  line(): string;
  control(word: string, value: number | undefined): void;
  end(): readonly string[];
}

/** A row of a table: its cells, and the right edge of each in twips. */
interface Row {
  readonly cells: readonly (readonly string[])[];
  readonly edges: readonly number[];
}

/** A paragraph with tabs; those with the same tab stops are a table, whatever paragraphs stand between them. */
interface Tabbed {
  readonly text: string;
  readonly stops: string;
  /** Lines of paragraphs without tabs in front of it. */
  readonly before: readonly string[];
}

/** A paragraph that is longer is prose and is cut into lines. */
const longest = 200;
/** Edges closer than this are one: programs round them. */
const tolerance = 60;

/** Consecutive rows as one table: the columns lie between all edges of all rows, a cell covers those up to its own. */
function rowLines(rows: readonly Row[]): readonly string[] {
  const all = [...new Set(rows.flatMap(({ edges }) => edges))].sort((a, b) => a - b);
  const edges = all.filter((edge, index) => index === 0 || edge - all[index - 1]! > tolerance);
  const columnOf = (edge: number) => edges.findLastIndex((other) => other <= edge);
  return gridLines(
    rows.map(({ cells, edges: own }) => {
      let column = -1;
      return cells.map((lines, index): Cell => {
        const until = Math.max(column + 1, own[index] === undefined ? column + 1 : columnOf(own[index]!));
        const span = until - column;
        column = until;
        return { lines, span };
      });
    }),
  );
}

/** Paragraphs whose tabs have stops of their own: the n-th part stands in the n-th column. */
function tabbedLines(paragraphs: readonly Tabbed[]): readonly string[] {
  const lines = gridLines(
    // A paragraph is one line, also where nothing stands in it.
    paragraphs.map(({ text }) => text.split('\t').map((part) => ({ lines: [part.trim()] }))),
  );
  return paragraphs.flatMap(({ before }, at) => [...before, lines[at]!]);
}

export function createRtfBlocks(): RtfBlocks {
  const lines: string[] = [];
  let rows: Row[] = [];
  let tabbed: Tabbed[] = [];
  /** What was written since the last of `tabbed`. */
  let between: string[] = [];
  let paragraph = '';
  let stops: number[] = [];
  let cell: string[] = [];
  let cells: string[][] = [];
  let edges: number[] = [];
  let inTable = false;

  const closeTable = () => {
    if (rows.length > 0) {
      lines.push(...rowLines(rows));
      rows = [];
    }
  };
  const closeTabbed = () => {
    if (tabbed.length > 0) {
      lines.push(...tabbedLines(tabbed), ...between);
      tabbed = [];
      between = [];
    }
  };
  // Spaces count in RTF: some reports are columns of a fixed-width font.
  const linesOf = (text: string): readonly string[] => {
    const expanded = expandTabs(text).trimEnd();
    return widthOf(expanded) <= longest ? (widthOf(expanded) > 0 ? [expanded] : []) : wrapped(expanded);
  };
  const endLine = () => {
    const text = paragraph;
    paragraph = '';
    if (inTable) {
      cell.push(...linesOf(text.replaceAll('\t', ' ')));
      return;
    }
    closeTable();
    if (text.includes('\t') && stops.length > 0) {
      const signature = stops.join();
      if (tabbed[0] && tabbed[0].stops !== signature) closeTabbed();
      tabbed.push({ text, stops: signature, before: between });
      between = [];
      return;
    }
    const own = linesOf(text);
    (tabbed.length > 0 ? between : lines).push(...(own.length > 0 ? own : ['']));
  };
  const endCell = () => {
    if (widthOf(paragraph) > 0) {
      cell.push(...linesOf(paragraph.replaceAll('\t', ' ')));
    }
    paragraph = '';
    cells.push(cell.filter((line) => line.trim() !== ''));
    cell = [];
  };
  const endRow = () => {
    closeTabbed();
    if (paragraph.trim() !== '' || cell.length > 0) {
      endCell();
    }
    if (cells.length > 0) {
      rows.push({ cells, edges });
    }
    cells = [];
  };

  const controls: Readonly<Record<string, (value: number | undefined) => void>> = {
    par: endLine,
    sect: endLine,
    line: endLine,
    tab: () => {
      paragraph += '\t';
    },
    tx: (value) => void stops.push(value ?? 0),
    pard: () => {
      stops = [];
      inTable = false;
    },
    intbl: () => {
      inTable = true;
    },
    trowd: () => {
      edges = [];
    },
    cellx: (value) => void edges.push(value ?? 0),
    cell: endCell,
    // A table inside a cell: its rows become lines of that cell.
    nestcell: () => {
      paragraph += '   ';
    },
    nestrow: () => {
      cell.push(...linesOf(paragraph));
      paragraph = '';
    },
    row: endRow,
    page: () => {
      if (paragraph !== '') endLine();
      closeTable();
      closeTabbed();
      lines.push('\f');
    },
  };

  return {
    text: (text) => {
      paragraph += text;
    },
    line: () => paragraph,
    control: (word, value) => controls[word]?.(value),
    end: () => {
      if (cells.length > 0) {
        endRow();
      }
      if (paragraph !== '') {
        inTable = false;
        endLine();
      }
      closeTable();
      closeTabbed();
      return lines;
    },
  };
}
