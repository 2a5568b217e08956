import type { ReviewImage } from '../review.ts';
import { h } from './dom.ts';
import type { Size } from './film-geometry.ts';
import { filmPanel } from './film-panel.ts';

/** Ways to compare two films. */
export type StageMode = 'pair' | 'swipe' | 'blink' | 'difference';

const BLINK_MS = 500;

/** The panels of both films with what belongs to them, and how one is compared with the other: which of them is seen where. */
export function stageFrame(images: { readonly prior?: ReviewImage; readonly current: ReviewImage }) {
  const panels = { prior: filmPanel('prior', images.prior), current: filmPanel('current', images.current) };
  const tint = h('canvas', { class: 'tint', 'aria-hidden': 'true' });
  const divider = h('div', { class: 'divider', 'aria-hidden': 'true' });
  const element = h(
    'div',
    {
      class: 'stage',
      role: 'application',
      tabindex: 0,
      'aria-label': 'Films. Arrows move, plus and minus zoom, B blinks, S swipes, D shows the difference.',
    },
    panels.prior.element,
    panels.current.element,
    divider,
  );
  const slider = h('input', {
    class: 'swipe',
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    hidden: true,
    'aria-label': 'How much of the prior film is shown, from the left',
    oninput: () => swipe(),
  });
  panels.current.picture.append(tint);

  let mode: StageMode = 'pair';
  let blinking: ReturnType<typeof setInterval> | undefined;

  const swipe = (): void => {
    const at = mode === 'swipe' ? Number(slider.value) : 0;
    panels.current.element.style.clipPath = mode === 'swipe' ? `inset(0 0 0 ${at}%)` : '';
    divider.style.left = `${at}%`;
  };
  const flip = (): void => {
    const under = panels.current.element.classList.toggle('under');
    element.setAttribute('data-shown', under ? 'prior' : 'current');
  };

  return {
    element,
    slider,
    panels,
    /** The canvas over the current film. */
    tint,
    mode: () => mode,
    /** Of one panel, in pixels of the page. */
    size(): Size {
      const { clientWidth, clientHeight } = panels.current.picture;
      return { width: Math.max(1, clientWidth), height: Math.max(1, clientHeight) };
    },
    choose(wanted: StageMode): void {
      mode = wanted;
      element.setAttribute('data-mode', mode);
      slider.hidden = mode !== 'swipe';
      clearInterval(blinking);
      panels.current.element.classList.remove('under');
      element.setAttribute('data-shown', 'both');
      swipe();
      if (mode === 'blink' && !matchMedia('(prefers-reduced-motion: reduce)').matches) {
        blinking = setInterval(flip, BLINK_MS);
      }
    },
    /** By hand; the blinking stops. False where nothing blinks. */
    flip(): boolean {
      if (mode !== 'blink') {
        return false;
      }
      clearInterval(blinking);
      flip();
      return true;
    },
  };
}
