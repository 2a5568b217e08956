import type { Matrix } from '../../imaging/warp.ts';

/** x′ = ax + by + c, y′ = dx + ey + f, here between coordinates whose pixels reach from n to n + 1. */
export type { Matrix };

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is looked at, in pixels of the current film: its centre, and how much larger than the whole film fitted in. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

const MAX_ZOOM = 32;
const MIN_ZOOM = 0.5;

export function compose([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

export function invert([a, b, c, d, e, f]: Matrix): Matrix {
  const determinant = a * e - b * d;
  if (!(Math.abs(determinant) > 1e-9)) {
    throw new RangeError('The matrix cannot be inverted.');
  }
  const [p, q, r, s] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [p, q, -(p * c + q * f), r, s, -(r * c + s * f)];
}

/** A matrix that counts from pixel centres → one that counts from pixel edges, as a canvas does. */
export function fromCentres([a, b, c, d, e, f]: Matrix): Matrix {
  return [a, b, c + 0.5 - (a + b) / 2, d, e, f + 0.5 - (d + e) / 2];
}

/** One film laid over another of which nothing is known: centre on centre, at the same longer side. */
export function overlaid(film: Size, frame: Size): Matrix {
  const scale = Math.max(frame.width, frame.height) / Math.max(film.width, film.height);
  return [scale, 0, (frame.width - scale * film.width) / 2, 0, scale, (frame.height - scale * film.height) / 2];
}

export function wholeFilm(frame: Size): View {
  return { zoom: 1, x: frame.width / 2, y: frame.height / 2 };
}

/** Screen pixels for one pixel of the film. */
function scaleOf(view: View, panel: Size, frame: Size): number {
  return view.zoom * Math.min(panel.width / frame.width, panel.height / frame.height);
}

/** Pixels of the current film → pixels of a panel. */
export function toPanel(view: View, panel: Size, frame: Size): Matrix {
  const scale = scaleOf(view, panel, frame);
  return [scale, 0, panel.width / 2 - scale * view.x, 0, scale, panel.height / 2 - scale * view.y];
}

/** Zooms by a factor; the point of the film under (x, y) of the panel stays where it is. */
export function zoomedAt(view: View, panel: Size, frame: Size, factor: number, x: number, y: number): View {
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, view.zoom * factor));
  const [before, after] = [scaleOf(view, panel, frame), scaleOf({ ...view, zoom }, panel, frame)];
  const [dx, dy] = [x - panel.width / 2, y - panel.height / 2];
  return held({ zoom, x: view.x + dx / before - dx / after, y: view.y + dy / before - dy / after }, frame);
}

/** Moves the film by pixels of the panel. */
export function moved(view: View, panel: Size, frame: Size, dx: number, dy: number): View {
  const scale = scaleOf(view, panel, frame);
  return held({ ...view, x: view.x - dx / scale, y: view.y - dy / scale }, frame);
}

/** The centre of a panel never leaves the film. */
function held(view: View, frame: Size): View {
  return {
    ...view,
    x: Math.min(frame.width, Math.max(0, view.x)),
    y: Math.min(frame.height, Math.max(0, view.y)),
  };
}

/** How many times a film is to be halved so that its pixels are about those of the screen; 0: not at all. */
export function halvingsFor(screenPixelsPerFilmPixel: number): number {
  return Math.max(0, Math.floor(Math.log2(1 / Math.max(1e-6, screenPixelsPerFilmPixel)) + 0.15));
}
