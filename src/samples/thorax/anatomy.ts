import { createRandom } from './random.ts';

/**
 * Patient space: millimetres; x to the patient's left (the right of a frontal picture), y down from the lung apex,
 * z forward. Sides: −1 is the patient's right.
 */
export type Side = -1 | 1;

export interface Ellipsoid {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly rx: number;
  readonly ry: number;
  readonly rz: number;
  /** Rotation in the frontal plane, radians, clockwise on the picture. */
  readonly tilt: number;
}

export interface Dome {
  readonly x: number;
  readonly z: number;
  /** Height of the top. */
  readonly y: number;
  /** Fall in millimetres at one radius from the top. */
  readonly fallX: number;
  readonly fallZ: number;
  readonly radiusX: number;
  readonly radiusZ: number;
}

/** What stays the same between two films of one person, and how the breath moved it. */
export interface Anatomy {
  readonly sex: 'female' | 'male';
  /** Size against an average man. */
  readonly scale: number;
  /** Inner half width and half depth of the rib cage, and height from apex to the deepest recess. */
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly height: number;
  /** Ventricles, right atrium, left atrium. */
  readonly heart: readonly Ellipsoid[];
  /** Pulmonary trunk, aortic arch, ascending aorta, superior vena cava. */
  readonly vessels: readonly Ellipsoid[];
  readonly domes: Readonly<Record<Side, Dome>>;
  readonly stomach: Ellipsoid;
  readonly breast: number;
  readonly fat: number;
  /** Height of the centre of thoracic vertebra n (1 to 12), then lumbar. */
  vertebra(n: number): number;
  readonly ribSlope: number;
  readonly spineBend: number;
  readonly clavicleLift: number;
  readonly vesselSeed: number;
}

export interface AnatomyParameters {
  readonly seed: number;
  readonly sex: 'female' | 'male';
  readonly size: number;
  readonly heartSize: number;
  /** 0 expiration to 1 deep inspiration. */
  readonly inspiration: number;
  /** AP: the heart is far from the detector and looks larger. */
  readonly magnified: boolean;
}

export function createAnatomy(p: AnatomyParameters): Anatomy {
  const random = createRandom(p.seed);
  const vary = (amount: number): number => 1 + random.normal() * amount;
  const scale = p.size * (p.sex === 'female' ? 0.91 : 1) * vary(0.02);
  const build = vary(0.03);
  const halfWidth = 137 * scale * build;
  const halfDepth = (84 * scale * vary(0.04)) / build;
  const height = 292 * scale * vary(0.02);
  const rise = (1 - p.inspiration) * 46 * scale;
  const habitus = random.normal();
  const k = scale;
  const heart = p.heartSize * vary(0.03) * (p.magnified ? 1.1 : 1) * k;
  const vessel = (p.magnified ? 1.08 : 1) * k;
  // the heart lies down when the diaphragm is high
  const lift = rise * 0.55;
  const lying = 0.62 - rise * 0.004 + habitus * 0.04;
  const at = (x: number, y: number, z: number, rx: number, ry: number, rz: number, tilt = 0): Ellipsoid => ({
    x: x * k,
    y: y * k - lift,
    z: z * k,
    rx,
    ry,
    rz,
    tilt,
  });
  const aorta = vary(0.06);
  const chambers: Ellipsoid[] = [
    at(27 + (p.heartSize - 1) * 22, 176, 20, 63 * heart, 46 * heart, 44 * heart, lying),
    at(-9 - (p.heartSize - 1) * 10, 168, 22, 33 * heart, 45 * heart, 36 * heart, 0.1),
    at(6, 142, -5, 34 * heart, 32 * heart, 32 * heart),
  ];
  const vessels: Ellipsoid[] = [
    at(22, 117, 18, 20 * vessel, 30 * vessel, 20 * vessel, -0.25),
    at(19, 66, -8, 18 * vessel * aorta, 19 * vessel * aorta, 26 * vessel),
    at(-13, 98, 15, 17 * vessel * aorta, 46 * vessel, 17 * vessel, 0.1),
    at(-20, 72, 8, 11 * vessel, 60 * vessel, 11 * vessel, 0.03),
  ];
  const top = (206 + habitus * 4) * k - rise;
  const dome = (x: number, y: number): Dome => ({
    x: x * k * build,
    z: 12 * k,
    y,
    fallX: 50 * k,
    fallZ: 52 * k,
    radiusX: 68 * k * build,
    radiusZ: 88 * k,
  });
  const left = top + (11 + random.normal() * 4) * k;
  return {
    sex: p.sex,
    scale,
    halfWidth,
    halfDepth,
    height,
    heart: chambers,
    vessels,
    domes: { [-1]: dome(-66, top), 1: dome(74, left) } as Record<Side, Dome>,
    stomach: {
      x: (58 + random.normal() * 8) * k,
      y: left + 24 * k,
      z: 25 * k,
      rx: (30 + random.normal() * 5) * k,
      ry: (11 + random.normal() * 3) * k,
      rz: 22 * k,
      tilt: 0.1,
    },
    breast: p.sex === 'female' ? 34 * random.between(0.7, 1.25) : 8 * random.between(0.5, 1.3),
    fat: random.between(8, 22) * k,
    vertebra: (n) => (-12 + 20.2 * (n - 1) + 0.33 * (n - 1) ** 2) * k,
    ribSlope: 1 + (1 - p.inspiration) * 0.22 + random.normal() * 0.05,
    spineBend: random.normal() * 2.2 * k,
    clavicleLift: random.normal() * 3 * k,
    vesselSeed: Math.floor(random.next() * 2 ** 31),
  };
}

