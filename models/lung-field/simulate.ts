/**
 * Writes the simulated part of the training set: node models/lung-field/simulate.ts OUT.bin COUNT
 * Per film, 224 × 224 bytes each: film, lungs (0, 1, 2), heart (0, 1), loss (0 to 255).
 */
import { writeFileSync } from 'node:fs';
import { type ChestParameters, zones } from '../../src/samples/thorax/chest.ts';
import { createRandom } from '../../src/samples/thorax/random.ts';
import { simulateChestWithTruth } from '../../src/samples/thorax/simulate.ts';

const SIDE = 224;
const [out, count] = [process.argv[2]!, Number(process.argv[3])];
const bytes = new Uint8Array(count * 4 * SIDE * SIDE);
for (let n = 0; n < count; n++) {
  const random = createRandom(90_000 + n);
  const supine = random.next() < 0.45;
  const sick = random.next();
  const parameters: ChestParameters = {
    seed: 90_000 + n,
    film: n,
    sex: random.next() < 0.5 ? 'female' : 'male',
    size: random.between(0.86, 1.14),
    heartSize: random.between(0.88, 1.4),
    // one in twelve is lateral and has, for this model, no lungs
    view: n % 12 === 11 ? 'lateral' : supine ? 'AP' : 'PA',
    inspiration: random.between(0.3, 1),
    rotation: random.normal() * 4,
    tilt: random.normal() * 3,
    shift: [random.normal() * 10, random.normal() * 10],
    exposure: random.between(-0.9, 0.9),
    opacities: zones
      .filter(() => sick > 0.3 && random.next() < sick * 0.6)
      .map((zone) => ({ zone, extent: random.between(0.1, 1), density: random.between(0.15, 0.95) })),
    effusions: (['right', 'left'] as const)
      .filter(() => random.next() < 0.22)
      .map((side) => ({ side, level: random.between(0.05, 0.75) })),
    width: 2 * SIDE,
    height: 2 * SIDE,
  };
  const { film, truth } = simulateChestWithTruth(parameters);
  const base = n * 4 * SIDE * SIDE;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = (2 * y + 1) * 2 * SIDE + 2 * x + 1;
      const sum = film.data[at]! + film.data[at - 1]! + film.data[at - 2 * SIDE]! + film.data[at - 2 * SIDE - 1]!;
      const i = base + y * SIDE + x;
      bytes[i] = sum >> 6;
      if (parameters.view === 'lateral') {
        continue;
      }
      bytes[i + SIDE * SIDE] = truth.lungs[at]!;
      bytes[i + 2 * SIDE * SIDE] = truth.heart[at]!;
      bytes[i + 3 * SIDE * SIDE] = truth.loss[at]!;
    }
  }
}
writeFileSync(out, bytes);
