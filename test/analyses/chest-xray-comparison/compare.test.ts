import { describe, expect, test } from '@jest/globals';
import { compareFilms, thresholds } from '../../../src/analyses/chest-xray-comparison/compare.ts';
import type { Change, FilmReading } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { createRandom } from '../../../src/samples/thorax/random.ts';
import { filmReading } from './fixtures.ts';

const opposite: Record<Change, Change> = { improved: 'worsened', stable: 'stable', worsened: 'improved' };

function anyFilm(random: ReturnType<typeof createRandom>): FilmReading {
  const base = filmReading(0);
  return {
    ...base,
    view: random.next() < 0.5 ? 'PA' : 'AP',
    opacity: Object.fromEntries(
      Object.keys(base.opacity).map((zone) => [zone, random.next()]),
    ) as FilmReading['opacity'],
    base: { right: random.next(), left: random.next() },
    ...(random.next() < 0.8 ? { heartRatio: random.between(0.3, 0.8) } : { heartRatio: undefined }),
    inflation: random.between(0.8, 1.2),
  };
}

describe('comparing two measured films', () => {
  test('mirrors itself when they are exchanged, whatever was measured', () => {
    const random = createRandom(7);
    for (let n = 0; n < 500; n++) {
      const [one, other] = [anyFilm(random), anyFilm(random)];
      const forward = compareFilms(one, other);
      const backward = compareFilms(other, one);
      const turned = backward.findings.map(({ finding, side, change }) => ({
        finding,
        side,
        change: opposite[change],
      }));
      expect(forward.findings.map(({ finding, side, change }) => ({ finding, side, change }))).toEqual(turned);
      expect(forward.notJudged).toEqual(backward.notJudged);
      expect(forward.overall.difference).toBeCloseTo(-backward.overall.difference, 12);
      expect(forward.overall.change).toBe(opposite[backward.overall.change]);
    }
  });

  test('a film against itself is stable in everything', () => {
    const { overall, findings } = compareFilms(filmReading(0.6), filmReading(0.6));
    expect(overall).toMatchObject({ change: 'stable', difference: 0 });
    expect(findings.map(({ finding, side, change }) => [finding, side, change])).toEqual([
      ['lung-opacity', 'right', 'stable'],
      ['lung-opacity', 'left', 'stable'],
    ]);
  });

  test('what is on neither film is not a finding', () => {
    expect(compareFilms(filmReading(0.05), filmReading(0.05)).findings).toEqual([]);
  });

  test('one zone is enough, and is named', () => {
    const clear = filmReading(0.1);
    const dense = { ...clear, opacity: { ...clear.opacity, 'left-lower': 0.6 } };
    expect(compareFilms(clear, dense).findings).toEqual([
      expect.objectContaining({ finding: 'lung-opacity', side: 'left', change: 'worsened', zones: ['left-lower'] }),
    ]);
  });

  test('a dense costophrenic region under a clear lung is compatible with fluid; a dense lung is not', () => {
    const clear = filmReading(0.1);
    const fluid = { ...clear, base: { right: 0.1, left: 0.8 } };
    const found = compareFilms(clear, fluid).findings.filter(({ finding }) => finding === 'pleural-effusion');
    expect(found).toEqual([expect.objectContaining({ side: 'left', change: 'worsened', zones: ['left-lower'] })]);
    const white = filmReading(0.8);
    expect(compareFilms(clear, white).findings.map(({ finding }) => finding)).not.toContain('pleural-effusion');
  });

  test('heart size is compared in one projection and one breath only', () => {
    const small = filmReading(0.1, { heartRatio: 0.45 });
    const large = filmReading(0.1, { heartRatio: 0.62 });
    expect(compareFilms(small, large).findings).toEqual([
      expect.objectContaining({ finding: 'cardiomegaly', change: 'worsened' }),
    ]);
    expect(compareFilms(small, { ...large, view: 'AP' }).notJudged).toContainEqual({
      finding: 'cardiomegaly',
      reason: 'views-differ',
    });
    expect(compareFilms(small, { ...large, inflation: 0.7 }).notJudged).toContainEqual({
      finding: 'cardiomegaly',
      reason: 'inspiration-differs',
    });
    expect(compareFilms(small, { ...large, heartRatio: undefined }).notJudged).toContainEqual({
      finding: 'cardiomegaly',
      reason: 'not-visible',
    });
  });

  test('says what it does not measure', () => {
    expect(compareFilms(filmReading(0.1), filmReading(0.1)).notJudged.map(({ finding }) => finding)).toEqual([
      'consolidation',
      'pulmonary-edema',
      'pneumonia',
      'pneumothorax',
      'atelectasis',
      'pulmonary-nodule',
    ]);
  });

  test('just under a threshold is stable, at it is not', () => {
    const at = (rise: number): string => compareFilms(filmReading(0.5), filmReading(0.5 + rise)).overall.change;
    expect(at(thresholds.overall - 0.001)).toBe('stable');
    expect(at(thresholds.overall + 0.001)).toBe('worsened');
  });

  test('a change is surer the further it lies beyond its threshold, and less sure where the films were taken otherwise', () => {
    const sure = (rise: number, more: Partial<FilmReading> = {}): number =>
      compareFilms(filmReading(0.4), filmReading(0.4 + rise, more)).overall.confidence!;
    expect(sure(thresholds.overall + 1e-6)).toBeCloseTo(0.5, 2);
    expect(sure(0.15)).toBeGreaterThan(0.95);
    expect(sure(-0.15)).toBeCloseTo(sure(0.15), 12);
    expect(sure(0.08, { view: 'AP' })).toBeLessThan(sure(0.08));
    expect(sure(0.08, { inflation: 0.8 })).toBeLessThan(sure(0.08));
    // no change is never as sure as a large one: a measure may answer too weakly
    expect(sure(0)).toBeLessThan(sure(0.1));
    expect(sure(0.049)).toBeLessThan(sure(0));
  });

  test('every finding that was measured says how sure it is, the same when the films are exchanged', () => {
    const random = createRandom(11);
    for (let n = 0; n < 100; n++) {
      const [one, other] = [anyFilm(random), anyFilm(random)];
      const [forward, backward] = [compareFilms(one, other).findings, compareFilms(other, one).findings];
      forward.forEach(({ confidence }, at) => {
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(confidence).toBeCloseTo(backward[at]!.confidence!, 10);
      });
    }
  });
});
