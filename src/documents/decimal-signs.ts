import type { Box } from './page.ts';
import type { Grey } from './picture.ts';

interface Blob {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  pixels: number;
}

/** Connected dark parts of a region. */
function blobs(picture: Grey, region: Box, threshold: number): readonly Blob[] {
  const left = Math.max(0, Math.floor(region[0]));
  const top = Math.max(0, Math.floor(region[1]));
  const width = Math.min(picture.width, Math.ceil(region[2])) - left;
  const height = Math.min(picture.height, Math.ceil(region[3])) - top;
  if (width <= 0 || height <= 0) {
    return [];
  }
  const seen = new Uint8Array(width * height);
  const dark = (x: number, y: number) => picture.data[(top + y) * picture.width + left + x]! <= threshold;
  const out: Blob[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !dark(start % width, Math.floor(start / width))) {
      continue;
    }
    const blob: Blob = { x0: width, y0: height, x1: 0, y1: 0, pixels: 0 };
    const stack = [start];
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = Math.floor(at / width);
      blob.x0 = Math.min(blob.x0, x);
      blob.x1 = Math.max(blob.x1, x + 1);
      blob.y0 = Math.min(blob.y0, y);
      blob.y1 = Math.max(blob.y1, y + 1);
      blob.pixels++;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const nx = x + dx;
          const ny = y + dy;
          const next = ny * width + nx;
          if (nx >= 0 && ny >= 0 && nx < width && ny < height && !seen[next] && dark(nx, ny)) {
            seen[next] = 1;
            stack.push(next);
          }
        }
      }
    }
    out.push(blob);
  }
  return out;
}

/**
 * Points and commas that stand in the picture of a word: small dark parts on the base line between two digits.
 * Tesseract drops them silently, 7.1 → 71, at full confidence; the picture says that something is there.
 */
export function decimalSigns(picture: Grey, box: Box, threshold: number): number {
  const all = blobs(picture, [box[0], box[1] - 1, box[2], box[3] + 2], threshold);
  const tallest = Math.max(0, ...all.map((blob) => blob.y1 - blob.y0));
  const digits = all.filter((blob) => blob.y1 - blob.y0 > 0.7 * tallest);
  if (tallest < 8 || digits.length < 2) {
    return 0;
  }
  const bottoms = digits.map((blob) => blob.y1).sort((a, b) => a - b);
  const base = bottoms[Math.floor(bottoms.length / 2)]!;
  const first = Math.min(...digits.map((blob) => blob.x0));
  const last = Math.max(...digits.map((blob) => blob.x1));
  return all.filter((blob) => {
    const height = blob.y1 - blob.y0;
    const width = blob.x1 - blob.x0;
    return (
      height <= 0.4 * tallest &&
      width <= 0.32 * tallest &&
      blob.pixels >= Math.max(2, 0.004 * tallest * tallest) &&
      blob.y0 >= base - 0.34 * tallest &&
      blob.y1 >= base - 0.12 * tallest &&
      blob.x0 > first &&
      blob.x1 < last
    );
  }).length;
}
