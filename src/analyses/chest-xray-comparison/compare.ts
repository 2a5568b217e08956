import { confidenceOf, technique } from './confidence.ts';
import {
  type Change,
  type FilmReading,
  type FindingChange,
  type FindingCode,
  findingCodes,
  type NotJudged,
  type Presence,
  type Side,
  sides,
  type Zone,
  zonesOf,
} from './finding.ts';

/**
 * Smallest differences that count as change. Each is larger than what the same film showed in 98 of 100 copies of it that
 * were re-exposed, turned, shifted and cropped (bench/chest-xray-comparison.ts), and none was fitted to expert labels.
 */
export const thresholds = {
  /** Mean share of air missing in both lungs. */
  overall: 0.05,
  /** In one lung. */
  lung: 0.05,
  /** In one zone. */
  zone: 0.11,
  /** In the costophrenic region. */
  base: 0.15,
  /** Heart over chest. */
  heart: 0.06,
} as const;

/**
 * What must be measured on one film alone for a finding to be present: more than on 19 of 20 films that were labelled
 * normal, or a lung that differs from the other one. Below that a single film says nothing either way, since build,
 * breasts and technique move these values as much as disease does; absence is therefore never stated for the lungs.
 */
const presence = {
  lung: 0.24,
  zone: 0.33,
  /** More than the same zone of the other lung. */
  asymmetry: 0.14,
  base: 0.47,
  /** How far fluid-like density exceeds the middle of the lung above it, and what it must reach to be called so. */
  layer: 0.2,
  layerFloor: 0.4,
  heart: { PA: 0.57, AP: 0.6, unknown: 0.6 },
  /** Density beside the heart that hides its edge. */
  hidden: { base: 0.5, zone: 0.4 },
} as const;

/** Relative difference of lung height to width beyond which heart ratios are not comparable. */
const INFLATION = 0.15;

export interface Comparison {
  readonly overall: { readonly change: Change; readonly difference: number; readonly confidence?: number };
  readonly findings: readonly FindingChange[];
  readonly notJudged: readonly NotJudged[];
}

/**
 * Differences of two films that were measured each by itself, so that exchanging them turns every sign and nothing else.
 */
export function compareFilms(prior: FilmReading, current: FilmReading): Comparison {
  const findings: FindingChange[] = [];
  const notJudged: NotJudged[] = [];
  for (const side of sides) {
    findings.push(...opacity(prior, current, side), ...effusion(prior, current, side));
  }
  const heart = heartSize(prior, current);
  if ('reason' in heart) {
    notJudged.push(heart);
  } else if (heart.presence.prior === 'present' || heart.presence.current === 'present') {
    findings.push(heart);
  }
  for (const finding of findingCodes.filter((code) => !measured.has(code))) {
    notJudged.push({ finding, reason: 'not-measured' });
  }
  const difference = mean(Object.values(current.opacity)) - mean(Object.values(prior.opacity));
  const change = changeOf(difference, thresholds.overall);
  const confidence = confidenceOf(change, difference, thresholds.overall, 'overall', technique(prior, current));
  return { overall: { change, difference, confidence }, findings, notJudged };
}