/** A table of one function, so that it costs one look-up per pixel. Held beyond its ends. */
export function tabulate(points: readonly (readonly [number, number])[]): (x: number) => number {
  const low = points[0]![0];
  const high = points.at(-1)![0];
  const cells = 512;
  const table = new Float32Array(cells + 2);
  for (let i = 0, next = 1; i <= cells + 1; i++) {
    const x = low + ((high - low) * Math.min(i, cells)) / cells;
    while (next < points.length - 1 && x > points[next]![0]) {
      next++;
    }
    const [x0, y0] = points[next - 1]!;
    const [x1, y1] = points[next]!;
    const f = (x - x0) / (x1 - x0);
    // half straight, half eased: no visible corners
    table[i] = y0 + (y1 - y0) * (f * 0.5 + f * f * (3 - 2 * f) * 0.5);
  }
  const scale = cells / (high - low);
  return (x) => {
    const at = x <= low ? 0 : x >= high ? cells : (x - low) * scale;
    const cell = at | 0;
    return table[cell]! + (table[cell + 1]! - table[cell]!) * (at - cell);
  };
}

const outer = tabulate([
  [0, 0.34],
  [0.012, 0.46],
  [0.035, 0.55],
  [0.08, 0.645],
  [0.16, 0.745],
  [0.28, 0.845],
  [0.45, 0.935],
  [0.65, 0.985],
  [0.85, 1],
  [1, 0.99],
]);
const inner = tabulate([
  [0, 0.34],
  [0.012, 0.24],
  [0.04, 0.16],
  [0.1, 0.06],
  [0.2, 0],
  [1, -0.04],
]);
const depth = tabulate([
  [0, 0],
  [0.012, 0.16],
  [0.04, 0.3],
  [0.12, 0.52],
  [0.25, 0.76],
  [0.45, 0.95],
  [0.7, 1],
  [1, 1],
]);

/** Cross-section of one half of the rib cage at height y, before heart and diaphragm are taken out of it. */
export interface CavitySection {
  readonly inner: number;
  readonly outer: number;
  readonly halfDepth: number;
  readonly z: number;
}

export function cavityAt(anatomy: Anatomy, y: number): CavitySection {
  const t = y / anatomy.height;
  return {
    inner: inner(t) * anatomy.halfWidth,
    outer: outer(t) * anatomy.halfWidth,
    halfDepth: depth(t) * anatomy.halfDepth,
    z: (-14 + 14 * Math.min(1, t * 2.5)) * anatomy.scale,
  };
}
