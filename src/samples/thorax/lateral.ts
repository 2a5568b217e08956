import type { Anatomy } from './anatomy.ts';
import { cavityAt } from './anatomy.ts';
import { addStroke, hollow, type Placement, type StrokePoint, type StrokeScratch } from './stroke.ts';
import type { Grid } from './tissue.ts';

/** Spine, breastbone and ribs of a lateral film; the patient looks to the left of the picture. */
export function addLateralSkeleton(
  target: Float32Array,
  grid: Pick<Grid, 'width' | 'height'>,
  placement: Placement,
  anatomy: Anatomy,
  scratch: StrokeScratch,
): void {
  const k = anatomy.scale;
  const draw = (points: readonly StrokePoint[]): void => addStroke(target, grid, placement, points, hollow, scratch);
  for (let n = -2; n <= 14; n++) {
    const y = anatomy.vertebra(n);
    const tall = (anatomy.vertebra(n + 1) - y) * 0.4;
    // the thoracic spine bends backwards in its middle
    const x = (62 + 12 * Math.sin((Math.PI * (n + 1)) / 13)) * k;
    draw([
      { x: x - 6 * k, y: y - 2 * k, radius: tall, weight: 0.42 },
      { x: x + 7 * k, y: y + 1 * k, radius: tall, weight: 0.42 },
    ]);
    draw([
      { x: x + 22 * k, y: y + 2 * k, radius: 4 * k, weight: 0.2 },
      { x: x + 38 * k, y: y + 14 * k, radius: 4 * k, weight: 0.16 },
    ]);
  }
  draw([
    { x: -74 * k, y: 44 * k, radius: 6 * k, weight: 0.34 },
    { x: -92 * k, y: 100 * k, radius: 5 * k, weight: 0.3 },
    { x: -98 * k, y: 170 * k, radius: 5 * k, weight: 0.26 },
  ]);
  for (const offset of [0, 5 * k]) {
    for (let n = 2; n <= 10; n++) {
      const points: StrokePoint[] = [];
      for (let i = 0; i <= 12; i++) {
        const share = i / 12;
        const y = anatomy.vertebra(n) + (4 + 74 * share ** 1.2) * k + offset;
        const deep = cavityAt(anatomy, Math.max(6, y)).halfDepth;
        points.push({ x: deep * (0.86 - 1.62 * share) + offset, y, radius: 5.6 * k, weight: 0.1 - 0.03 * share });
      }
      draw(points);
    }
  }
}
