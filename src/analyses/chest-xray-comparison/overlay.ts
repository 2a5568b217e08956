import type { GreyImage } from '../../imaging/image.ts';
import { resize } from '../../resample.ts';
import { differenceCells } from './difference.ts';
import type { ComparisonFinding, PixelBox } from './finding.ts';
import { type ComparisonInput, dateOf } from './input.ts';
import { letter } from './lettering.ts';
import { rgbPng } from './png.ts';

const PANEL = 512;
const BANNER = 34;

export interface Overlay {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Prior and current side by side, the current one with what became denser in red and what cleared in blue, and a box
 * around each finding. The banner is in the pixels, since pictures travel without their resource.
 */
export function drawOverlay(finding: ComparisonFinding, input: ComparisonInput): Overlay {
  const width = 2 * PANEL;
  const height = BANNER + PANEL;
  const rgb = new Uint8Array(width * height * 3);
  const put = (x: number, y: number, r: number, g: number, b: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) {
      rgb.set([r, g, b], (y * width + x) * 3);
    }
  };
  drawFilm(input.prior.radiograph.image, 0, put);
  const scale = drawFilm(input.current.radiograph.image, PANEL, put, tint(finding));
  for (const { region, change } of finding.findings) {
    if (region) {
      const colour = change === 'worsened' ? [255, 90, 60] : change === 'improved' ? [80, 170, 255] : [240, 220, 90];
      drawBox(region, scale, (x, y) => put(x, y, colour[0]!, colour[1]!, colour[2]!));
    }
  }
  const day = (date: string | undefined): string => date?.slice(0, 10) ?? 'date unknown';
  const write = (text: string, x: number): void => letter(text, x, 10, 2, (px, py) => put(px, py, 255, 255, 255));
  write(`Prior ${day(dateOf(input.prior))}`, 10);
  write('AI, not verified', PANEL - 96);
  write(`Current ${day(dateOf(input.current))}`, width - 240);
  return { bytes: rgbPng(width, height, rgb), width, height };
}

type Put = (x: number, y: number, r: number, g: number, b: number) => void;
/** Difference at a point of the current film, −1 to 1. */
type Tint = (x: number, y: number) => number;

interface Placed {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

function drawFilm(image: GreyImage, panel: number, put: Put, difference?: Tint): Placed {
  const scale = PANEL / Math.max(image.width, image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const left = panel + Math.floor((PANEL - width) / 2);
  const top = BANNER + Math.floor((PANEL - height) / 2);
  const { data } = resize(image, width, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = Math.round(255 * Math.max(0, Math.min(1, data[y * width + x]!)));
      const d = difference ? difference((x + 0.5) / scale, (y + 0.5) / scale) : 0;
      const strength = Math.min(0.55, Math.max(0, Math.abs(d) - 0.08) * 1.6);
      const [r, g, b] = d > 0 ? [255, 60, 40] : [60, 140, 255];
      const mix = (colour: number): number => Math.round(grey + (colour - grey) * strength);
      put(left + x, top + y, mix(r!), mix(g!), mix(b!));
    }
  }
  return { left, top, scale };
}

function tint({ difference }: ComparisonFinding): Tint | undefined {
  if (!difference) {
    return undefined;
  }
  const cells = differenceCells(difference);
  const [left, top, side] = difference.window;
  const n = difference.cells;
  const at = (x: number, y: number): number => (x < 0 || y < 0 || x >= n || y >= n ? 0 : (cells[y * n + x] ?? 0) / 100);
  return (x, y) => {
    const u = ((x - left) / side) * n - 0.5;
    const v = ((y - top) / side) * n - 0.5;
    const [x0, y0] = [Math.floor(u), Math.floor(v)];
    const [fx, fy] = [u - x0, v - y0];
    const upper = at(x0, y0) * (1 - fx) + at(x0 + 1, y0) * fx;
    const lower = at(x0, y0 + 1) * (1 - fx) + at(x0 + 1, y0 + 1) * fx;
    return upper * (1 - fy) + lower * fy;
  };
}

function drawBox([x0, y0, x1, y1]: PixelBox, { left, top, scale }: Placed, dot: (x: number, y: number) => void): void {
  const [l, r] = [Math.round(left + x0 * scale), Math.round(left + x1 * scale) - 1];
  const [t, b] = [Math.round(top + y0 * scale), Math.round(top + y1 * scale) - 1];
  for (let thick = 0; thick < 2; thick++) {
    for (let x = l; x <= r; x++) {
      dot(x, t + thick);
      dot(x, b - thick);
    }
    for (let y = t; y <= b; y++) {
      dot(l + thick, y);
      dot(r - thick, y);
    }
  }
}
