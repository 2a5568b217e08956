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
  const say = (said: string): void => {
    message.hidden = said === '';
    show(message, said);
  };
  let instead: HTMLElement | undefined;
  return {
    element,
    canvas,
    picture,
    message: say,
    /** Another film is coming: nothing of the one before is to be seen under its name. */
    loading(said: string): void {
      instead?.remove();
      canvas.hidden = true;
      canvas.setAttribute('aria-label', said);
      show(caption, said);
      say('Loading …');
    },
    loaded(): void {
      canvas.hidden = false;
      say('');
    },
    /** The pixels cannot be had: why, and the service's picture where there is one. */
    failed(why: string, src: string, alt: string): void {
      say(why);
      const image = h('img', { src, alt, onerror: () => image.remove() });
      instead = image;
      picture.append(image);
    },
  };
}
