import type { Anatomy, Side } from './anatomy.ts';
import { cavityAt } from './anatomy.ts';
import { addStroke, hollow, type Placement, type StrokePoint, type StrokeScratch } from './stroke.ts';
import type { Grid } from './tissue.ts';

const lateralDrop = [30, 30, 35, 42, 47, 51, 54, 55, 54, 50, 40];
const anteriorDrop = [26, 29, 32, 36, 39, 42, 44, 44, 40, 30, 16];
const anteriorEnd = [30, 45, 56, 65, 74, 84, 96, 107, 117, 124, 130];

/** One rib from its head at the spine round the side to where its cartilage begins. */
function rib(anatomy: Anatomy, n: number, side: Side, turn: number): StrokePoint[] {
  const k = anatomy.scale;
  const headY = anatomy.vertebra(n) - 4 * k;
  const lateralY = headY + lateralDrop[n - 1]! * k * anatomy.ribSlope;
  const frontY = lateralY + anteriorDrop[n - 1]! * k * anatomy.ribSlope;
  const section = cavityAt(anatomy, Math.max(4, lateralY));
  const wide = section.outer + 3.5 * k;
  const deep = Math.max(26 * k, section.halfDepth + 3 * k);
  const first = -Math.acos(Math.min(0.9, (19 * k) / wide));
  const last = Math.acos(Math.min(0.95, (anteriorEnd[n - 1]! * k) / wide));
  const points: StrokePoint[] = [];
  const steps = 44;
  for (let i = 0; i <= steps; i++) {
    const phi = first + ((last - first) * i) / steps;
    const back = phi < 0;
    // 1 at the head, 0 at the side, 1 at the front end
    const share = back ? phi / first : phi / last;
    const y = back
      ? lateralY + (headY - lateralY) * share ** 1.35 - 7 * k * Math.sin(Math.PI * share) * share
      : lateralY + (frontY - lateralY) * share ** 1.25;
    const z = deep * Math.sin(phi);
    const grazing = 1 / Math.max(0.42, Math.abs(Math.sin(phi)));
    const strength = back ? 0.165 : 0.115 - 0.05 * share;
    points.push({
      x: side * wide * Math.cos(phi) + z * turn,
      y,
      radius: (n === 1 ? 7 : 6.2) * k * (back ? 1 - 0.12 * share : 1 + 0.2 * share),
      weight: strength * grazing * (n === 1 ? 0.75 : n > 9 ? 0.7 : 1),
    });
  }
  return points;
}

function clavicle(anatomy: Anatomy, side: Side, turn: number, raised: number): StrokePoint[] {
  const k = anatomy.scale;
  const shape = [
    [13, 40, 9, 0.2],
    [24, 38, 8, 0.16],
    [50, 33, 6, 0.27],
    [85, 22, 5.4, 0.28],
    [115, 11, 6, 0.27],
    [140, 7, 7.5, 0.23],
    [158, 8, 8, 0.16],
  ] as const;
  return smooth(
    shape.map(([x, y, radius, weight]) => ({
      x: side * x * k + 62 * k * turn,
      y: (y - raised * (x / 100)) * k + anatomy.clavicleLift,
      radius: radius * k,
      weight,
    })),
  );
}

/** Catmull–Rom through the points, six steps between two of them. */
function smooth(points: readonly StrokePoint[]): StrokePoint[] {
  const result: StrokePoint[] = [];
  const keys = ['x', 'y', 'radius', 'weight'] as const;
  for (let i = 0; i + 1 < points.length; i++) {
    const p = [points[Math.max(0, i - 1)]!, points[i]!, points[i + 1]!, points[Math.min(points.length - 1, i + 2)]!];
    for (let step = 0; step < 6; step++) {
      const t = step / 6;
      const at = (key: (typeof keys)[number]): number => {
        const [a, b, c, d] = [p[0]![key], p[1]![key], p[2]![key], p[3]![key]];
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
      };
      result.push({ x: at('x'), y: at('y'), radius: at('radius'), weight: at('weight') });
    }
  }
  result.push(points.at(-1)!);
  return result;
}

function scapula(anatomy: Anatomy, side: Side, inward: number): StrokePoint[][] {
  const k = anatomy.scale;
  const line = (points: readonly (readonly [number, number, number, number])[]): StrokePoint[] =>
    smooth(
      points.map(([x, y, radius, weight]) => ({ x: side * (x - inward) * k, y: y * k, radius: radius * k, weight })),
    );
  return [
    // medial border, lateral border, spine with acromion, the plate between them, glenoid
    line([
      [134, 30, 2, 0.05],
      [138, 70, 2, 0.06],
      [144, 115, 2.4, 0.06],
      [152, 140, 4, 0.06],
    ]),
    line([
      [152, 140, 4, 0.08],
      [164, 95, 4, 0.1],
      [170, 60, 5, 0.14],
    ]),
    line([
      [138, 42, 3, 0.14],
      [156, 24, 5, 0.22],
      [178, 8, 7, 0.28],
    ]),
    line([
      [152, 50, 18, 0.05],
      [152, 85, 14, 0.05],
      [152, 120, 7, 0.05],
    ]),
    line([
      [170, 30, 6, 0.24],
      [171, 48, 7, 0.24],
    ]),
    // head and shaft of the humerus
    line([
      [190, 26, 22, 0.3],
      [193, 36, 23, 0.34],
      [198, 60, 16, 0.36],
      [206, 110, 13, 0.4],
      [212, 180, 12, 0.4],
    ]),
  ];
}

