import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { main } from '../../../src/cli.ts';
import type { PairReport } from '../../../src/evaluation/comparison/pair-report.ts';
import { greyPng } from '../../../src/imaging/png.ts';
import type { ChestParameters } from '../../../src/samples/thorax/chest.ts';
import { simulateChest } from '../../../src/samples/thorax/simulate.ts';

async function evaluate(...arguments_: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await main(['evaluate', 'chest-xray-comparison', ...arguments_], {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

const folder = mkdtempSync(join(tmpdir(), 'interval-comparison-'));

async function film(name: string, parameters: Partial<ChestParameters>): Promise<void> {
  const chest = simulateChest({ seed: 61, sex: 'male', view: 'PA', width: 320, height: 320, ...parameters });
  const data = Float32Array.from(chest.data, (value) => value / 4095);
  writeFileSync(join(folder, name), await greyPng({ width: 320, height: 320, data }));
}

beforeAll(async () => {
  await film('clear.png', { film: 1 });
  await film('again.png', { film: 2, exposure: 0.1 });
  const dense = ['right-middle', 'right-lower', 'left-lower'] as const;
  await film('dense.png', { film: 3, opacities: dense.map((zone) => ({ zone, extent: 0.9, density: 0.8 })) });
  await film('side.png', { view: 'lateral' });
  writeFileSync(join(folder, 'broken.png'), 'no picture');
  writeFileSync(
    join(folder, 'pairs.csv'),
    [
      'patient,prior,current,overall,overall_score,group,expect',
      'Edith,clear.png,dense.png,worsened,3,one,',
      'Edith,dense.png,clear.png,improved,-3,one,',
      'Otto,clear.png,again.png,stable,0,two,',
      // the label is wrong on purpose
      'Otto,again.png,dense.png,improved,-1,two,',
      'Maja,clear.png,side.png,worsened,1,two,',
      'Maja,clear.png,broken.png,worsened,1,two,',
      'Ada,side.png,clear.png,,,,refuse',
    ].join('\n'),
  );
});

describe('interval evaluate chest-xray-comparison', () => {
  test('scores pairs, counts refusals and failures as not answered, and writes JSON, Markdown and a plot', async () => {
    const out = join(folder, 'out');
    const result = await evaluate('--dataset', folder, '--resamples', '200', '--out', out);
    expect(result.code).toBe(0);
    const report = JSON.parse(readFileSync(join(out, 'evaluation.json'), 'utf8')) as PairReport;
    expect(report.dataset).toEqual({ format: 'site', pairs: 7, patients: 3 });
    expect(report.outcomes).toMatchObject({ finding: 4, 'document-damaged': 1 });
    expect(report.toRefuse).toEqual({ pairs: 1, refused: 1 });
    const said = report.pairs.map(({ answers }) => answers[0]?.said);
    expect(said).toEqual(['worsened', 'improved', 'stable', 'worsened', undefined, undefined, undefined]);
    const { figures, confusion } = report.total;
    expect(figures.accuracy.value).toBeCloseTo(3 / 4);
    expect(figures.macroAccuracy.value).toBeCloseTo((1 / 2 + 1 + 1) / 3);
    expect(figures.coverage.value).toBeCloseTo(4 / 6);
    expect(confusion).toEqual([
      [1, 0, 1],
      [0, 1, 0],
      [0, 0, 1],
    ]);
    expect(report.baselines['always stable']!.accuracy.value).toBeCloseTo(1 / 6);
    expect(report.pairs[0]!.answers[0]!.confidence).toBeGreaterThan(0.5);
    expect(result.err).toContain('document-damaged');
    expect(result.out).toContain('| reader embedded | 6 |');
    expect(readFileSync(join(out, 'evaluation.svg'), 'utf8')).toMatch(/^<svg[\s\S]*polyline[\s\S]*<\/svg>\n$/);
    // neither patients nor files are named
    const written = ['json', 'md', 'svg']
      .map((ending) => readFileSync(join(out, `evaluation.${ending}`), 'utf8'))
      .join();
    expect(`${written}${result.out}${result.err}`).not.toMatch(/Edith|Otto|Maja|Ada|clear|dense|\.png/);
  }, 120_000);

  test.each([
    ['a folder that is not there', ['--dataset', join(folder, 'nowhere')]],
    ['a folder without pairs', ['--dataset', tmpdir()]],
    [
      'an output that cannot be written',
      ['--dataset', folder, '--resamples', '100', '--out', join(folder, 'pairs.csv', 'no')],
    ],
  ])('%s ends with 2 and a code', async (_name, given) => {
    const { code, err } = await evaluate(...given);
    expect(code).toBe(2);
    expect(err).toMatch(/dataset-invalid|config-invalid/);
  });

  test('an unknown rule or count of resamples is refused before anything is read', async () => {
    expect((await evaluate('--dataset', folder, '--answers', 'guess')).code).toBe(2);
    expect((await evaluate('--dataset', folder, '--resamples', '5')).code).toBe(2);
  });
});
