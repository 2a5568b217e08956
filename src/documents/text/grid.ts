import { IntervalError } from '../../errors.ts';

/** Stands in front of every word that is printed bold in the lines that this folder makes; taken off by `pageOfLines`. */
export const boldMark = '\u0002';

/** Characters of a page of text, spaces included. */
const maxCharacters = 8_000_000;
const columnGap = 3;

export interface Cell {
  /** Lines without leading or trailing line ends. */
  readonly lines: readonly string[];
  /** Columns that it covers; 1 unless given. */
  readonly span?: number;
}

/** Every word of a text marked as bold. */
export function bold(text: string): string {
  return text.replace(/\S+/g, (word) => (word.includes(boldMark) ? word : boldMark + word));
}

/** Length of a line as it is seen. */
export function widthOf(line: string): number {
  let width = line.length;
  for (let at = line.indexOf(boldMark); at >= 0; at = line.indexOf(boldMark, at + 1)) {
    width--;
  }
  return width;
}

const cellWidth = (cell: Cell) => cell.lines.reduce((widest, line) => Math.max(widest, widthOf(line)), 0);

/** Widths of the columns: of cells in one column first; a cell over several widens the last of them where it must. */
function columnWidths(rows: readonly (readonly Cell[])[]): readonly number[] {
  const widths: number[] = [];
  const spanning: { readonly from: number; readonly span: number; readonly width: number }[] = [];
  for (const row of rows) {
    let column = 0;
    const last = row.findLastIndex((cell) => cellWidth(cell) > 0);
    row.forEach((cell, index) => {
      const span = cell.span ?? 1;
      for (let at = column; at < column + span; at++) {
        widths[at] ??= 0;
      }
      if (span === 1) {
        widths[column] = Math.max(widths[column]!, cellWidth(cell));
      } else if (index < last) {
        // The last of a row may reach over the edge: nothing stands there.
        spanning.push({ from: column, span, width: cellWidth(cell) });
      }
      column += span;
    });
  }
  for (const { from, span, width } of spanning) {
    const covered = widths.slice(from, from + span).reduce((sum, value) => sum + value, columnGap * (span - 1));
    if (width > covered) {
      widths[from + span - 1]! += width - covered;
    }
  }
  return widths;
}

/**
 * A table as lines of text: every column begins at the same character in all rows, at least three spaces behind the one
 * before. Throws `document-too-large` when the lines would be longer than any printed table.
 */
export function gridLines(rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths = columnWidths(rows);
  const starts = [0];
  for (const width of widths) {
    // A column in which nothing stands takes no room.
    starts.push(starts.at(-1)! + width + (width > 0 ? columnGap : 0));
  }
  const height = rows.reduce((sum, row) => sum + Math.max(0, ...row.map(({ lines }) => lines.length)), 0);
  if (height * starts.at(-1)! > maxCharacters) {
    throw new IntervalError('document-too-large', 'The document holds a table that is larger than print can be.');
  }
  return rows.flatMap((row) => {
    const lines = Math.max(0, ...row.map((cell) => cell.lines.length));
    return Array.from({ length: lines }, (_, index) => {
      let text = '';
      let width = 0;
      let column = 0;
      for (const cell of row) {
        const part = cell.lines[index] ?? '';
        if (part !== '') {
          const pad = Math.max(starts[column]! - width, width > 0 ? columnGap : 0);
          text += ' '.repeat(pad) + part;
          width += pad + widthOf(part);
        }
        column += cell.span ?? 1;
      }
      return text.trimEnd();
    });
  });
}

/** A paragraph cut between words into lines of at most `width` characters; a longer word stays whole. */
export function wrapped(text: string, width = 160): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let length = 0;
  for (const word of text.split(/[ \t\n\r]+/).filter(Boolean)) {
    const more = widthOf(word);
    if (length > 0 && length + 1 + more > width) {
      lines.push(line);
      line = word;
      length = more;
    } else {
      line = length > 0 ? `${line} ${word}` : word;
      length += more + (length > 0 ? 1 : 0);
    }
  }
  return length > 0 ? [...lines, line] : lines;
}
