import { compose, halvingsFor, type Matrix, type Size } from './film-geometry.ts';
import type { FilmSource } from './film-source.ts';
import { lookupOf, type Turn } from './film-window.ts';

/** What one film is painted with. */
export interface Painting {
  /** Film → current film. */
  readonly placed: Matrix;
  /** Current film → panel. */
  readonly view: Matrix;
  readonly panel: Size;
  readonly turn: Turn;
  /** The window is being turned: a coarser size will do until the hand rests. */
  readonly quick: boolean;
}

/** Pixels that are turned within one frame of the screen. */
const QUICK_PIXELS = 1_200_000;

interface Developed {
  readonly canvas: HTMLCanvasElement;
  turn: Turn | undefined;
}

/** Paints one film on a canvas: the size that fits the screen, under the window, where the view puts it. */
export function createFilmLayer(canvas: HTMLCanvasElement, source: FilmSource) {
  const developed = new Map<number, Developed>();
  const context = canvas.getContext('2d', { alpha: false })!;
  let lookup: { readonly turn: Turn; readonly words: Uint32Array } | undefined;
  const { head } = source;
  const full = head.levels[0]!;

  const develop = (level: number, turn: Turn): HTMLCanvasElement => {
    const { width, height } = head.levels[level]!;
    const found = developed.get(level) ?? { canvas: sized(width, height), turn: undefined };
    developed.set(level, found);
    if (found.turn !== turn) {
      if (lookup?.turn !== turn) {
        lookup = { turn, words: lookupOf(head.window, turn) };
      }
      const { words } = lookup;
      const values = source.levels.get(level)!;
      const image = new ImageData(width, height);
      const pixels = new Uint32Array(image.data.buffer);
      for (let index = 0; index < pixels.length; index++) {
        pixels[index] = words[values[index]!]!;
      }
      found.canvas.getContext('2d', { alpha: false })!.putImageData(image, 0, 0);
      found.turn = turn;
    }
    return found.canvas;
  };

  /** Of the sizes that are here the one that is nearest to what is wanted. */
  const chosen = (wanted: number, { turn, quick }: Painting): number => {
    const here = [...source.levels.keys()].sort((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted));
    const isCheap = (level: number) => {
      const { width, height } = head.levels[level]!;
      return developed.get(level)?.turn === turn || width * height <= QUICK_PIXELS;
    };
    return (quick ? here.find(isCheap) : here[0]) ?? here[0]!;
  };

  return {
    source,
    /** True when what is shown is as fine as the screen. */
    paint(painting: Painting): boolean {
      const density = devicePixelRatio;
      const [width, height] = [painting.panel.width * density, painting.panel.height * density].map(Math.round);
      if (canvas.width !== width || canvas.height !== height) {
        [canvas.width, canvas.height] = [width!, height!];
      }
      const matrix = compose([density, 0, 0, 0, density, 0], compose(painting.view, painting.placed));
      const [a, b, c, d, e, f] = matrix;
      const wanted = Math.min(head.levels.length - 1, halvingsFor(Math.sqrt(Math.abs(a * e - b * d))));
      if (!source.levels.has(wanted)) {
        source.want(wanted);
      }
      const level = chosen(wanted, painting);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = painting.turn.inverted ? '#fff' : '#000';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.setTransform(a, d, b, e, c, f);
      context.imageSmoothingQuality = 'medium';
      context.drawImage(develop(level, painting.turn), 0, 0, full.width, full.height);
      return level === wanted;
    },
    /** Sizes that nobody looks at are put away. */
    tidy(): void {
      for (const level of [...developed.keys()].slice(0, -2)) {
        developed.delete(level);
      }
    },
  };
}

export type FilmLayer = ReturnType<typeof createFilmLayer>;

function sized(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}
