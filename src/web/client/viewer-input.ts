/** What hands do to the films. Distances are in pixels of the screen, points in those of the panel under the pointer. */
export interface ViewerActs {
  pan(dx: number, dy: number): void;
  zoom(factor: number, point?: { readonly x: number; readonly y: number }): void;
  /** Wider (factor) and higher (part of the width). */
  turn(wider: number, higher: number): void;
  reset(): void;
  /** A key that is a letter, in lower case, or a space. True when it meant something. */
  letter(key: string, shift: boolean): boolean;
}

const STEP = 60;

/**
 * Drag to move, wheel to zoom, drag with Shift or the second button to turn window and level, double click for the whole
 * film; keys as VIEWER_KEYS says, wherever the focus is except in a field or in the list of findings.
 */
export function listen(stage: HTMLElement, acts: ViewerActs): void {
  pointers(stage, acts);
  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      acts.zoom(1.0016 ** -event.deltaY, pointIn(event));
    },
    { passive: false },
  );
  stage.addEventListener('dblclick', () => acts.reset());
  stage.addEventListener('contextmenu', (event) => event.preventDefault());
  addEventListener('keydown', (event) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const elsewhere = target?.closest('input:not([type="checkbox"]), select, textarea, .findings');
    if (elsewhere || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    // a button is pressed by space and Enter, and keeps them
    const pressing = event.key === ' ' && target?.closest('button, input, a, summary');
    if (!pressing && onKey(event, acts)) {
      event.preventDefault();
    }
  });
}

export const VIEWER_KEYS =
  'arrows move, + and − zoom, 0 whole film, P side by side, B blink, S swipe, D difference, space flips while blinking, W and L width and level (with Shift the other way), I inverted, A aligned, R regions';

function onKey(event: KeyboardEvent, acts: ViewerActs): boolean {
  const arrow = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] }[event.key];
  if (arrow) {
    acts.pan(arrow[0]!, arrow[1]!);
    return true;
  }
  const factor = { '+': 1.25, '=': 1.25, '-': 0.8, '−': 0.8, _: 0.8 }[event.key];
  if (factor) {
    acts.zoom(factor);
    return true;
  }
  if (event.key === '0') {
    acts.reset();
    return true;
  }
  const key = event.key.toLowerCase();
  if (key === 'w' || key === 'l') {
    const way = event.shiftKey ? -1 : 1;
    acts.turn(key === 'w' ? 1.1 ** way : 1, key === 'l' ? 0.04 * way : 0);
    return true;
  }
  return key.length === 1 && acts.letter(key, event.shiftKey);
}

function pointers(stage: HTMLElement, acts: ViewerActs): void {
  const held = new Map<number, { x: number; y: number }>();
  let turning = false;
  stage.addEventListener('pointerdown', (event) => {
    if (event.target instanceof Element && event.target.closest('input, button, .mark')) {
      return;
    }
    turning = event.shiftKey || event.button === 2;
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    stage.setPointerCapture(event.pointerId);
    stage.focus({ preventScroll: true });
  });
  stage.addEventListener('pointermove', (event) => {
    const last = held.get(event.pointerId);
    if (!last) {
      return;
    }
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (other) {
      const distance = (from: { x: number; y: number }) => Math.hypot(from.x - other.x, from.y - other.y);
      acts.zoom(distance({ x: event.clientX, y: event.clientY }) / Math.max(1, distance(last)));
      acts.pan(dx / 2, dy / 2);
    } else if (turning) {
      acts.turn(1.004 ** dx, dy * 0.002);
    } else {
      acts.pan(dx, dy);
    }
  });
  for (const name of ['pointerup', 'pointercancel'] as const) {
    stage.addEventListener(name, (event) => held.delete(event.pointerId));
  }
}

function pointIn(event: MouseEvent): { x: number; y: number } | undefined {
  const panel = event.target instanceof Element ? event.target.closest('.panel') : undefined;
  const box = panel?.getBoundingClientRect();
  return box && { x: event.clientX - box.left, y: event.clientY - box.top };
}
