import type { Anatomy, Dome, Ellipsoid, Side } from './anatomy.ts';
import { cavityAt, tabulate } from './anatomy.ts';

/** Lengths along the ray through each pixel, in millimetres. */
export interface TissueMaps {
  /** Body from front to back, air not yet taken out. */
  readonly body: Float32Array;
  /** Lung; index 0 the patient's right, 1 the left. */
  readonly lung: readonly [Float32Array, Float32Array];
  /** Trachea, main bronchi and stomach bubble. */
  readonly airway: Float32Array;
  /** 1 where the ray meets the heart. */
  readonly heart: Uint8Array;
}

/** Pixel centre → patient plane: `across` is x in a frontal view and −z in a lateral one (the patient looks left). */
export interface Grid {
  readonly width: number;
  readonly height: number;
  across(column: number, row: number): number;
  down(column: number, row: number): number;
}

const bodyHalfWidth = tabulate([
  [-90, 60],
  [-52, 66],
  [-36, 92],
  [-22, 132],
  [-6, 178],
  [14, 205],
  [50, 212],
  [84, 192],
  [120, 180],
  [330, 174],
]);
const bodyHalfDepth = tabulate([
  [-90, 60],
  [-30, 62],
  [0, 76],
  [40, 94],
  [90, 107],
  [200, 118],
  [330, 114],
]);
const upperMediastinum = tabulate([
  [-60, 22],
  [-20, 30],
  [20, 25],
  [50, 20],
  [90, 15],
  [330, 18],
]);

type Interval = [number, number];

function chord(e: Ellipsoid, a: number, y: number, lateral: boolean, turn: number): Interval | undefined {
  if (lateral) {
    const u = (a - e.z) / e.rz;
    const v = (y - e.y) / e.ry;
    const rest = 1 - u * u - v * v;
    if (rest <= 0) {
      return undefined;
    }
    const half = e.rx * Math.sqrt(rest);
    return [e.x - half, e.x + half];
  }
  const dx = a - (e.x + e.z * turn);
  const dy = y - e.y;
  const c = Math.cos(e.tilt);
  const s = Math.sin(e.tilt);
  const u = (dx * c + dy * s) / e.rx;
  const v = (-dx * s + dy * c) / e.ry;
  const rest = 1 - u * u - v * v;
  if (rest <= 0) {
    return undefined;
  }
  const half = e.rz * Math.sqrt(rest);
  return [e.z - half, e.z + half];
}

/** Part of the ray that lies below the diaphragm. */
function below(dome: Dome, a: number, y: number, lateral: boolean): Interval | undefined {
  const depth = y - dome.y;
  if (depth <= 0) {
    return undefined;
  }
  const across = lateral ? (a - dome.z) / dome.radiusZ : (a - dome.x) / dome.radiusX;
  // towards the middle the dome hardly falls: heart and fat lie on it
  const medial = !lateral && across * dome.x < 0 ? 0.22 : 1;
  const fall = lateral ? dome.fallZ * across * across : medial * dome.fallX * Math.abs(across) ** 2.3;
  const rest = depth - fall;
  if (rest <= 0) {
    return undefined;
  }
  if (lateral) {
    const half = dome.radiusX * (rest / dome.fallX) ** (1 / 2.3);
    return [dome.x - half, dome.x + half];
  }
  const half = dome.radiusZ * Math.sqrt(rest / dome.fallZ);
  return [dome.z - half, dome.z + half];
}

/** Length of [low, high] that no interval covers. Sorts `covers` in place. */
function uncovered(low: number, high: number, covers: Interval[]): number {
  covers.sort((a, b) => a[0] - b[0]);
  let free = 0;
  let reach = low;
  for (const [from, to] of covers) {
    if (from >= high) {
      break;
    }
    if (from > reach) {
      free += from - reach;
    }
    if (to > reach) {
      reach = to;
    }
  }
  return free + Math.max(0, high - reach);
}

