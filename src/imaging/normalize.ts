import type { GreyImage } from './image.ts';

/** An image made comparable: local mean removed, local contrast set to one, with a weight of 0 or 1 for each pixel. */
export interface Normalized extends GreyImage {
  readonly weight: Uint8Array;
}

/**
 * Local normalisation over a window of `radius` pixels: what is left is structure, whatever the exposure or the grey
 * scale of the film was. Pixels of weight 0 (outside the field or the mask) do not contribute and are 0.
 */
export function normalizeLocally(image: GreyImage, weight: Uint8Array, radius: number): Normalized {
  const { width, height } = image;
  const blur = (values: Float32Array) => boxBlur(boxBlur(values, width, height, radius), width, height, radius);
  const share = blur(new Float32Array(weight));
  const mean = blur(image.data.map((value, index) => value * weight[index]!));
  const centered = image.data.map((value, index) =>
    weight[index] ? value - mean[index]! / (share[index]! + 1e-6) : 0,
  );
  const energy = blur(centered.map((value) => value * value));
  let total = 0;
  let count = 0;
  for (let index = 0; index < centered.length; index++) {
    total += centered[index]! ** 2;
    count += weight[index]!;
  }
  // Flat regions stay flat: contrast far below the image's own is not pulled up to noise.
  const floor = (0.25 * total) / Math.max(1, count) + 1e-8;
  const { max, min, sqrt } = Math;
  const data = centered.map((value, index) => {
    const deviation = sqrt(energy[index]! / (share[index]! + 1e-6) + floor);
    return max(-3, min(3, value / deviation));
  });
  return { width, height, data, weight };
}

/**
 * 1 inside the exposed field: what is not connected to the edge through black or white pixels (collimators, padding,
 * air around the patient), less a margin of `margin` pixels.
 */
export function exposedField({ width, height, data }: GreyImage, margin: number): Uint8Array {
  const outside = new Uint8Array(width * height);
  const stack: number[] = [];
  const visit = (index: number) => {
    const value = data[index]!;
    if (!outside[index] && (value <= 0.01 || value >= 0.99)) {
      outside[index] = 1;
      stack.push(index);
    }
  };
  for (let x = 0; x < width; x++) {
    visit(x);
    visit((height - 1) * width + x);
  }
  for (let y = 0; y < height; y++) {
    visit(y * width);
    visit(y * width + width - 1);
  }
  while (stack.length > 0) {
    const index = stack.pop()!;
    const x = index % width;
    if (x > 0) visit(index - 1);
    if (x < width - 1) visit(index + 1);
    if (index >= width) visit(index - width);
    if (index < width * (height - 1)) visit(index + width);
  }
  const spread = boxBlur(new Float32Array(outside), width, height, margin);
  return outside.map((_, index) => (spread[index]! > 1e-4 ? 0 : 1));
}

/** Mean over (2·radius + 1)² pixels, edges replicated. */
function boxBlur(values: Float32Array, width: number, height: number, radius: number): Float32Array {
  const { max, min } = Math;
  const across = new Float32Array(values.length);
  const size = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let sum = values[start]! * radius;
    for (let x = 0; x < radius; x++) {
      sum += values[start + min(x, width - 1)]!;
    }
    for (let x = 0; x < width; x++) {
      sum += values[start + min(x + radius, width - 1)]!;
      across[start + x] = sum / size;
      sum -= values[start + max(x - radius, 0)]!;
    }
  }
  const out = new Float32Array(values.length);
  const sums = new Float64Array(width);
  for (let x = 0; x < width; x++) {
    sums[x] = across[x]! * radius;
    for (let y = 0; y < radius; y++) {
      sums[x]! += across[min(y, height - 1) * width + x]!;
    }
  }
  for (let y = 0; y < height; y++) {
    const enter = min(y + radius, height - 1) * width;
    const leave = max(y - radius, 0) * width;
    for (let x = 0; x < width; x++) {
      sums[x]! += across[enter + x]!;
      out[y * width + x] = sums[x]! / size;
      sums[x]! -= across[leave + x]!;
    }
  }
  return out;
}
