import { fold, headerPhrases } from './header-words.ts';
import { joined, type Line } from './layout.ts';
import type { Role, RuledRole } from './role.ts';
import type { Span } from './spans.ts';

/** "Result: 138 mmol/L   Reference range: 135-145": a line that begins with such a label, whatever table it stands in. */
export function labelledRoles(line: Line, spans: readonly Span[]): readonly RuledRole[] | undefined {
  let behind = 0;
  const labels = line.tokens.flatMap((_, from) => {
    if (from < behind) return [];
    const cell = line.cells.find((one) => one.from <= from && from < one.to)!;
    const end = line.tokens.findIndex(
      ({ text }, at) => at >= from && at < Math.min(cell.to, from + 5) && text.endsWith(':'),
    );
    const pair = end < 0 && from === 0 && line.cells.length === 2 && !headerPhrases.has(fold(line.cells[1]!.text));
    const to = pair ? cell.to : end + 1;
    const label = fold(joined(line.tokens.slice(from, to)).replace(/\s*\(.*$/, ''));
    const role = to === 0 ? undefined : headerPhrases.get(label);
    const own = role === 'current' ? 'value' : role;
    if (!own || !labelKinds.has(own)) return [];
    behind = to;
    return [{ from, to, role: own as Role }];
  });
  if (labels[0]?.from !== 0) return undefined;
  const shared = new Map<Span, RuledRole>();
  return line.tokens.map((_, at) => {
    const label = labels.findLast(({ from }) => from <= at)!;
    if (at < label.to) return { role: 'other', weight: 8 };
    const span = spans.find(({ from, to }) => from <= at && at < to)!;
    const ruled =
      shared.get(span) ?? (label.role === 'name' ? { role: 'name', weight: 6 } : labelledAs(span, label.role));
    shared.set(span, ruled);
    return ruled;
  });
}

const labelKinds: ReadonlySet<string> = new Set([
  'name',
  'value',
  'range',
  'unit',
  'flag',
  'previous',
  'specimen',
  'date',
]);

/** "Result 5.1 mmol/L", "Reference range 3.5-5.1": the first words say what the rest of the line is. */
export function labelRole(spans: readonly Span[]): Role | undefined {
  const first = spans[0];
  if (!first || spans.length < 2 || first.kind === 'number') return undefined;
  const role = headerPhrases.get(fold(first.text.replace(/\s*:$/, '')));
  if (role === 'current' || role === 'value') return 'value';
  return role && ['range', 'unit', 'flag', 'previous', 'specimen', 'date'].includes(role) ? (role as Role) : undefined;
}

/** The role of something behind such a label. */
export function labelledAs(span: Span, label: Role): RuledRole {
  if (label === 'previous') return { role: 'previous', weight: 6, never: ['value'] };
  if (label !== 'value') return { role: label, weight: 6 };
  if (span.kind === 'unit' || span.kind === 'flag' || span.kind === 'range' || span.kind === 'date')
    return { role: span.kind, weight: 6 };
  return { role: span.kind === 'sign' ? 'other' : 'value', weight: 6 };
}
