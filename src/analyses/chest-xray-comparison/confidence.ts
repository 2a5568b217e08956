import type { Change, FilmReading } from './finding.ts';

/**
 * How much a measure differs between two films on which nothing has changed: root mean square over simulated persons who
 * were taken twice, with another breath, turn, view and exposure (bench/chest-xray-comparison.ts, part unchanged).
 */
const noise = { overall: 0.027, lung: 0.031, zone: 0.048, base: 0.067, heart: 0.03 } as const;

/** By how much the noise grows with a view that differs, and with each tenth by which the depth of breath does. */
const growth = { view: 1.05, breath: 1.2 } as const;

/**
 * How far a measure falls short of, or beyond, what an opacity drawn onto a film should have done to it: root mean square
 * over films kept aside, by patient (models/lung-opacity/README.md).
 */
const miss = { overall: 0.056, lung: 0.08, zone: 0.1, base: 0.1, heart: 0.03 } as const;

/**
 * How likely the stated change is, 0 to 1. A change: that noise alone did not carry the measure over its threshold, a half
 * at it and near 1 far beyond. No change: that the true one is as small as the measured one, were the errors of the
 * measure normal; they are wider here, since a measure that answers too weakly hides a change but invents none. It knows
 * of errors of the measure alone, not of what a radiologist would call a change.
 */
export function confidenceOf(
  change: Change,
  difference: number,
  threshold: number,
  part: keyof typeof noise,
  spread: number,
): number {
  const sigma = change === 'stable' ? Math.hypot(noise[part] * spread, miss[part]) : noise[part] * spread;
  const worse = normal((difference - threshold) / sigma);
  const better = normal((-difference - threshold) / sigma);
  return change === 'worsened' ? worse : change === 'improved' ? better : Math.max(0, 1 - worse - better);
}

/** What the noise of one exposure is to be multiplied by for these two films. */
export function technique(prior: FilmReading, current: FilmReading): number {
  const breath = Math.abs(Math.log(current.inflation / prior.inflation)) / 0.1;
  return (prior.view === current.view ? 1 : growth.view) * growth.breath ** Math.min(3, breath);
}

/** Cumulative normal distribution (Abramowitz and Stegun 7.1.26, within 1.5·10⁻⁷). */
function normal(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = 0.5 * poly * Math.exp((-z * z) / 2);
  return z >= 0 ? 1 - tail : tail;
}
