import { describe, expect, test } from '@jest/globals';
import type { ChestParameters } from '../../../src/samples/thorax/chest.ts';
import { simulateChest, simulateChestWithTruth } from '../../../src/samples/thorax/simulate.ts';

const person: ChestParameters = { seed: 5, sex: 'female', view: 'PA', width: 256, height: 256 };

/** Mean value under one zone of the lungs as the simulation knows them. */
function brightness(parameters: ChestParameters, lung: 1 | 2, part: (share: number) => boolean): number {
  const healthy = simulateChestWithTruth({ ...parameters, opacities: [], effusions: [] }).truth.lungs;
  const { data, width } = simulateChest(parameters);
  const rows = [...healthy.keys()].filter((i) => healthy[i] === lung).map((i) => Math.floor(i / width));
  const [top, bottom] = [Math.min(...rows), Math.max(...rows)];
  const inside = [...healthy.keys()].filter(
    (i) => healthy[i] === lung && part((Math.floor(i / width) - top) / (bottom - top)),
  );
  return inside.reduce((sum, i) => sum + data[i]!, 0) / inside.length;
}

describe('a simulated chest radiograph', () => {
  test('has 12 bits, the size asked for, and millimetres', () => {
    const film = simulateChest({ ...person, width: 320, height: 300 });
    expect([film.width, film.height, film.data.length]).toEqual([320, 300, 96_000]);
    expect(Math.max(...film.data)).toBeLessThanOrEqual(4095);
    expect(film.pixelSpacing[0]).toBeCloseTo(356 / 320, 6);
  });

  test('is the same film for the same parameters', () => {
    expect(simulateChest({ ...person, film: 3 }).data).toEqual(simulateChest({ ...person, film: 3 }).data);
  });

  test('of one person twice shares anatomy and is not the same picture; of another person it differs', () => {
    const correlation = (one: Uint16Array, other: Uint16Array): number => {
      const mean = (values: Uint16Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      const [a, b] = [mean(one), mean(other)];
      let [ab, aa, bb] = [0, 0, 0];
      one.forEach((value, i) => {
        ab += (value - a) * (other[i]! - b);
        aa += (value - a) ** 2;
        bb += (other[i]! - b) ** 2;
      });
      return ab / Math.sqrt(aa * bb);
    };
    const first = simulateChest({ ...person, film: 1 }).data;
    const second = simulateChest({ ...person, film: 2 }).data;
    const stranger = simulateChest({ ...person, seed: 6, film: 1 }).data;
    expect(first).not.toEqual(second);
    expect(correlation(first, second)).toBeGreaterThan(0.95);
    expect(correlation(first, second)).toBeGreaterThan(correlation(first, stranger));
  });

  test('shows two dark lungs around a bright mediastinum', () => {
    const { film, truth } = simulateChestWithTruth(person);
    const mean = (wanted: number): number => {
      const values = film.data.filter((_, i) => truth.lungs[i] === wanted && truth.heart[i] === 0);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    const heart = film.data.filter((_, i) => truth.heart[i] === 1);
    const heartMean = heart.reduce((sum, value) => sum + value, 0) / heart.length;
    for (const lung of [1, 2]) {
      expect(truth.lungs.filter((value) => value === lung).length / truth.lungs.length).toBeGreaterThan(0.1);
      expect(mean(lung)).toBeLessThan(heartMean - 600);
    }
  });

  test('an opacity brightens its zone, by density and by extent, and leaves the other lung alone', () => {
    const lower = (share: number): boolean => share > 0.66;
    const at = (extent: number, density: number): number =>
      brightness({ ...person, opacities: [{ zone: 'right-lower', extent, density }] }, 1, lower);
    expect(at(0.6, 0.8)).toBeGreaterThan(at(0.6, 0.3) + 100);
    expect(at(0.6, 0.8)).toBeGreaterThan(at(0.2, 0.8) + 100);
    const sick: ChestParameters = { ...person, opacities: [{ zone: 'right-lower', extent: 0.6, density: 0.8 }] };
    expect(Math.abs(brightness(sick, 2, lower) - brightness(person, 2, lower))).toBeLessThan(90);
  });

  test('an effusion rises from the base with its level', () => {
    const base = (share: number): boolean => share > 0.85;
    const at = (level: number): number => brightness({ ...person, effusions: [{ side: 'left', level }] }, 2, base);
    expect(at(0.3)).toBeGreaterThan(at(0) + 200);
    const middle = (share: number): boolean => share > 0.45 && share < 0.6;
    const high = brightness({ ...person, effusions: [{ side: 'left', level: 0.9 }] }, 2, middle);
    expect(high).toBeGreaterThan(brightness(person, 2, middle) + 200);
  });

  test('a larger heart is wider, also in the AP projection', () => {
    const width = (parameters: ChestParameters): number => {
      const { truth, film } = simulateChestWithTruth(parameters);
      const columns = [...truth.heart.keys()].filter((i) => truth.heart[i] === 1).map((i) => i % film.width);
      return Math.max(...columns) - Math.min(...columns);
    };
    expect(width({ ...person, heartSize: 1.3 })).toBeGreaterThan(width(person) * 1.2);
    expect(width({ ...person, view: 'AP' })).toBeGreaterThan(width(person) * 1.04);
  });

  test('a lateral film is another picture, without lungs side by side', () => {
    const lateral = simulateChest({ ...person, view: 'lateral' });
    expect(lateral.data).not.toEqual(simulateChest(person).data);
    expect(Math.max(...lateral.data)).toBeGreaterThan(2500);
  });
});
