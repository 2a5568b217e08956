import {
  type Change,
  type FilmReading,
  type FindingChange,
  type FindingCode,
  type NotJudged,
  type Presence,
  type Side,
  zonesOf,
} from './finding.ts';

/**
 * Smallest differences that count as change. Each is larger than what the same film showed in 98 of 100 copies of it that
 * were re-exposed, turned, shifted and cropped (bench/chest-xray-comparison.ts), and none was fitted to expert labels.
 */
export const thresholds = {
  /** Mean share of air missing in one lung. */
  lung: 0.05,
  /** In one zone. */
  zone: 0.11,
  /** In the costophrenic region. */
  base: 0.15,
  /** Heart over chest. */
  heart: 0.05,
} as const;

/** What must be there for a finding to be present, and below what it is absent; between them it is indeterminate. */
const presence = {
  lung: { absent: 0.1, present: 0.16 },
  zone: { absent: 0.18, present: 0.28 },
  base: { absent: 0.3, present: 0.45 },
  heart: { PA: 0.5, AP: 0.55, unknown: 0.55 },
} as const;

/** Relative difference of lung height to width beyond which heart ratios are not comparable. */
const INFLATION = 0.15;

export interface Comparison {
  readonly overall: { readonly change: Change; readonly difference: number };
  readonly findings: readonly FindingChange[];
  readonly notJudged: readonly NotJudged[];
}

/**
 * Differences of two films that were measured each by itself, so that exchanging them turns every sign and nothing else.
 */
export function compareFilms(prior: FilmReading, current: FilmReading): Comparison {
  const findings: FindingChange[] = [];
  const notJudged: NotJudged[] = [];
  for (const side of ['right', 'left'] as const) {
    findings.push(...opacity(prior, current, side), ...effusion(prior, current, side));
  }
  const heart = heartSize(prior, current);
  if ('reason' in heart) {
    notJudged.push(heart);
  } else if (heart.presence.prior === 'present' || heart.presence.current === 'present') {
    findings.push(heart);
  }
  for (const finding of unmeasured) {
    notJudged.push({ finding, reason: 'not-measured' });
  }
  const difference = mean(Object.values(current.opacity)) - mean(Object.values(prior.opacity));
  return { overall: { change: changeOf(difference, thresholds.lung), difference }, findings, notJudged };
}

/** Density is measured; these need more than density. */
const unmeasured: readonly FindingCode[] = [
  'consolidation',
  'pulmonary-edema',
  'pneumonia',
  'pneumothorax',
  'atelectasis',
  'pulmonary-nodule',
];

function changeOf(difference: number, threshold: number): Change {
  return difference >= threshold ? 'worsened' : difference <= -threshold ? 'improved' : 'stable';
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function opacity(prior: FilmReading, current: FilmReading, side: Side): readonly FindingChange[] {
  const own = zonesOf(side);
  const value = (film: FilmReading): number => mean(own.map((zone) => film.opacity[zone]));
  const difference = value(current) - value(prior);
  const moved = own.filter((zone) => Math.abs(current.opacity[zone] - prior.opacity[zone]) >= thresholds.zone);
  const up = moved.some((zone) => current.opacity[zone] > prior.opacity[zone]);
  const down = moved.some((zone) => current.opacity[zone] < prior.opacity[zone]);
  // one zone is enough when no other contradicts it
  const change = up !== down ? (up ? 'worsened' : 'improved') : changeOf(difference, thresholds.lung);
  const seen = (film: FilmReading): Presence => {
    const highest = Math.max(...own.map((zone) => film.opacity[zone]));
    const all = value(film);
    return all >= presence.lung.present || highest >= presence.zone.present
      ? 'present'
      : all < presence.lung.absent && highest < presence.zone.absent
        ? 'absent'
        : 'indeterminate';
  };
  const presences = { prior: seen(prior), current: seen(current) };
  if (presences.prior !== 'present' && presences.current !== 'present') {
    return [];
  }
  const where = own.filter((zone) => Math.max(prior.opacity[zone], current.opacity[zone]) >= presence.zone.absent);
  return [
    {
      finding: 'lung-opacity',
      side,
      change,
      presence: presences,
      measure: { prior: value(prior), current: value(current), threshold: thresholds.lung },
      zones: change === 'stable' || moved.length === 0 ? where : moved,
    },
  ];
}

/** The costophrenic region is dense and denser than the lung above it: fluid does that, and so do other things. */
function effusion(prior: FilmReading, current: FilmReading, side: Side): readonly FindingChange[] {
  const seen = (film: FilmReading): Presence => {
    const above = film.opacity[`${side}-middle`];
    const here = film.base[side];
    return here >= presence.base.present && here - above > 0.2
      ? 'present'
      : here < presence.base.absent
        ? 'absent'
        : 'indeterminate';
  };
  const presences = { prior: seen(prior), current: seen(current) };
  if (presences.prior !== 'present' && presences.current !== 'present') {
    return [];
  }
  return [
    {
      finding: 'pleural-effusion',
      side,
      change: changeOf(current.base[side] - prior.base[side], thresholds.base),
      presence: presences,
      measure: { prior: prior.base[side], current: current.base[side], threshold: thresholds.base },
      zones: [`${side}-lower`],
    },
  ];
}

function heartSize(prior: FilmReading, current: FilmReading): FindingChange | NotJudged {
  const finding = 'cardiomegaly';
  const [before, after] = [prior.heartRatio, current.heartRatio];
  if (before === undefined || after === undefined) {
    return { finding, reason: 'not-visible' };
  }
  if (prior.view !== current.view) {
    return { finding, reason: 'views-differ' };
  }
  if (Math.abs(Math.log(current.inflation / prior.inflation)) > INFLATION) {
    return { finding, reason: 'inspiration-differs' };
  }
  const seen = (film: FilmReading, ratio: number): Presence => {
    const limit = presence.heart[film.view];
    return ratio > limit + 0.02 ? 'present' : ratio < limit - 0.02 ? 'absent' : 'indeterminate';
  };
  return {
    finding,
    change: changeOf(after - before, thresholds.heart),
    presence: { prior: seen(prior, before), current: seen(current, after) },
    measure: { prior: before, current: after, threshold: thresholds.heart },
    zones: [],
  };
}
