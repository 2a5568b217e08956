import type { Figure } from './bootstrap.ts';

type Cells = readonly (string | number)[];

const row = (cells: Cells): string => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

/** A table in Markdown. */
export const table = (head: readonly string[], rows: readonly Cells[]): string =>
  [row(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n');

export const share = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));

/** `0.50 [0.36, 0.67]` */
export function withInterval({ value, low, high }: Figure, digits: number): string {
  const said = share(value, digits);
  return value === null || low === null || high === null
    ? said
    : `${said} [${share(low, digits)}, ${share(high, digits)}]`;
}

/** `finding 34, identity-unsure 1` */
export function outcomesInWords(outcomes: Readonly<Record<string, number>>): string {
  const said = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count}`);
  return said.join(', ') || 'none';
}
