import type { Review, ReviewImage } from '../review.ts';
import { h, show } from './dom.ts';
import { filmStage } from './film-stage.ts';
import { tone } from './finding-list.ts';
import { referenceId } from './reference.ts';
import type { Mark, Selection } from './region-overlay.ts';
import { listen, VIEWER_KEYS } from './viewer-input.ts';

type Mode = 'pair' | 'swipe' | 'blink' | 'difference' | 'picture';

const modes: readonly { readonly mode: Mode; readonly name: string; readonly key: string }[] = [
  { mode: 'pair', name: 'Side by side', key: 'p' },
  { mode: 'swipe', name: 'Swipe', key: 's' },
  { mode: 'blink', name: 'Blink', key: 'b' },
  { mode: 'difference', name: 'Difference', key: 'd' },
];

/** Prior and current film beside each other, swiped, blinking, with the measured difference, and any film before them. */
export function imagePair(review: Review, selection: Selection): HTMLElement {
  const current = review.images.find(({ role }) => role === 'current');
  const prior = review.images.find(({ role }) => role === 'prior');
  const picture = review.images.find(({ role }) => role.startsWith('picture-'));
  const status = h('p', { class: 'status-line small', role: 'status' });
  const note = h('p', { class: 'small note', role: 'note', hidden: true });
  if (!current) {
    return h('p', { class: 'reason' }, 'The current film of this report is not known.');
  }
  const stage = filmStage(review, {
    current,
    ...(prior ? { prior } : {}),
    marks: marksOf(review, current),
    selection,
    say: (text) => show(status, text),
    warn: (text) => {
      note.hidden = !text;
      show(note, text);
    },
  });
  const drawn = h('div', { class: 'reader-picture', hidden: true });
  const offered = [
    ...modes.filter(({ mode }) => prior || mode === 'pair'),
    ...(picture ? [{ mode: 'picture' as const, name: 'Reader’s picture', key: 'o' }] : []),
  ];
  const buttons = new Map(
    offered.map(({ mode, name, key }) => [
      mode,
      h(
        'button',
        { type: 'button', 'aria-pressed': 'false', 'aria-keyshortcuts': key, onclick: () => choose(mode) },
        name,
      ),
    ]),
  );
  const choose = (mode: Mode): void => {
    for (const [name, button] of buttons) {
      button.setAttribute('aria-pressed', String(name === mode));
    }
    drawn.hidden = mode !== 'picture';
    stage.element.hidden = mode === 'picture';
    if (mode === 'picture') {
      show(drawn, picture && pictureOf(review, picture));
    }
    stage.choose(mode === 'picture' ? 'pair' : mode);
  };
  const toggle = (name: string, key: string, checked: boolean, act: (on: boolean) => void) => {
    const input = h('input', {
      type: 'checkbox',
      checked,
      'aria-keyshortcuts': key,
      onchange: () => act(input.checked),
    });
    return { key, input, label: h('label', { class: 'small' }, input, ` ${name}`) };
  };
  const toggles = [
    ...(prior ? [toggle('aligned', 'a', true, stage.align)] : []),
    toggle('regions', 'r', true, stage.showMarks),
    toggle('inverted', 'i', false, stage.invert),
  ];
  listen(stage.element, {
    ...stage.acts,
    letter(key) {
      const mode = offered.find((one) => one.key === key)?.mode;
      const flipped = toggles.find((one) => one.key === key)?.input;
      if (mode) {
        choose(mode);
      } else if (flipped) {
        flipped.click();
      } else if (key === ' ') {
        return stage.flip();
      }
      return mode !== undefined || flipped !== undefined;
    },
  });
  choose('pair');
  return h(
    'div',
    { class: 'viewer' },
    h(
      'div',
      { class: 'toolbar' },
      h('div', { role: 'group', class: 'modes', 'aria-label': 'Ways to compare' }, [...buttons.values()]),
      toggles.map(({ label }) => label),
      h('button', { type: 'button', class: 'plain', onclick: stage.acts.reset, 'aria-keyshortcuts': '0' }, 'Reset'),
    ),
    stage.timeline,
    note,
    stage.element,
    stage.slider,
    drawn,
    status,
    h(
      'details',
      { class: 'small quiet keys' },
      h('summary', {}, 'Keys and pointer'),
      h(
        'p',
        {},
        `Drag moves, wheel zooms, drag with Shift or the second button turns window and level, double click shows the whole film. Keys: ${VIEWER_KEYS}.`,
      ),
    ),
  );
}

function marksOf(review: Review, current: ReviewImage): readonly Mark[] {
  return review.rows.flatMap((row) =>
    row.regions
      .filter(({ source }) => !source || referenceId(source) === referenceId(current.study ?? ''))
      .map((region) => ({ row: row.id, label: `${row.name}: ${row.change ?? row.coded}`, tone: tone(row), region })),
  );
}

function pictureOf(review: Review, image: ReviewImage): HTMLElement {
  const src = `/review/${encodeURIComponent(review.id)}/images/${encodeURIComponent(image.role)}.png`;
  return h('figure', {}, h('img', { src, alt: image.title }), h('figcaption', {}, image.title));
}