export function integrateTissue(
  anatomy: Anatomy,
  grid: Grid,
  view: 'frontal' | 'lateral',
  rotation: number,
): TissueMaps {
  const lateral = view === 'lateral';
  const turn = Math.tan((rotation * Math.PI) / 180);
  const k = anatomy.scale;
  const n = grid.width * grid.height;
  const body = new Float32Array(n);
  const right = new Float32Array(n);
  const left = new Float32Array(n);
  const airway = new Float32Array(n);
  const heart = new Uint8Array(n);
  const sides: readonly (readonly [Side, Float32Array])[] = [
    [-1, right],
    [1, left],
  ];
  const organs = [...anatomy.heart, ...anatomy.vessels];
  const covers: Interval[] = [];
  for (let row = 0, i = 0; row < grid.height; row++) {
    for (let column = 0; column < grid.width; column++, i++) {
      const y = grid.down(column, row);
      const across = grid.across(column, row);
      const a = lateral ? -across : across;
      const halfWidth = bodyHalfWidth(y / k) * k + anatomy.fat * 0.6;
      const halfDepth = bodyHalfDepth(y / k) * k + anatomy.fat * 0.7;
      const reach = lateral ? halfDepth : halfWidth;
      const u = Math.abs(a / reach);
      if (u >= 1) {
        continue;
      }
      // arms are out of the way in a lateral film: the shoulders' width does not count
      const thickness = lateral ? Math.min(halfWidth, 165 * k) : halfDepth;
      body[i] = 2 * thickness * (1 - u ** 4.5) ** 0.4 + breast(anatomy, a, y, lateral);
      airway[i] = airways(anatomy, a, y, lateral, turn);
      if (y < 0 || y > anatomy.height) {
        continue;
      }
      if (anatomy.heart.some((part) => chord(part, a, y, lateral, turn) !== undefined)) {
        heart[i] = 1;
      }
      const section = cavityAt(anatomy, y);
      const middle = (section.inner + section.outer) / 2;
      const half = (section.outer - section.inner) / 2;
      for (const [side, lung] of sides) {
        const v = lateral
          ? Math.abs(a - section.z) / section.halfDepth
          : Math.abs((a - section.z * turn) * side - middle) / half;
        if (v >= 1) {
          continue;
        }
        const bulge = (1 - v ** 2.5) ** 0.42;
        const extent = (lateral ? half : section.halfDepth) * bulge;
        const centre = lateral ? side * middle : section.z;
        covers.length = 0;
        for (const organ of organs) {
          const hit = chord(organ, a, y, lateral, turn);
          if (hit) {
            covers.push(hit);
          }
        }
        const under = below(anatomy.domes[side], a, y, lateral);
        if (under) {
          covers.push(under);
        }
        midline(anatomy, a, y, lateral, turn, covers);
        lung[i] = uncovered(centre - extent, centre + extent, covers);
      }
    }
  }
  return { body, lung: [right, left], airway, heart };
}

/** Spine with the muscles beside it, descending aorta, and the fat between the lungs. */
function midline(anatomy: Anatomy, a: number, y: number, lateral: boolean, turn: number, into: Interval[]): void {
  const k = anatomy.scale;
  const columns: readonly (readonly [number, number, number, number])[] = [
    [anatomy.spineBend * Math.sin(y / (90 * k)), -66 * k, 21 * k, 26 * k],
    [(20 - 0.055 * y) * k + 2 * k, -44 * k, y > 62 * k ? 12.5 * k : 0, 12.5 * k],
    [0, 2 * k, upperMediastinum(y / k) * k, 46 * k],
  ];
  for (const [x, z, rx, rz] of columns) {
    if (rx === 0) {
      continue;
    }
    const v = lateral ? (a - z) / rz : (a - x - z * turn) / rx;
    if (Math.abs(v) < 1) {
      const half = (lateral ? rx : rz) * Math.sqrt(1 - v * v);
      const centre = lateral ? x : z;
      into.push([centre - half, centre + half]);
    }
  }
}

/** A breast hangs: it thins out upwards and ends in a fold below. */
function breast(anatomy: Anatomy, a: number, y: number, lateral: boolean): number {
  const k = anatomy.scale;
  const female = anatomy.sex === 'female';
  const centreY = (female ? 178 : 110) * k;
  const reach = (female ? 60 : 62) * k;
  const dy = (y - centreY) / (y > centreY ? reach * 0.72 : reach * 1.5);
  if (lateral) {
    const front = (a - 108 * k) / (anatomy.breast + 1);
    const rest = 1 - dy * dy - front * front;
    return rest > 0 ? anatomy.breast * 2.2 * Math.sqrt(rest) : 0;
  }
  const dx = (Math.abs(a) - 82 * k) / reach;
  const rest = 1 - dx * dx - dy * dy;
  return rest > 0 ? anatomy.breast * rest ** (y > centreY ? 0.55 : 1) : 0;
}

function airways(anatomy: Anatomy, a: number, y: number, lateral: boolean, turn: number): number {
  const k = anatomy.scale;
  const z = -4 * k;
  let length = 0;
  const carina = 80 * k;
  const tube = (x0: number, y0: number, x1: number, y1: number, radius: number): void => {
    const px = lateral ? a - z : a - z * turn;
    const bx = lateral ? 0 : x1 - x0;
    const by = y1 - y0;
    const t = Math.max(0, Math.min(1, ((lateral ? 0 : px - x0) * bx + (y - y0) * by) / (bx * bx + by * by)));
    const dx = px - (lateral ? 0 : x0) - t * bx;
    const dy = y - y0 - t * by;
    const rest = radius * radius - dx * dx - dy * dy;
    if (rest > 0) {
      length = Math.max(length, 2 * Math.sqrt(rest));
    }
  };
  tube(0, -90 * k, 2 * k, carina, 8 * k);
  tube(2 * k, carina, -27 * k, carina + 23 * k, 6.2 * k);
  tube(2 * k, carina, 36 * k, carina + 25 * k, 5.4 * k);
  const bubble = chord(anatomy.stomach, a, y, lateral, turn);
  return bubble ? Math.max(length, bubble[1] - bubble[0]) : length;
}