export interface BoneLook {
  /** Tangent of the turn about the long axis. */
  readonly turn: number;
  /** AP: the shoulder blades lie over the lungs and the clavicles stand higher. */
  readonly supine: boolean;
  /** How the shoulders are held this day, in millimetres: clavicles up, shoulder blades inward. */
  readonly shoulders: readonly [number, number];
}

/** Adds ribs, clavicles, shoulder blades, spine and breastbone of a frontal film to a map of line integrals. */
export function addSkeleton(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  placement: Placement,
  anatomy: Anatomy,
  look: BoneLook,
  scratch: StrokeScratch,
): void {
  const draw = (points: readonly StrokePoint[], profile = hollow): void =>
    addStroke(target, grid, placement, points, profile, scratch);
  for (const side of [-1, 1] as const) {
    for (let n = 1; n <= 11; n++) {
      draw(rib(anatomy, n, side, look.turn));
    }
    draw(clavicle(anatomy, side, look.turn, (look.supine ? 14 : 0) + look.shoulders[0]));
    for (const part of scapula(anatomy, side, (look.supine ? 22 : 2) + look.shoulders[1])) {
      draw(part);
    }
  }
  spine(target, grid, placement, anatomy, look.turn, draw);
}

/** The body of a vertebra: four corners, a narrower waist, dense end plates. */
function block(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  [a, b, c, d, e, f]: Placement,
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  weight: number,
): void {
  const det = a * d - b * c;
  const scale = Math.sqrt(Math.abs(det));
  const reach = (halfWidth + halfHeight) * scale;
  const column = a * x + c * y + e;
  const row = b * x + d * y + f;
  for (let py = Math.max(0, Math.floor(row - reach)); py < Math.min(grid.height, row + reach); py++) {
    for (let px = Math.max(0, Math.floor(column - reach)); px < Math.min(grid.width, column + reach); px++) {
      const u = (d * (px - column) - c * (py - row)) / det;
      const v = (-b * (px - column) + a * (py - row)) / det;
      const waist = halfWidth * (0.9 + 0.1 * (v / halfHeight) ** 2);
      const side = waist - Math.abs(u);
      const end = halfHeight - Math.abs(v) * (1 + 0.04 * Math.cos((u / halfWidth) * 3));
      const inside = Math.min(side, end);
      if (inside > -0.7) {
        const edge = Math.min(1, (inside + 0.7) / 1.4);
        const plate = 0.55 / (1 + ((end - 1) / 1.1) ** 2) + 0.3 / (1 + ((side - 0.8) / 1) ** 2);
        const index = py * grid.width + px;
        target[index] = target[index]! + weight * edge * (0.8 + plate);
      }
    }
  }
}

function spine(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  placement: Placement,
  anatomy: Anatomy,
  turn: number,
  draw: (points: readonly StrokePoint[]) => void,
): void {
  const k = anatomy.scale;
  for (let n = -2; n <= 14; n++) {
    const y = anatomy.vertebra(n);
    const tall = (anatomy.vertebra(n + 1) - y) * 0.39;
    const x = anatomy.spineBend * Math.sin(y / (90 * k)) - 62 * k * turn;
    const wide = (13 + 0.45 * Math.max(0, n)) * k;
    block(target, grid, placement, x, y, wide + 4 * k, tall, 0.13);
    for (const end of [-1, 1]) {
      draw([
        { x: x + end * wide * 0.78, y: y - 2.5 * k, radius: 3.4 * k, weight: 0.1 },
        { x: x + end * wide * 0.78, y: y + 1.5 * k, radius: 3.2 * k, weight: 0.1 },
      ]);
      draw([
        { x: x + end * wide, y: y - 1 * k, radius: 3.4 * k, weight: 0.1 },
        { x: x + end * (wide + 15 * k), y: y - 4 * k, radius: 3.8 * k, weight: 0.1 },
      ]);
    }
    draw([
      { x: x - 20 * k * turn, y: y + 5 * k, radius: 2.6 * k, weight: 0.16 },
      { x: x - 24 * k * turn, y: y + 13 * k, radius: 3.4 * k, weight: 0.16 },
    ]);
  }
  // breastbone: wide and thin, hardly seen but for the edges of the manubrium
  const z = 80 * k * turn;
  draw([
    { x: z, y: 50 * k, radius: 24 * k, weight: 0.07 },
    { x: z, y: 74 * k, radius: 17 * k, weight: 0.06 },
  ]);
}
