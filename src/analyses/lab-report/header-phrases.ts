import { dateKind } from './captioned-dates.ts';
import { wholeDate } from './column-dates.ts';
import type { Column } from './columns.ts';
import type { DayOrder } from './dates.ts';
import { labelOf } from './fact-labels.ts';
import { type ColumnRole, fold, headerPhrases } from './header-words.ts';
import { around, joined, type Line } from './layout.ts';

/** Words before times of day that are times, and not results such as 1204 and 1310: a heading, or a caption of a time. */
export function announcesTimes(text: string): boolean {
  const folded = fold(text.replace(/\s*:\s*$/, ''));
  return headerPhrases.has(folded) || labelOf.get(folded) === 'time' || dateKind(folded) === 'collected';
}

/** The known headings and dates of a line, from left to right. */
export function phrasesOf(line: Line, order: DayOrder): Column[] {
  const found: Column[] = [];
  const { tokens } = line;
  for (let from = 0; from < tokens.length; ) {
    const cell = line.cells.find(({ to }) => to > from)!;
    let length = Math.min(5, cell.to - from);
    let column: Column | undefined;
    for (; length > 0 && !column; length--) {
      const run = tokens.slice(from, from + length);
      const text = joined(run);
      const box = around(run.map((token) => token.box));
      const bare = fold(text).replace(/^[([]|[)\]]$/g, '');
      const role =
        headerPhrases.get(bare) ??
        headerPhrases.get(bare.replace(/\.$/, '')) ??
        ofHalves(bare) ??
        byStem(bare, run, cell);
      const dated = role ? undefined : wholeDate(text, order);
      if (role) column = { role, x0: box[0], x1: box[2], text };
      else if (dated) column = { role: 'dated', x0: box[0], x1: box[2], text, ...dated };
      if (column) from += length;
    }
    if (column) found.push(column);
    else from++;
  }
  return joinDates(found, line);
}

/** "Análise / Método": two headings over one column; the first says what it is. */
function ofHalves(folded: string): ColumnRole | undefined {
  const halves = folded.split(/\s?\/\s?/).map((half) => headerPhrases.get(half));
  return halves.length === 2 && halves.every((role) => role !== undefined) ? halves[0] : undefined;
}

/** Headings in words of their own that begin as those of earlier results do, or that are captions of a date. */
function byStem(folded: string, run: Line['tokens'], cell: Line['cells'][number]): ColumnRole | undefined {
  if (run.length === 1 && /^(?:vorb|vorw|vorerg|prev|prior|anterior|anteced|preced)/.test(folded)) return 'previous';
  const whole = run.length === cell.to - cell.from && run.length <= 4;
  return whole &&
    dateKind(folded) === 'collected' &&
    /\b(?:date|dt|time|tm|datum|zeit|hora|heure|ora|fecha|data)\b|zeit$/.test(folded)
    ? 'date'
    : undefined;
}

/** "Previous 12/08/2026" in one cell is one column with a date. */
function joinDates(columns: readonly Column[], line: Line): Column[] {
  const joinedColumns: Column[] = [];
  for (const column of columns) {
    const last = joinedColumns.at(-1);
    const together = last && line.cells.some(({ box }) => box[0] <= last.x0 && box[2] >= column.x1);
    if (together && column.readings && last && !last.readings && last.role !== 'name') {
      joinedColumns[joinedColumns.length - 1] = {
        ...last,
        x1: column.x1,
        date: column.date,
        readings: column.readings,
        text: `${last.text} ${column.text}`,
      };
    } else if (together && last?.role === 'dated' && ['value', 'current', 'previous'].includes(column.role)) {
      joinedColumns[joinedColumns.length - 1] = {
        ...column,
        x0: last.x0,
        date: last.date,
        readings: last.readings,
        text: `${last.text} ${column.text}`,
      };
    } else {
      joinedColumns.push(column);
    }
  }
  return joinedColumns;
}
