import type { Review } from '../review.ts';
import { h, show } from './dom.ts';
import { tone } from './finding-list.ts';
import { type Mark, markedPicture, type Selection } from './region-overlay.ts';

/** The pages of the source document with a box on everything that was read. */
export function documentPages(review: Review, selection: Selection): HTMLElement {
  const marks: Mark[] = review.rows.flatMap((row) =>
    row.regions.map((region) => ({
      row: row.id,
      label: `${row.name}: ${[row.printed, row.unit].filter(Boolean).join(' ')}`,
      tone: tone(row),
      region,
    })),
  );
  const stage = h('div', { class: 'pages' }, h('p', { class: 'quiet', role: 'status' }, 'Rendering the page …'));
  const address = (page: number) => `/review/${encodeURIComponent(review.id)}/pages/${page}.png`;
  const load = async () => {
    const first = await fetch(address(1));
    if (!first.ok) {
      throw new Error('The source document cannot be displayed.');
    }
    const pages = Number(first.headers.get('x-page-count') ?? 1);
    const marked = new Set(marks.map(({ region }) => region.page ?? 1));
    const numbers = Array.from({ length: pages }, (_, index) => index + 1).filter(
      (page) => page === 1 || marked.has(page),
    );
    show(
      stage,
      numbers.map((page) =>
        h(
          'figure',
          {},
          markedPicture(
            { src: address(page), alt: `Page ${page} of the source document` },
            marks.filter(({ region }) => (region.page ?? 1) === page),
            selection,
          ),
          h('figcaption', { class: 'quiet small' }, `Page ${page} of ${pages}`),
        ),
      ),
      numbers.length < pages &&
        h('p', { class: 'quiet small' }, `${pages - numbers.length} pages without a value are not shown.`),
    );
  };
  load().catch((error: Error) => show(stage, h('p', { class: 'reason' }, error.message)));
  return stage;
}
