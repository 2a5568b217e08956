import type { Review, ReviewImage } from '../review.ts';
import { h, show } from './dom.ts';
import { tone } from './finding-list.ts';
import { dateText } from './format.ts';
import { referenceId } from './reference.ts';
import { type Mark, markedPicture, type Selection } from './region-overlay.ts';

const BLINK_MS = 800;

/** Prior and current film: beside each other, swiped, blinking, and the pictures that the reader made of the pair. */
export function imagePair(review: Review, selection: Selection): HTMLElement {
  const current = review.images.find(({ role }) => role === 'current');
  const prior = review.images.find(({ role }) => role === 'prior');
  const pictures = review.images.filter(({ role }) => role.startsWith('picture-'));
  const stage = h('div', { class: 'stage' });
  let timer: ReturnType<typeof setInterval> | undefined;
  const figure = (image: ReviewImage) => filmFigure(review, image, selection);

  const modes: { readonly name: string; readonly render: () => HTMLElement }[] = [
    {
      name: 'Side by side',
      render: () => h('div', { class: 'pair' }, prior && figure(prior), current && figure(current)),
    },
    ...(prior && current
      ? [
          { name: 'Swipe', render: () => swipe(review, prior, current) },
          {
            name: 'Blink',
            render: () => {
              const top = film(review, current, 'upper');
              const caption = h('figcaption', {}, captionOf(current));
              const flip = () => {
                top.hidden = !top.hidden;
                show(caption, captionOf(top.hidden ? prior : current));
              };
              if (!matchMedia('(prefers-reduced-motion: reduce)').matches) {
                timer = setInterval(flip, BLINK_MS);
              }
              const pauseOrFlip = () => {
                if (timer) {
                  clearInterval(timer);
                  timer = undefined;
                } else {
                  flip();
                }
              };
              return h(
                'figure',
                { class: 'stacked' },
                h('div', { class: 'picture' }, film(review, prior), top),
                caption,
                h('button', { type: 'button', onclick: pauseOrFlip }, 'Stop, then flip by hand'),
              );
            },
          },
        ]
      : []),
    ...pictures.map((picture, index) => ({
      name: index === 0 ? 'Difference' : `Picture ${index + 1}`,
      render: () =>
        h(
          'figure',
          { class: 'stacked' },
          h('div', { class: 'picture' }, film(review, picture)),
          h('figcaption', {}, picture.title),
        ),
    })),
  ];
  const buttons = modes.map(({ name, render }, index) =>
    h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => choose(index, render) }, name),
  );
  const choose = (index: number, render: () => HTMLElement) => {
    clearInterval(timer);
    timer = undefined;
    buttons.forEach((button, at) => {
      button.setAttribute('aria-pressed', String(at === index));
    });
    show(stage, render());
  };
  const invert = h('input', { type: 'checkbox', onchange: () => stage.classList.toggle('inverted', invert.checked) });
  const hide = h('input', {
    type: 'checkbox',
    checked: true,
    onchange: () => stage.classList.toggle('unmarked', !hide.checked),
  });
  addEventListener('keydown', (event) => {
    const mode = modes[Number(event.key) - 1];
    if (mode && !event.ctrlKey && !event.metaKey && !event.altKey) {
      choose(Number(event.key) - 1, mode.render);
    }
  });
  choose(0, modes[0]!.render);
  return h(
    'div',
    { class: 'viewer' },
    h(
      'div',
      { class: 'toolbar' },
      h('div', { role: 'group', class: 'modes', 'aria-label': 'Ways to compare' }, buttons),
      h('label', { class: 'small' }, hide, ' regions'),
      h('label', { class: 'small' }, invert, ' inverted'),
      h('span', { class: 'quiet small' }, `keys 1 – ${modes.length}`),
    ),
    stage,
  );
}

function filmFigure(review: Review, image: ReviewImage, selection: Selection): HTMLElement {
  const marks: Mark[] = review.rows.flatMap((row) =>
    row.regions
      .filter((region) =>
        region.source ? referenceId(region.source) === referenceId(image.study ?? '') : image.role === 'current',
      )
      .map((region) => ({ row: row.id, label: `${row.name}: ${row.change ?? row.coded}`, tone: tone(row), region })),
  );
  return h(
    'figure',
    {},
    h('figcaption', {}, captionOf(image)),
    markedPicture({ src: address(review, image), alt: captionOf(image) }, marks, selection),
  );
}

function swipe(review: Review, prior: ReviewImage, current: ReviewImage): HTMLElement {
  const top = film(review, current, 'upper');
  const slider = h('input', {
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    'aria-label': 'How much of the current film is shown, from the right',
    oninput: () => place(),
  });
  const place = () => {
    top.style.clipPath = `inset(0 0 0 ${slider.value}%)`;
  };
  place();
  return h(
    'figure',
    { class: 'stacked' },
    h('div', { class: 'picture' }, film(review, prior), top),
    slider,
    h('figcaption', {}, `left: ${captionOf(prior)} · right: ${captionOf(current)}`),
  );
}

function film(review: Review, image: ReviewImage, name?: string): HTMLImageElement {
  return h('img', { class: name, src: address(review, image), alt: captionOf(image) });
}

function address(review: Review, image: ReviewImage): string {
  return `/review/${encodeURIComponent(review.id)}/images/${encodeURIComponent(image.role)}.png`;
}

function captionOf(image: ReviewImage): string {
  const role = { current: 'Current', prior: 'Prior' }[image.role];
  return role ? `${role}: ${image.title}, ${dateText(image.date)}` : image.title;
}
