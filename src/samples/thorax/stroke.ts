import type { Grid } from './tissue.ts';

/** A polyline in the plane of the picture, in millimetres, with what it adds at each vertex. */
export interface StrokePoint {
  readonly x: number;
  readonly y: number;
  /** Half of the width across the line. */
  readonly radius: number;
  /** Added line integral on the line. */
  readonly weight: number;
}

/** How the weight falls off: `u` 0 on the line, 1 at the edge, `mm` inside the edge (negative outside). */
export type Profile = (u: number, mm: number) => number;

/** Round and full: a vessel. */
export const solid: Profile = (u) => (u < 1 ? Math.sqrt(1 - u * u) : 0);

/** Hollow: a bone's dense shell, seen edge-on at its borders, around looser bone. */
export const hollow: Profile = (_u, mm) => {
  if (mm < -0.6) {
    return 0;
  }
  const edge = mm < 0.6 ? (mm + 0.6) / 1.2 : 1;
  const rim = mm / 1.5 - 0.7;
  return edge * (0.62 + 0.55 / (1 + rim * rim * 3));
};

/** Affine map from patient plane to pixels: [a, b, c, d, e, f], column = a·x + c·y + e, row = b·x + d·y + f. */
export type Placement = readonly [number, number, number, number, number, number];

/**
 * Adds a stroke to a picture. Every pixel gets it once, at its distance from the nearest point of the line, so that joints
 * of the polyline do not show. `scratch` holds the running minimum and is left clean.
 */
export function addStroke(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  placement: Placement,
  points: readonly StrokePoint[],
  profile: Profile,
  scratch: StrokeScratch,
): void {
  const [a, b, c, d, e, f] = placement;
  const scale = Math.sqrt(Math.abs(a * d - b * c));
  const { distance, weight, radius, touched } = scratch;
  let count = 0;
  for (let i = 1; i < points.length; i++) {
    const p = points[i - 1]!;
    const q = points[i]!;
    const px = a * p.x + c * p.y + e;
    const py = b * p.x + d * p.y + f;
    const qx = a * q.x + c * q.y + e;
    const qy = b * q.x + d * q.y + f;
    const reach = Math.max(p.radius, q.radius) * scale + 2;
    const x0 = Math.max(0, Math.ceil(Math.min(px, qx) - reach));
    const x1 = Math.min(grid.width - 1, Math.floor(Math.max(px, qx) + reach));
    const y0 = Math.max(0, Math.ceil(Math.min(py, qy) - reach));
    const y1 = Math.min(grid.height - 1, Math.floor(Math.max(py, qy) + reach));
    const vx = qx - px;
    const vy = qy - py;
    const length2 = vx * vx + vy * vy || 1e-9;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const t = Math.max(0, Math.min(1, ((x - px) * vx + (y - py) * vy) / length2));
        const dx = x - px - t * vx;
        const dy = y - py - t * vy;
        const d2 = dx * dx + dy * dy;
        if (d2 > reach * reach) {
          continue;
        }
        const index = y * grid.width + x;
        const before = distance[index]!;
        if (before === 0 || d2 + 1 < before) {
          if (before === 0) {
            touched[count++] = index;
          }
          distance[index] = d2 + 1;
          weight[index] = p.weight + (q.weight - p.weight) * t;
          radius[index] = p.radius + (q.radius - p.radius) * t;
        }
      }
    }
  }
  for (let i = 0; i < count; i++) {
    const index = touched[i]!;
    const mm = Math.sqrt(distance[index]! - 1) / scale;
    const r = radius[index]!;
    target[index] = target[index]! + weight[index]! * profile(mm / r, r - mm);
    distance[index] = 0;
  }
}

export interface StrokeScratch {
  readonly distance: Float32Array;
  readonly weight: Float32Array;
  readonly radius: Float32Array;
  readonly touched: Int32Array;
}

export function createScratch(pixels: number): StrokeScratch {
  return {
    distance: new Float32Array(pixels),
    weight: new Float32Array(pixels),
    radius: new Float32Array(pixels),
    touched: new Int32Array(pixels),
  };
}
