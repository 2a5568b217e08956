import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import type { Change, ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { chestXrayComparison } from '../../../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput, Film } from '../../../src/analyses/chest-xray-comparison/input.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import type { Decoder } from '../../../src/imaging/decoder.ts';
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

const opposite: Record<Change, Change> = { improved: 'worsened', stable: 'stable', worsened: 'improved' };
const said = ({ findings }: ComparisonFinding) =>
  findings.map(({ finding, side, change }) => `${finding} ${side} ${change}`).sort();

describe('the embedded reader on simulated films', () => {
  test.each(examples)('%s', async (_name, { prior, current, expected }) => {
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
  });

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
