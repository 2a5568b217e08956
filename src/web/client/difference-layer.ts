import type { ViewPair } from '../options.ts';
import type { Matrix, Size } from './film-geometry.ts';

type Difference = NonNullable<ViewPair['difference']>;

/** Percent of opacity below which nothing is coloured: what the same film shows under another exposure. */
const FLOOR = 8;

/** Colours of one cell: red is denser than before, blue clearer; the stronger, the more it covers. */
export function tintOf(percent: number): readonly [number, number, number, number] {
  const strength = Math.min(0.45, Math.max(0, Math.abs(percent) - FLOOR) * 0.014);
  const alpha = Math.round(255 * strength);
  return percent > 0 ? [255, 60, 40, alpha] : [60, 140, 255, alpha];
}

/** Paints what the reader measured between the films over the current one. */
export function createDifferenceLayer(canvas: HTMLCanvasElement) {
  let cells: HTMLCanvasElement | undefined;
  let window: Difference['window'] = [0, 0, 0];

  return {
    show(difference: Difference | undefined): void {
      cells = difference && cellsOf(difference);
      window = difference?.window ?? window;
    },
    paint(view: Matrix, panel: Size): void {
      const density = devicePixelRatio;
      canvas.width = Math.round(panel.width * density);
      canvas.height = Math.round(panel.height * density);
      if (!cells) {
        return;
      }
      const context = canvas.getContext('2d')!;
      const [a, b, c, d, e, f] = view;
      context.setTransform(a * density, d * density, b * density, e * density, c * density, f * density);
      context.imageSmoothingQuality = 'high';
      context.drawImage(cells, window[0], window[1], window[2], window[2]);
    },
  };
}

function cellsOf({ cells, values }: Difference): HTMLCanvasElement {
  const percents = Int8Array.from(atob(values), (character) => character.charCodeAt(0));
  const image = new ImageData(cells, cells);
  percents.forEach((percent, index) => {
    image.data.set(tintOf(percent), index * 4);
  });
  const canvas = document.createElement('canvas');
  canvas.width = cells;
  canvas.height = cells;
  canvas.getContext('2d')!.putImageData(image, 0, 0);
  return canvas;
}
