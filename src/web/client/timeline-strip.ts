import type { TimelineFilm } from '../options.ts';
import { h } from './dom.ts';
import { dayText } from './format.ts';
import { referenceId } from './reference.ts';

/** The films before the current one, oldest first, each a button that lays it under the current film. */
export function timelineStrip(
  films: readonly TimelineFilm[],
  { current, read, choose }: { readonly current?: string; readonly read?: string; choose(film: TimelineFilm): void },
): HTMLElement {
  const buttons = new Map<string, HTMLButtonElement>();
  const press = (study: string) => {
    for (const [name, button] of buttons) {
      button.setAttribute('aria-pressed', String(name === study));
    }
  };
  const oldestFirst = [...films].reverse();
  const items = oldestFirst.map((film, index) => {
    const id = referenceId(film.study);
    const isRead = id === referenceId(read ?? '');
    const button = h(
      'button',
      {
        type: 'button',
        'aria-pressed': String(isRead),
        title: `${dayText(film.date)}: ${film.title}${isRead ? ' – compared by the reader' : ''}`,
        onclick: () => {
          press(film.study);
          choose(film);
        },
      },
      shortDay(film.date, oldestFirst[index - 1]?.date),
      film.bedside && h('span', { class: 'quiet' }, ' bedside'),
      isRead && h('span', { class: 'read' }, 'read'),
    );
    buttons.set(film.study, button);
    return h('li', {}, button);
  });
  return h(
    'nav',
    { class: 'timeline', 'aria-label': 'Earlier films' },
    h('span', { class: 'quiet small' }, 'Compare with'),
    h('ol', {}, items),
    h('span', { class: 'small now' }, current ? `current: ${dayText(current)}` : 'current'),
  );
}

/** The year only where it changes. */
function shortDay(date: string, before: string | undefined): string {
  const day = dayText(date);
  return before?.slice(0, 4) === date.slice(0, 4) ? day.replace(/ \d{4}$/, '') : day;
}
