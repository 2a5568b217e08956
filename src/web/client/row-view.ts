import type { ObservationRow } from '../observation-row.ts';
import { h } from './dom.ts';

/** Marks that stand beside a value; text and shape say it too, not the colour alone. */
export function flagView(row: Pick<ObservationRow, 'interpretation' | 'change'>): HTMLElement | undefined {
  if (row.change) {
    const sign = { worsened: '▲', improved: '▼', stable: '=' }[row.change];
    return h(
      'span',
      { class: `flag change-${row.change}` },
      h('span', { 'aria-hidden': 'true' }, `${sign} `),
      row.change,
    );
  }
  const code = row.interpretation;
  if (!code || code === 'N') {
    return undefined;
  }
  const words: Readonly<Record<string, string>> = {
    H: 'high',
    L: 'low',
    HH: 'critically high',
    LL: 'critically low',
    A: 'abnormal',
  };
  const severe = code === 'HH' || code === 'LL';
  return h('abbr', { class: severe ? 'flag critical' : 'flag', title: words[code] ?? code }, code);
}

/** A table of results. `code` adds the LOINC column. */
export function rowsTable(rows: readonly ObservationRow[], caption: string): HTMLElement {
  return h(
    'div',
    { class: 'scroll' },
    h(
      'table',
      { class: 'results' },
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Test'),
          h('th', { scope: 'col', class: 'number' }, 'Value'),
          h('th', { scope: 'col' }, h('span', { class: 'hidden' }, 'Flag')),
          h('th', { scope: 'col' }, 'Unit'),
          h('th', { scope: 'col' }, 'Reference'),
          h('th', { scope: 'col' }, 'Code'),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) =>
          h(
            'tr',
            { class: row.interpretation && row.interpretation !== 'N' ? 'abnormal' : undefined },
            h('th', { scope: 'row' }, row.name),
            h('td', { class: 'number' }, row.printed),
            h('td', {}, flagView(row)),
            h('td', {}, row.unit),
            h('td', { class: 'quiet' }, row.range),
            h('td', { class: 'quiet' }, codeView(row)),
          ),
        ),
      ),
    ),
  );
}

export function codeView(row: ObservationRow): HTMLElement | string {
  return row.code
    ? h('code', { title: row.code.display }, row.code.code)
    : h('span', { title: 'No code: the name was not recognised with certainty' }, 'text only');
}
