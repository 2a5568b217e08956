import type { Anatomy, Side } from './anatomy.ts';
import { cavityAt } from './anatomy.ts';
import { createRandom } from './random.ts';
import { addStroke, type Placement, type StrokePoint, type StrokeScratch, solid } from './stroke.ts';
import type { Grid } from './tissue.ts';

/**
 * Pulmonary arteries and veins: trunks at the hila, then branches that fork, thin out and end short of the pleura.
 * Writes millimetres of blood on the ray; the caller weighs them with the air around, since blood shows only in air.
 */
export function addVessels(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  placement: Placement,
  anatomy: Anatomy,
  lift: number,
  scratch: StrokeScratch,
): void {
  const random = createRandom(anatomy.vesselSeed);
  const k = anatomy.scale;
  const draw = (points: readonly StrokePoint[]): void => addStroke(target, grid, placement, points, solid, scratch);
  const floor = (side: Side): number => anatomy.domes[side].y + 38 * k;

  const grow = (
    side: Side,
    x: number,
    y: number,
    heading: number,
    radius: number,
    length: number,
    depth: number,
  ): void => {
    const points: StrokePoint[] = [];
    let px = x;
    let py = y;
    let angle = heading;
    const steps = 4;
    const end = radius * 0.86;
    for (let i = 0; i <= steps; i++) {
      const r = radius + ((end - radius) * i) / steps;
      points.push({ x: px, y: py, radius: r, weight: 2 * r });
      angle += random.normal() * 0.09;
      px += (Math.cos(angle) * length) / steps;
      py += (Math.sin(angle) * length) / steps;
    }
    draw(points);
    const section = cavityAt(anatomy, Math.max(0, py + lift));
    const out = Math.abs(px) > section.outer - 7 * k || py < 6 * k - lift || py > floor(side);
    if (depth === 0 || end < 0.36 * k || out || px * side < 12 * k) {
      return;
    }
    const spread = random.between(0.22, 0.5);
    const bias = random.between(-0.16, 0.16);
    const share = random.between(0.66, 0.86);
    const next = length * random.between(0.72, 0.95);
    grow(side, px, py, angle + spread * (1 - share) * 1.9 + bias, end * share, next, depth - 1);
    grow(
      side,
      px,
      py,
      angle - spread + bias,
      end * Math.sqrt(Math.max(0.2, 1 - share * share)) * 1.12,
      next,
      depth - 1,
    );
  };

  for (const side of [-1, 1] as const) {
    const hilum = (side < 0 ? 104 : 94) * k - lift;
    const start = (side < 0 ? 32 : 38) * k;
    const outwards = (degrees: number): number => {
      const rad = (degrees * Math.PI) / 180;
      return side > 0 ? rad : Math.PI - rad;
    };
    // the descending artery makes the hilum's shadow
    draw([
      { x: side * (start - 8 * k), y: hilum - 10 * k, radius: 7.5 * k, weight: 10 * k },
      { x: side * (start + 6 * k), y: hilum + 4 * k, radius: 7.5 * k, weight: 10 * k },
      { x: side * (start + 14 * k), y: hilum + 28 * k, radius: 6.2 * k, weight: 8.5 * k },
      { x: side * (start + 18 * k), y: hilum + 52 * k, radius: 4.2 * k, weight: 5.5 * k },
    ]);
    for (let i = 0; i < 5; i++) {
      draw([
        {
          x: side * (start + random.between(-4, 8) * k),
          y: hilum + random.between(-18, 12) * k,
          radius: 4 * k,
          weight: 5 * k,
        },
        {
          x: side * (start + random.between(6, 20) * k),
          y: hilum + random.between(-16, 20) * k,
          radius: 3 * k,
          weight: 4 * k,
        },
      ]);
    }
    const trunks = [
      [-86, -14, 2.6, 30],
      [-68, -12, 2.9, 27],
      [-50, -8, 2.4, 26],
      [-28, -2, 2.3, 25],
      [-8, 6, 2.3, 24],
      [12, 16, 2.6, 25],
      [30, 28, 3, 26],
      [48, 38, 3.3, 26],
      [62, 46, 3.5, 26],
      [78, 50, 3.3, 25],
      [92, 46, 2.6, 22],
    ] as const;
    for (const [degrees, dy, radius, length] of trunks) {
      const far = dy > 20 ? 12 : 4;
      grow(
        side,
        side * (start + far * k),
        hilum + dy * k,
        outwards(degrees + random.normal() * 5),
        radius * k * random.between(0.85, 1.1),
        length * k,
        6,
      );
    }
  }
}
