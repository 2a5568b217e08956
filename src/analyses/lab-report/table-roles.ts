import { parseFlag } from '../../terminology/flags.ts';
import { dateKind } from './captioned-dates.ts';
import { columnAt, type Header } from './columns.ts';
import { fold } from './header-words.ts';
import { around, type Line } from './layout.ts';
import { calculated, previousWords, type RuledRole } from './role.ts';
import type { Span } from './spans.ts';

/** Roles by the headings of the table; what stands where no heading fits is told by its looks. */
export function inTable(line: Line, spans: readonly Span[], header: Header): readonly RuledRole[] {
  const has = (role: string) => header.columns.some((column) => column.role === role);
  const at = spans.map((span) => {
    const box = around(line.tokens.slice(span.from, span.to).map((token) => token.box));
    return columnAt(header, box[0], box[2], line);
  });
  // Beside a column that is not current a number without a column of its own is nobody's.
  const undecided = header.columns.some(({ role }) => isEarlier(role));
  const rangeAlone = spans.every(({ kind }, index) => kind === 'range' || at[index]?.role === 'range') && has('value');
  const valueCell = spans.findIndex(({ kind }, index) => kind === 'number' && isValue(at[index]?.role));
  const named = (index: number) =>
    spans.some(({ kind }, other) => other < index && kind === 'words' && at[other]?.role === 'name');
  return spans.map((span, index): RuledRole => {
    const column = at[index];
    if (!column) return { role: 'other', weight: 2 };
    const date = column.date ? { date: column.date } : {};
    const numberColumn = at[index - 1]?.role ?? '';
    if (behindNumber(spans, index) && !isEarlier(numberColumn) && numberColumn !== 'name')
      return { role: 'unit', weight: 8 };
    // A value set to the right may stand nearer to the heading of the limits; its own limits follow.
    if (
      column.role === 'range' &&
      valueCell < 0 &&
      behindNumber(spans, index + 1) &&
      spans.some(({ kind, cell }, other) => kind === 'range' && cell > span.cell && at[other]?.role === 'range')
    )
      return { role: 'value', weight: 9 };
    switch (column.role) {
      case 'name':
        if (span.kind === 'flag' && index === 0 && spans[1]?.kind === 'words') return { role: 'flag', weight: 6 };
        // "Hepatitis C Antibody": a letter among words is part of the name.
        if (span.kind === 'flag' && index > 0 && span.text.length <= 2 && spans[index + 1]?.cell !== span.cell)
          return { role: 'flag', weight: 1 };
        // A column of units without a heading stands nearest to the names.
        if (span.kind === 'unit' && named(index) && (/[/%^]/.test(span.text) || alone(line, span)))
          return { role: 'unit', weight: 3 };
        return { role: 'name', weight: valueCell >= 0 ? 5 : 2.5 };
      case 'previous':
      case 'unclear':
        // A column of units without a heading may stand beside it.
        if (span.kind === 'unit' && alone(line, span) && !has('unit')) return { role: 'unit', weight: 5 };
        if (span.kind === 'range' && alone(line, span) && !has('range') && valueCell >= 0)
          return { role: 'range', weight: 5 };
        return { role: 'previous', weight: 6, never: ['value'] };
      case 'value':
      case 'in-range':
      case 'out-of-range': {
        const outOfRange = column.role === 'out-of-range' ? { outOfRange: true } : {};
        if (linking.test(span.text)) return { role: 'other', weight: 9 };
        if (span.kind === 'unit' && valueCell >= 0) return { role: 'unit', weight: 3 };
        if (span.kind === 'number' && behindNumber(spans, index + 1))
          return { role: 'value', weight: 9, ...outOfRange, ...date };
        if (span.kind === 'flag' && (valueCell >= 0 || has('flag')))
          return { role: 'flag', weight: valueCell >= 0 ? 5 : 3 };
        if (span.kind === 'range' && valueCell >= 0 && valueCell < index) return { role: 'range', weight: 2.5 };
        // A limit without a heading of its own, beside the value.
        if (span.kind === 'number' && valueCell >= 0 && valueCell < index && /^[<>≤≥]/.test(span.text) && !has('range'))
          return { role: 'range', weight: 5 };
        // Limits without a name, in the column of values: they belong to the row above.
        if (rangeAlone) return { role: 'range', weight: 6 };
        if (span.kind === 'date') return { role: 'date', weight: 2 };
        if (span.kind === 'sign') return { role: 'other', weight: 1 };
        if (span.kind === 'words' && previousWords.test(span.text)) return { role: 'previous', weight: 4 };
        if (span.kind === 'words' && index === 0) return { role: 'name', weight: 1.5 };
        // "7,7 B": whatever the letters of the laboratory are, behind the number they are its flag.
        if (
          span.kind === 'words' &&
          /^[A-Z]{1,2}\*?$/.test(span.text) &&
          index > 0 &&
          spans[index - 1]!.kind === 'number'
        )
          return { role: 'flag', weight: 6 };
        // The heading of a column says more than the looks of what stands in it.
        return { role: 'value', weight: span.kind === 'words' ? 1.5 : 5, ...outOfRange, ...date };
      }
      case 'unit':
        if (span.kind === 'number' && valueCell < 0 && !undecided && !/^[<>≤≥]/.test(span.text))
          return { role: 'value', weight: 1 };
        if (['range', 'number', 'coded'].includes(span.kind)) return { role: 'range', weight: 2 };
        if (span.kind === 'flag' && span.text !== '%') return { role: 'flag', weight: 2 };
        return { role: 'unit', weight: 6 };
      case 'range':
        if (span.kind === 'unit' && !has('unit') && !spans.some((other, i) => other.kind === 'unit' && i < index))
          return { role: 'unit', weight: 2 };
        if (span.kind === 'flag' && !has('flag') && index === spans.length - 1) return { role: 'flag', weight: 2 };
        if (calculated.test(span.text) && !has('unit')) return { role: 'unit', weight: 5 };
        return { role: 'range', weight: 5 };
      case 'flag':
        if (span.kind === 'number' && valueCell < 0 && !undecided) return { role: 'value', weight: 1 };
        if (span.kind === 'range' && has('range')) return { role: 'range', weight: 2 };
        if (span.kind === 'unit' && has('unit')) return { role: 'unit', weight: 2 };
        if (span.kind === 'words' && parseFlag(span.text) === undefined) return { role: 'other', weight: 5 };
        return { role: 'flag', weight: 2.5 };
      case 'specimen':
        return { role: 'specimen', weight: 6 };
      case 'date':
        // "Collected | 03/24 | 03/23": what heads the names of a grid names its dates.
        if (column === header.columns[0] && !has('name') && span.kind !== 'date') return byLooks(span);
        return { role: 'date', weight: 3, ...(isSampled(fold(column.text)) ? { sampled: true } : {}) };
      case 'heading':
        return { role: 'other', weight: 6, panel: true };
      default:
        return { role: 'other', weight: 5, ...(methodHeading.test(fold(column.text)) ? { method: true } : {}) };
    }
  });
}

