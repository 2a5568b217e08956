import type { Review } from '../review.ts';
import { documentPages } from './document-review.ts';
import { byId, h, show } from './dom.ts';
import { findingList } from './finding-list.ts';
import { dateText, dayText } from './format.ts';
import { imagePair } from './image-review.ts';
import { getJson } from './json.ts';
import { judgeButtons, judgeOf } from './judgement.ts';
import type { Selection } from './region-overlay.ts';

/** Row and box of the same statement light up together, whichever is pointed at. */
function linkedSelection(root: HTMLElement): Selection {
  const each = (row: string, act: (element: Element) => void) => {
    for (const element of root.querySelectorAll('[data-row]')) {
      if (element.getAttribute('data-row') === row) {
        act(element);
      }
    }
  };
  const clear = (name: string) => {
    for (const element of root.querySelectorAll(`.${name}`)) {
      element.classList.remove(name);
    }
  };
  return {
    point(row) {
      clear('pointed');
      if (row !== undefined) {
        each(row, (element) => element.classList.add('pointed'));
      }
    },
    choose(row) {
      clear('chosen');
      each(row, (element) => {
        element.classList.add('chosen');
        if (element instanceof SVGElement) {
          element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        } else {
          element.scrollIntoView({ block: 'nearest' });
          const details = element.querySelector('details');
          if (details && !details.contains(document.activeElement)) {
            details.open = true;
          }
        }
      });
    },
  };
}

function provenance(review: Review): HTMLElement {
  const facts: [string, string | HTMLElement | undefined][] = [
    ['Read by', review.reader?.name],
    ['Versions', review.reader?.versions.map(({ of, version }) => `${of} ${version}`).join(', ')],
    ['Read at', review.recorded && dateText(review.recorded)],
    ['Status', review.status],
    [
      'Read from',
      h(
        'ul',
        {},
        review.inputs.map(({ label, reference, sha256 }) =>
          h(
            'li',
            {},
            label,
            reference && ` (${reference})`,
            sha256 && [' ', h('code', { title: sha256 }, `sha-256 ${sha256.slice(0, 12)}…`)],
          ),
        ),
      ),
    ],
  ];
  return h(
    'section',
    { class: 'provenance', 'aria-labelledby': 'provenance' },
    h('h2', { id: 'provenance' }, 'Where this comes from'),
    h(
      'dl',
      { class: 'facts' },
      facts.filter(([, value]) => value).map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
    ),
  );
}

async function start(): Promise<void> {
  const id = location.pathname.split('/')[2] ?? '';
  const review = await getJson<Review & { readonly judgeable: boolean }>(`/review/${id}/data.json`);
  const root = byId('review');
  const selection = linkedSelection(root);
  const { patient } = review;
  const said = h('p', { class: 'quiet', role: 'status' });
  const say = (sentence: string) => show(byId('said'), sentence);
  const judge = review.judgeable ? judgeOf(id, start, say) : undefined;
  said.id = 'said';
  if (review.rows.length > 0 && review.rows.every(({ status }) => status !== 'preliminary')) {
    show(byId('notice'), 'Read by machine, accepted or rejected by a person, not for diagnosis.');
  }
  document.title = `${review.title} – Interval`;
  if (patient) {
    show(
      byId('whose'),
      h('a', { href: `/#${encodeURIComponent(patient.id)}` }, patient.name),
      patient.birthDate && `, born ${dayText(patient.birthDate)}`,
      patient.mrn && `, MRN ${patient.mrn}`,
    );
  }
  show(
    root,
    h(
      'section',
      { class: 'source', 'aria-label': 'Source' },
      review.kind === 'images' ? imagePair(review, selection) : documentPages(review, selection),
    ),
    h(
      'section',
      { class: 'statements', 'aria-labelledby': 'statements' },
      h('h1', { id: 'statements' }, review.title, h('span', { class: 'badge' }, `${review.status} · machine-read`)),
      h('p', { class: 'quiet' }, review.effective && `of ${dateText(review.effective)}`),
      review.conclusion && h('p', {}, review.conclusion),
      judgeButtons(review.rows, judge, review.rows.length === 1 ? 'this result' : 'all that is preliminary'),
      said,
      findingList(review.rows, selection, judge),
      provenance(review),
    ),
  );
}

start().catch((error: Error) => {
  show(byId('review'), h('p', { class: 'reason', role: 'alert' }, error.message));
});
