import { createAnatomy } from './anatomy.ts';
import type { ChestParameters, SimulatedRadiograph, SimulatedTruth } from './chest.ts';
import { expose } from './film.ts';
import { addLateralSkeleton } from './lateral.ts';
import { airLoss } from './lesion.ts';
import { createNoise, createRandom } from './random.ts';
import { addSkeleton } from './skeleton.ts';
import { createScratch, type Placement } from './stroke.ts';
import { type Grid, integrateTissue } from './tissue.ts';
import { addVessels } from './vessels.ts';

/** Attenuation per millimetre at about 70 keV. */
const SOFT = 0.0195;
/** An inflated lung has a quarter of the density of water. */
const AIR = 0.75;
/** Width of the film, and the height in the patient that stands at its centre, in millimetres. */
const FILM = 356;
const CENTRE = 128;

/**
 * A chest radiograph computed from a model of a thorax: what each ray passes of body, lung, heart, bone, vessel and fluid,
 * then scatter, noise and the film's curve. The same parameters give the same bytes. Synthetic; of no real person.
 */
export function simulateChest(parameters: ChestParameters): SimulatedRadiograph {
  return simulateChestWithTruth(parameters).film;
}

/** As simulateChest, with what only a simulation knows. */
export function simulateChestWithTruth(p: ChestParameters): {
  readonly film: SimulatedRadiograph;
  readonly truth: SimulatedTruth;
} {
  const width = p.width ?? 768;
  const height = p.height ?? 768;
  const lateral = p.view === 'lateral';
  const supine = p.view === 'AP';
  const film = createRandom((p.film ?? 0) * 7919 + p.seed);
  // nobody breathes, stands and holds the shoulders twice alike; film 0 is the person as described
  const sway = p.film ? 1 : 0;
  const rotation = (p.rotation ?? 0) + sway * film.normal() * 1.2;
  const inspiration = (p.inspiration ?? 0.9) + sway * film.normal() * 0.05;
  const shoulders = [sway * film.normal() * 6, sway * film.normal() * 5] as const;
  const anatomy = createAnatomy({
    seed: p.seed,
    sex: p.sex,
    size: p.size ?? 1,
    heartSize: (p.heartSize ?? 1) * (1 + sway * film.normal() * 0.015),
    inspiration: Math.max(0, Math.min(1, inspiration - (supine ? 0.15 : 0))),
    magnified: supine,
  });
  const pixelsPerMm = width / FILM;
  const [shiftX, shiftY] = p.shift ?? [0, 0];
  const tilt = ((p.tilt ?? 0) * Math.PI) / 180;
  const cos = Math.cos(tilt) * pixelsPerMm;
  const sin = Math.sin(tilt) * pixelsPerMm;
  const middleX = width / 2 + shiftX * pixelsPerMm;
  const middleY = height / 2 + shiftY * pixelsPerMm;
  const placement: Placement = [cos, sin, -sin, cos, middleX + sin * CENTRE, middleY - cos * CENTRE];
  // what is smooth is computed at about a millimetre
  const step = pixelsPerMm > 2 ? 3 : 2;
  const coarse = coarseGrid(width, height, placement, step);
  const tissue = integrateTissue(anatomy, coarse, lateral ? 'lateral' : 'frontal', rotation);
  const losses = lateral
    ? ([new Float32Array(tissue.body.length), new Float32Array(tissue.body.length)] as const)
    : airLoss(anatomy, coarse, tissue, p.opacities ?? [], p.effusions ?? []);

  const soft = new Float32Array(coarse.width * coarse.height);
  const open = new Float32Array(soft.length);
  for (let i = 0; i < soft.length; i++) {
    const right = tissue.lung[0][i]!;
    const left = tissue.lung[1][i]!;
    const air = right * (1 - losses[0][i]!) + left * (1 - losses[1][i]!);
    soft[i] = SOFT * Math.max(0, tissue.body[i]! - air * AIR - tissue.airway[i]!);
    open[i] = Math.min(1, air / (70 * anatomy.scale));
  }
  const bone = new Float32Array(width * height);
  const blood = new Float32Array(width * height);
  const scratch = createScratch(width * height);
  if (lateral) {
    addLateralSkeleton(bone, { width, height }, placement, anatomy, scratch);
  } else {
    const turn = Math.tan((rotation * Math.PI) / 180);
    addSkeleton(bone, { width, height }, placement, anatomy, { turn, supine, shoulders }, scratch);
    const lift = (1 - Math.min(1, inspiration)) * 20 * anatomy.scale;
    addVessels(blood, { width, height }, placement, anatomy, lift, scratch);
  }
  const grain = createNoise(anatomy.vesselSeed % 65521);
  const integrals = new Float32Array(width * height);
  const lungs = new Uint8Array(integrals.length);
  const heart = new Uint8Array(integrals.length);
  const loss = new Uint8Array(integrals.length);
  const [a, b] = [placement[0] / pixelsPerMm ** 2, placement[1] / pixelsPerMm ** 2];
  for (let y = 0, i = 0; y < height; y++) {
    const sy = Math.max(0, Math.min(coarse.height - 1.001, (y - (step - 1) / 2) / step));
    const y0 = Math.floor(sy);
    const fy = sy - y0;
    for (let x = 0; x < width; x++, i++) {
      const sx = Math.max(0, Math.min(coarse.width - 1.001, (x - (step - 1) / 2) / step));
      const x0 = Math.floor(sx);
      const fx = sx - x0;
      const q = y0 * coarse.width + x0;
      const w00 = (1 - fx) * (1 - fy);
      const w01 = fx * (1 - fy);
      const w10 = (1 - fx) * fy;
      const w11 = fx * fy;
      const r = q + coarse.width;
      const air = open[q]! * w00 + open[q + 1]! * w01 + open[r]! * w10 + open[r + 1]! * w11;
      const tissueSum = soft[q]! * w00 + soft[q + 1]! * w01 + soft[r]! * w10 + soft[r + 1]! * w11;
      let sum = tissueSum + bone[i]! + Math.min(15, blood[i]!) * SOFT * 1.25 * air;
      if (air > 0.05) {
        const u = a * (x - middleX) + b * (y - middleY);
        const v = -b * (x - middleX) + a * (y - middleY);
        sum += air * (0.045 * grain(u / 2.3, v / 2.3) + 0.05 * grain(u / 5 + 7, v / 5));
      }
      integrals[i] = sum;
      const right = tissue.lung[0][q]!;
      const left = tissue.lung[1][q]!;
      if (Math.max(right, left) > 26 * anatomy.scale) {
        const side = right > left ? 0 : 1;
        lungs[i] = 1 + side;
        loss[i] = Math.round(255 * losses[side]![q]!);
      }
      heart[i] = tissue.heart[q]!;
    }
  }
  const data = expose(integrals, width, height, {
    seed: Math.floor(film.next() * 2 ** 31),
    exposure: p.exposure ?? 0,
  });
  const spacing = 1 / pixelsPerMm;
  return {
    film: { width, height, bits: 12, data, pixelSpacing: [spacing, spacing] },
    truth: { lungs, heart, loss },
  };
}

function coarseGrid(width: number, height: number, placement: Placement, step: number): Grid {
  const [a, b, c, d, e, f] = placement;
  const det = a * d - b * c;
  const middle = (step - 1) / 2;
  return {
    width: Math.ceil(width / step) + 1,
    height: Math.ceil(height / step) + 1,
    across: (column, row) => (d * (step * column + middle - e) - c * (step * row + middle - f)) / det,
    down: (column, row) => (-b * (step * column + middle - e) + a * (step * row + middle - f)) / det,
  };
}
