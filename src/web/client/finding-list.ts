import type { ObservationRow } from '../observation-row.ts';
import { h } from './dom.ts';
import { dateText } from './format.ts';
import { type Judge, judgeButtons } from './judgement.ts';
import type { Selection } from './region-overlay.ts';
import { codeView, flagView } from './row-view.ts';

/** The statements beside the picture; each opens to what was printed, what was coded, and what is to be borne in mind. */
export function findingList(
  rows: readonly (ObservationRow & { readonly version?: string })[],
  selection: Selection,
  judge?: Judge,
): HTMLElement {
  return h(
    'ol',
    { class: 'findings', id: 'findings', tabindex: -1, onkeydown: moveByArrow },
    rows.map((row) =>
      h(
        'li',
        { 'data-row': row.id, class: tone(row) },
        h(
          'details',
          { name: 'finding' },
          h(
            'summary',
            {
              onmouseenter: () => selection.point(row.id),
              onmouseleave: () => selection.point(undefined),
              onfocus: () => selection.point(row.id),
              onblur: () => selection.point(undefined),
              onclick: () => selection.choose(row.id),
            },
            h('span', { class: 'name' }, row.name, row.bodySite && h('span', { class: 'quiet' }, ` ${row.bodySite}`)),
            h(
              'span',
              { class: 'value' },
              row.change ? flagView(row) : [h('strong', {}, row.printed), ' ', row.unit, ' ', flagView(row)],
            ),
            row.status !== 'preliminary' && h('span', { class: 'badge' }, judged[row.status] ?? row.status),
          ),
          details(row),
          judgeButtons([row], judge, 'this result'),
        ),
      ),
    ),
  );
}

/** What a person has said of a result, in words. */
const judged: Readonly<Record<string, string>> = { final: 'accepted', 'entered-in-error': 'rejected' };

/** The colour of a row and of its box. */
export function tone(row: ObservationRow): string {
  if (row.change) {
    return row.change;
  }
  if (row.interpretation === 'HH' || row.interpretation === 'LL') {
    return 'critical';
  }
  return row.interpretation && row.interpretation !== 'N' ? 'abnormal' : 'normal';
}

function details(row: ObservationRow): HTMLElement {
  const where = row.regions
    .map(({ page, box }) =>
      [page ? `page ${page}` : '', box ? `box ${box.map(Math.round).join(', ')}` : ''].filter(Boolean).join(', '),
    )
    .filter(Boolean);
  const facts: [string, string | HTMLElement | undefined][] = [
    ['As printed', row.change ? undefined : [row.printed, row.unit].filter(Boolean).join(' ')],
    ['As coded', row.coded],
    ['Code', row.code ? h('span', {}, codeView(row), row.code.display && ` ${row.code.display}`) : codeView(row)],
    ['Reference range', row.range],
    ['Flag as printed', row.change ? undefined : (row.interpretation ?? 'none')],
    ['Specimen', row.specimen],
    ['Site', row.bodySite],
    ['Taken', row.effective && dateText(row.effective)],
    ['Status', row.status],
    ['Where', where.length > 0 ? where.join('; ') : 'no place recorded'],
    [
      'Note',
      row.notes.length > 0
        ? h(
            'ul',
            {},
            row.notes.map((note) => h('li', {}, note)),
          )
        : undefined,
    ],
  ];
  return h(
    'dl',
    { class: 'facts' },
    facts.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
  );
}

function moveByArrow(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.currentTarget instanceof HTMLElement)) {
    return;
  }
  const summaries = [...event.currentTarget.querySelectorAll<HTMLElement>('summary')];
  const next = summaries[summaries.indexOf(document.activeElement as HTMLElement) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