/** Names, units and limits that stand left of dated columns without headings of their own. */
function byLooks({ kind }: Span): RuledRole {
  const role = kind === 'words' ? 'name' : kind === 'unit' || kind === 'range' ? kind : 'other';
  return { role, weight: role === 'other' ? 2 : 4, never: ['value'] };
}

/** "58,1 % soit 4,13 G/L": the word between a share and a count. */
export const linking = /^(?:soit|entspr\.?|bzw\.?|i\.e\.)$/i;

/** A unit right behind a number in one cell: what looks like a measured value is one. */
function behindNumber(spans: readonly Span[], index: number): boolean {
  const [number, unit] = [spans[index - 1], spans[index]];
  return number?.kind === 'number' && unit?.kind === 'unit' && number.cell === unit.cell && !/^°/.test(unit.text);
}

/** Whether the span is a cell of its own. */
function alone(line: Line, { cell, from, to }: Span): boolean {
  return line.cells[cell]!.from === from && line.cells[cell]!.to === to;
}

/** Heads times of collection; a bare "date" does too. */
function isSampled(heading: string): boolean {
  const kind = dateKind(heading);
  return kind === 'collected' || (kind === undefined && /time|^date|datum|fecha|^data/.test(heading));
}

const methodHeading =
  /^(?:meth\.?$|method|methode|metodo|metodologia|metodica|verfahren|messverfahren|messprinzip|principio|principe|procedimiento|technique|tecnica|technolog|tecnolog)/;

export function isEarlier(role: string): boolean {
  return role === 'previous' || role === 'unclear';
}

function isValue(role: string | undefined): boolean {
  return role === 'value' || role === 'in-range' || role === 'out-of-range';
}