/** Density is measured; every other finding needs more than density. */
const measured: ReadonlySet<FindingCode> = new Set(['lung-opacity', 'pleural-effusion', 'cardiomegaly']);

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
  const byZone = up !== down;
  const change = byZone ? (up ? 'worsened' : 'improved') : changeOf(difference, thresholds.lung);
  const most = own.reduce((sum, zone) => {
    const here = current.opacity[zone] - prior.opacity[zone];
    return Math.abs(here) > Math.abs(sum) ? here : sum;
  }, 0);
  const spread = technique(prior, current);
  const confidence = Math.max(
    confidenceOf(change, difference, thresholds.lung, 'lung', spread),
    byZone ? confidenceOf(change, most, thresholds.zone, 'zone', spread) : 0,
  );
  const other = zonesOf(side === 'right' ? 'left' : 'right');
  const denseZones = (film: FilmReading): readonly Zone[] =>
    own.filter(
      (zone, n) =>
        film.opacity[zone] >= presence.zone || film.opacity[zone] - film.opacity[other[n]!] >= presence.asymmetry,
    );
  const dense = (film: FilmReading): boolean => value(film) >= presence.lung || denseZones(film).length > 0;
  const presences = presenceOf(change, dense(prior), dense(current));
  if (!presences) {
    return [];
  }
  const either = new Set([...denseZones(prior), ...denseZones(current)]);
  return [
    {
      finding: 'lung-opacity',
      side,
      change,
      presence: presences,
      confidence,
      measure: { prior: value(prior), current: value(current), threshold: thresholds.lung },
      zones: change === 'stable' || moved.length === 0 ? own.filter((zone) => either.has(zone)) : moved,
    },
  ];
}

/** What became more is there now, what became less was there; undefined when neither film shows anything. */
function presenceOf(
  change: Change,
  prior: boolean,
  current: boolean,
): Record<'prior' | 'current', Presence> | undefined {
  const before = prior || change === 'improved';
  const after = current || change === 'worsened';
  return before || after
    ? { prior: before ? 'present' : 'indeterminate', current: after ? 'present' : 'indeterminate' }
    : undefined;
}

/** The costophrenic region is dense and denser than the lung above it: fluid does that, and so do other things. */
function effusion(prior: FilmReading, current: FilmReading, side: Side): readonly FindingChange[] {
  const layered = (film: FilmReading, floor: number): boolean =>
    film.base[side] >= floor && film.base[side] - film.opacity[`${side}-middle`] >= presence.layer;
  const denser = current.base[side] >= prior.base[side] ? current : prior;
  if (!layered(denser, presence.layerFloor)) {
    return [];
  }
  const difference = current.base[side] - prior.base[side];
  const change = changeOf(difference, thresholds.base);
  const presences = presenceOf(change, layered(prior, presence.base), layered(current, presence.base));
  return presences
    ? [
        {
          finding: 'pleural-effusion',
          side,
          change,
          presence: presences,
          confidence: confidenceOf(change, difference, thresholds.base, 'base', technique(prior, current)),
          measure: { prior: prior.base[side], current: current.base[side], threshold: thresholds.base },
          zones: [`${side}-lower`],
        },
      ]
    : [];
}

/** Dense lung or fluid beside the heart has no edge against it (the silhouette sign): its width is then a guess. */
function borderHidden(film: FilmReading): boolean {
  return sides.some(
    (side) => film.base[side] >= presence.hidden.base || film.opacity[`${side}-lower`] >= presence.hidden.zone,
  );
}

function heartSize(prior: FilmReading, current: FilmReading): FindingChange | NotJudged {
  const finding = 'cardiomegaly';
  const [before, after] = [prior.heartRatio, current.heartRatio];
  if (before === undefined || after === undefined || borderHidden(prior) || borderHidden(current)) {
    return { finding, reason: 'not-visible' };
  }
  if (prior.view !== current.view) {
    return { finding, reason: 'views-differ' };
  }
  if (Math.abs(Math.log(current.inflation / prior.inflation)) > INFLATION) {
    return { finding, reason: 'inspiration-differs' };
  }
  const seen = (film: FilmReading, ratio: number): Presence =>
    ratio >= presence.heart[film.view] ? 'present' : ratio < 0.5 ? 'absent' : 'indeterminate';
  const change = changeOf(after - before, thresholds.heart);
  return {
    finding,
    change,
    confidence: confidenceOf(change, after - before, thresholds.heart, 'heart', technique(prior, current)),
    presence: { prior: seen(prior, before), current: seen(current, after) },
    measure: { prior: before, current: after, threshold: thresholds.heart },
    zones: [],
  };
}
