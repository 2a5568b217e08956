import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CELLS } from '../../../src/analyses/chest-xray-comparison/lungs.ts';
import { FEATURES, tissueFeatures } from '../../../src/analyses/chest-xray-comparison/tissue-features.ts';

const size = CELLS * CELLS;
const at = (i: number) => [i % CELLS, Math.floor(i / CELLS)] as const;
const ellipse = (i: number, cx: number, cy: number, rx: number, ry: number): boolean => {
  const [x, y] = at(i);
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
};
const lung = Uint8Array.from({ length: size }, (_, i) =>
  ellipse(i, 34, 52, 18, 34) ? 1 : ellipse(i, 78, 52, 18, 34) ? 2 : 0,
);
const heart = Uint8Array.from({ length: size }, (_, i) => (ellipse(i, 60, 70, 16, 14) ? 1 : 0));
const grey = Float32Array.from({ length: size }, (_, i) => {
  const [x, y] = at(i);
  const waves = 0.2 * Math.sin(x / 9) * Math.cos(y / 7) + 0.03 * Math.sin(x * 1.7 + y * 2.3);
  return Math.max(0, Math.min(1, 0.55 + waves - (lung[i]! > 0 ? 0.3 : 0) + 0.2 * heart[i]!));
});

interface Reference {
  readonly cells: readonly { readonly row: number; readonly column: number; readonly features: readonly number[] }[];
}

test('the features are those of models/lung-opacity/features.py', () => {
  const reference = JSON.parse(readFileSync(new URL('./tissue-features.json', import.meta.url), 'utf8')) as Reference;
  const features = tissueFeatures(grey, lung, heart)!;
  for (const { row, column, features: expected } of reference.cells) {
    const first = (row * CELLS + column) * FEATURES;
    expected.forEach((value, n) => {
      expect(features[first + n]!).toBeCloseTo(value, 3);
    });
  }
});

test('twice as bright is the same, but for the level itself', () => {
  const [one, other] = [0.5, 1].map(
    (gain) =>
      tissueFeatures(
        grey.map((value) => value * gain),
        lung,
        heart,
      )!,
  );
  const cell = (52 * CELLS + 34) * FEATURES;
  // 15 is the grey of soft tissue
  for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 16]) {
    expect(one![cell + n]!).toBeCloseTo(other![cell + n]!, 3);
  }
  expect(one![cell + 15]!).toBeCloseTo(other![cell + 15]! / 2, 3);
});

test('too little of lung, or nothing around it, has no features', () => {
  expect(tissueFeatures(grey, new Uint8Array(size), heart)).toBeUndefined();
  expect(tissueFeatures(new Float32Array(size), lung, heart)).toBeUndefined();
});
