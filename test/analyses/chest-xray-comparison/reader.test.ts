import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import type { Change, ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { chestXrayComparison } from '../../../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput, Film } from '../../../src/analyses/chest-xray-comparison/input.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import type { Decoder } from '../../../src/imaging/decoder.ts';
import type { GreyImage } from '../../../src/imaging/image.ts';
import { warp } from '../../../src/imaging/warp.ts';
import { openTensorModel } from '../../../src/inference/onnx/tensor.ts';
import type { ChestParameters } from '../../../src/samples/thorax/chest.ts';
import { simulateChest } from '../../../src/samples/thorax/simulate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const analysis = chestXrayComparison({ decoder: {} as Decoder });
const models = new Map(
  ['lung-field', 'lung-opacity'].map((name) => [name, openTensorModel(name, `${root}/models/${name}/model.onnx`)]),
);
const reader = analysis.readers.embedded!({ tensor: (name) => models.get(name)! });
const reading = createReading(analysis);
/** Pixels of the simulated films: enough for the zones, quick enough for a test. */
const SIDE = 384;
const never = new AbortController().signal;
afterAll(async () => {
  for (const model of models.values()) {
    await (await model).close();
  }
});

interface Example {
  readonly shows: string;
  readonly prior: ChestParameters;
  readonly current: ChestParameters;
  readonly expected: {
    readonly outcome: string;
    readonly overall?: Change;
    readonly changes?: readonly { readonly finding: string; readonly side?: string; readonly change: Change }[];
  };
}

const folder = `${root}/src/analyses/chest-xray-comparison/examples`;
const examples = readdirSync(folder).map(
  (name) => [name, JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Example] as const,
);

function film(parameters: ChestParameters): Film {
  const { width, height, data } = simulateChest({ width: SIDE, height: SIDE, ...parameters });
  return {
    radiograph: {
      header: {
        sopInstanceUid: '2.25.3',
        studyInstanceUid: '2.25.1',
        seriesInstanceUid: '2.25.2',
        transferSyntaxUid: '',
        imageType: [],
        rows: height,
        columns: width,
        numberOfFrames: 1,
        ...(parameters.view === 'lateral' ? {} : { viewPosition: parameters.view }),
      },
      image: { width, height, data: Float32Array.from(data, (value) => value / 4095) },
      sha256: 'simulated',
    },
  };
}

async function read(input: ComparisonInput) {
  return reading(input, await reader, never);
}

/** A made-up photograph, x and y from 0 to 1. */
function landscape(x: number, y: number): number {
  const grain = 0.04 * Math.sin(x * 311 + y * 173) * Math.sin(y * 419);
  const tree = Math.hypot(x - 0.3, (y - 0.45) * 0.8) < 0.13 || (Math.abs(x - 0.3) < 0.02 && y > 0.45 && y < 0.75);
  const house = x > 0.58 && x < 0.86 && y > 0.5 && y < 0.74;
  const ground = y > 0.65 + 0.05 * Math.sin(x * 7);
  return Math.max(0, Math.min(1, (tree ? 0.2 : house ? 0.7 : ground ? 0.4 : 0.95 - 0.4 * y) + grain));
}

const opposite: Record<Change, Change> = { improved: 'worsened', stable: 'stable', worsened: 'improved' };
const said = ({ findings }: ComparisonFinding) =>
  findings.map(({ finding, side, change }) => `${finding} ${side} ${change}`).sort();

describe('the embedded reader on simulated films', () => {
  test.each(examples)(
    '%s',
    async (_name, { prior, current, expected }) => {
      const input = { prior: film(prior), current: film(current) };
      const result = await read(input);
      expect(result.outcome).toBe(expected.outcome);
      if (isAbstention(result) || !('finding' in result)) {
        return;
      }
      expect(result.finding.sameFilm).toBe(false);
      expect(result.finding.overall.change).toBe(expected.overall);
      for (const change of expected.changes ?? []) {
        expect(result.finding.findings).toContainEqual(expect.objectContaining(change));
      }
      if (expected.changes?.length === 0) {
        expect(result.finding.findings.filter(({ change }) => change !== 'stable')).toEqual([]);
      }
      // exchanged, every finding turns round
      const swapped = await read({ prior: input.current, current: input.prior });
      expect(swapped.outcome).toBe('finding');
      const turned = (swapped as { finding: ComparisonFinding }).finding;
      expect(
        said({ ...turned, findings: turned.findings.map((one) => ({ ...one, change: opposite[one.change] })) }),
      ).toEqual(said(result.finding));
    },
    120_000,
  );

  test('a region lies inside the film and where the disease is', async () => {
    const { prior, current } = examples.find(([name]) => name === 'worsening-effusion.json')![1];
    const input = { prior: film(prior), current: film(current) };
    const { finding } = (await read(input)) as { finding: ComparisonFinding };
    const [x0, y0, x1, y1] = finding.findings.find((one) => one.finding === 'pleural-effusion')!.region!;
    expect([x0 > SIDE / 2, y0 > SIDE / 2, x1 <= SIDE, y1 <= SIDE]).toEqual([true, true, true, true]);
  });

  test('one film under two dates is recognised, also when it was kept otherwise', async () => {
    const one = film({
      seed: 61,
      sex: 'male',
      view: 'PA',
      opacities: [{ zone: 'left-upper', extent: 0.6, density: 0.8 }],
    });
    const { image } = one.radiograph;
    const lighter = { ...image, data: image.data.map((value) => value ** 0.8) };
    const other = { ...one, radiograph: { ...one.radiograph, image: lighter } };
    const { finding } = (await read({ prior: one, current: other })) as { finding: ComparisonFinding };
    expect(finding.sameFilm).toBe(true);
    expect(new Set(finding.findings.map(({ change }) => change))).toEqual(new Set(['stable']));
  });

  test('a film against itself, moved, turned, cropped and exposed otherwise, has not changed', async () => {
    const scaled = (image: GreyImage, gain: (value: number) => number): GreyImage => ({
      ...image,
      data: image.data.map(gain),
    });
    const moved = (image: GreyImage, degrees: number, dx: number, dy: number): GreyImage => {
      const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
      const middle = (SIDE - 1) / 2;
      const matrix = [
        c,
        -s,
        middle - c * middle + s * middle + dx,
        s,
        c,
        middle - s * middle - c * middle + dy,
      ] as const;
      return warp(image, { width: SIDE, height: SIDE, matrix }).image;
    };
    const cropped = (image: GreyImage, edge: number): GreyImage => {
      const side = SIDE - 2 * edge;
      const data = Float32Array.from(
        { length: side * side },
        (_, i) => image.data[(Math.floor(i / side) + edge) * SIDE + (i % side) + edge]!,
      );
      return { width: side, height: side, data };
    };
    const changes: readonly ((image: GreyImage) => GreyImage)[] = [
      (image) => image,
      (image) => moved(image, 3, 0, 0),
      (image) => moved(image, -3, 6, -5),
      (image) => moved(image, 0, 12, 8),
      (image) => scaled(image, (value) => value ** 0.75),
      (image) => scaled(image, (value) => value ** 1.3),
      (image) => scaled(image, (value) => 0.6 * value + 0.15),
      (image) => cropped(image, 9),
    ];
    const persons: readonly ChestParameters[] = [
      { seed: 61, sex: 'male', view: 'PA', opacities: [{ zone: 'left-lower', extent: 0.7, density: 0.6 }] },
      { seed: 205, sex: 'female', view: 'AP', effusions: [{ side: 'right', level: 0.3 }] },
      { seed: 318, sex: 'female', view: 'PA' },
    ];
    for (const person of persons) {
      const one = film(person);
      for (const change of changes) {
        const image = change(one.radiograph.image);
        const { finding } = (await read({ prior: one, current: { radiograph: { ...one.radiograph, image } } })) as {
          finding: ComparisonFinding;
        };
        expect(finding.overall.change).toBe('stable');
        expect(finding.findings.filter((item) => item.change !== 'stable')).toEqual([]);
      }
    }
  }, 120_000);

  test('noise, a ramp and a negative are no chest', async () => {
    const chest = film({ seed: 61, sex: 'male', view: 'PA' });
    const like = (value: (i: number) => number): Film => ({
      ...chest,
      radiograph: {
        ...chest.radiograph,
        image: { width: SIDE, height: SIDE, data: Float32Array.from({ length: SIDE * SIDE }, (_, i) => value(i)) },
      },
    });
    const { data } = chest.radiograph.image;
    for (const wrong of [
      like((i) => ((i * 7919) % 104729) / 104729),
      like((i) => (i % SIDE) / SIDE),
      like((i) => 1 - data[i]!),
      like((i) => data[data.length - 1 - i]!),
      // what a camera sees out of doors: sky above, land below, a tree and a house
      like((i) => landscape((i % SIDE) / SIDE, Math.floor(i / SIDE) / SIDE)),
      film({ seed: 61, sex: 'male', view: 'lateral' }),
    ]) {
      expect((await read({ prior: chest, current: wrong })).outcome).toBe('abstention');
    }
  });

  test('an aborted job stops', async () => {
    const one = film({ seed: 61, sex: 'male', view: 'PA' });
    await expect(
      (await reader).read({ prior: one, current: one }, AbortSignal.abort(new Error('stop'))),
    ).rejects.toThrow();
  });
});
