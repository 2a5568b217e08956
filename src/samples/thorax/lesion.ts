import type { Anatomy, Side } from './anatomy.ts';
import { cavityAt } from './anatomy.ts';
import type { Effusion, Opacity } from './chest.ts';
import { createNoise, createRandom } from './random.ts';
import type { Grid, TissueMaps } from './tissue.ts';

/**
 * Share of the air that disease takes from each ray, 0 to 1, per lung (right, left). Opacities are patches with ragged
 * edges; an effusion is an upright one: fluid with a meniscus that climbs at the side.
 */
export function airLoss(
  anatomy: Anatomy,
  grid: Grid,
  tissue: TissueMaps,
  opacities: readonly Opacity[],
  effusions: readonly Effusion[],
): readonly [Float32Array, Float32Array] {
  const losses = [new Float32Array(grid.width * grid.height), new Float32Array(grid.width * grid.height)] as const;
  for (const opacity of opacities) {
    addOpacity(anatomy, grid, opacity, losses[opacity.zone.startsWith('right') ? 0 : 1]);
  }
  for (const effusion of effusions) {
    addEffusion(anatomy, grid, effusion, losses[effusion.side === 'right' ? 0 : 1]);
  }
  losses.forEach((loss, side) => {
    const lung = tissue.lung[side]!;
    for (let i = 0; i < loss.length; i++) {
      if (lung[i] === 0) {
        loss[i] = 0;
      }
    }
  });
  return losses;
}

function addOpacity(anatomy: Anatomy, grid: Grid, opacity: Opacity, loss: Float32Array): void {
  const side: Side = opacity.zone.startsWith('right') ? -1 : 1;
  const third = opacity.zone.endsWith('upper') ? 0 : opacity.zone.endsWith('middle') ? 1 : 2;
  const floor = anatomy.domes[side].y + 22 * anatomy.scale;
  const tall = floor / 3;
  // the place belongs to the person and the zone, so that two films of one disease show it in one place
  const random = createRandom(anatomy.vesselSeed + third * 7 + (side + 1) * 31);
  const middle = tall * (third + 0.5 + random.between(-0.12, 0.12));
  const section = cavityAt(anatomy, middle);
  const inside = Math.max(section.inner, 30 * anatomy.scale);
  const centre = side * (inside + (section.outer - inside) * random.between(0.35, 0.62));
  const reach = Math.sqrt(Math.max(0, opacity.extent));
  const rx = (section.outer - inside) * (0.18 + 0.62 * reach);
  const ry = tall * (0.16 + 0.58 * reach);
  const noise = createNoise(Math.floor(random.next() * 2 ** 31));
  for (let row = 0, i = 0; row < grid.height; row++) {
    for (let column = 0; column < grid.width; column++, i++) {
      const x = grid.across(column, row);
      const y = grid.down(column, row);
      const u = (x - centre) / rx;
      const v = (y - middle) / ry;
      const d2 = u * u + v * v;
      if (d2 > 2.6) {
        continue;
      }
      const ragged =
        0.55 * noise(x / 26, y / 26) + 0.4 * noise(x / 11 + 9, y / 11) + 0.25 * noise(x / 4.5, y / 4.5 + 5);
      const level = Math.max(0, Math.min(1, (1.05 - d2 + ragged * 0.8) / 0.9));
      const share = opacity.density * level * level * (3 - 2 * level) * (0.82 + 0.18 * noise(x / 7, y / 7 + 3));
      loss[i] = 1 - (1 - loss[i]!) * (1 - Math.max(0, Math.min(0.97, share)));
    }
  }
}

function addEffusion(anatomy: Anatomy, grid: Grid, effusion: Effusion, loss: Float32Array): void {
  if (effusion.level <= 0) {
    return;
  }
  const side: Side = effusion.side === 'right' ? -1 : 1;
  const k = anatomy.scale;
  const angle = anatomy.domes[side].y + 50 * k;
  const level = angle - (18 + 215 * effusion.level) * k;
  const climb = (16 + 26 * Math.min(1, effusion.level * 2)) * k;
  for (let row = 0, i = 0; row < grid.height; row++) {
    for (let column = 0; column < grid.width; column++, i++) {
      const y = grid.down(column, row);
      const x = grid.across(column, row) * side;
      if (x < 0 || y < level - 70 * k) {
        continue;
      }
      const wall = cavityAt(anatomy, Math.max(1, y)).outer - x;
      const surface = level + climb * (1 - 1.6 * Math.exp(-Math.max(0, wall) / (20 * k)));
      const t = Math.max(0, Math.min(1, (y - surface + 8 * k) / (30 * k)));
      const share = 0.97 * t * t * (3 - 2 * t);
      loss[i] = 1 - (1 - loss[i]!) * (1 - share);
    }
  }
}
