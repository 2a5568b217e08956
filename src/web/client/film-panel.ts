import type { ReviewImage } from '../review.ts';
import { h, show } from './dom.ts';
import { captionOf } from './format.ts';

/** Tells when a film was first seen, and when it was as fine as the screen; for whoever measures. */
export function markSeen(role: string, sharp: boolean): void {
  for (const name of [`film-first:${role}`, ...(sharp ? [`film-sharp:${role}`] : [])]) {
    if (performance.getEntriesByName(name).length === 0) {
      performance.mark(name);
    }
  }
}

/** One film with what stands over it. */
export function filmPanel(role: 'prior' | 'current', image: ReviewImage | undefined) {
  const text = image ? captionOf(image) : '';
  const canvas = h('canvas', { role: 'img', 'aria-label': text });
  const picture = h('div', { class: 'film' }, canvas);
  const caption = h('figcaption', {}, text);
  const message = h('p', { class: 'message', role: 'status' });
  const element = h('figure', { class: `panel ${role}`, hidden: image === undefined }, caption, picture, message);
  return {
    element,
    canvas,
    picture,
    caption(said: string): void {
      canvas.setAttribute('aria-label', said);
      show(caption, said);
    },
    message(said: string): void {
      message.hidden = said === '';
      show(message, said);
    },
    /** The service's picture where the pixels cannot be had. */
    fallBack(src: string, alt: string): void {
      const image = h('img', { src, alt, onerror: () => image.remove() });
      picture.append(image);
    },
  };
}
