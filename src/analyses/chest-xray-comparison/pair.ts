import { versionOf } from '../../fhir/version.ts';
import type { Candidate, Chart } from '../analysis.ts';
import { type ChestStudy, chestStudies } from './chest-study.ts';

/** How far back a prior may lie, in days. */
export interface PairOptions {
  /** Default 3 years of 365.25 days. */
  readonly windowDays?: number;
  /** For a current film taken at the bedside, where change is a matter of days. Default one year. */
  readonly bedsideWindowDays?: number;
}

/**
 * The newest frontal chest radiograph of the chart with the last comparable one before it. Studies of one minute are one
 * visit to the machine, not two dates. A newest study that is lateral throughout or of one side is paired only when no two
 * frontal ones are there, so that somebody is told why nothing was compared. A newer film of which nobody says what it
 * shows is tried as well, against a film that is known: its pixels decide.
 */
export function candidates(chart: Chart, options: PairOptions = {}): readonly Candidate[] {
  const chests = chestStudies(chart.studies, chart.patient.id, chart);
  const frontals = chests.filter(({ kind }) => kind === 'frontal');
  const known = chests.filter(({ kind }) => kind !== 'silent');
  const [newest] = chests.filter(({ kind }) => kind !== 'partial');
  const silent = newest?.kind === 'silent' ? pairOf(newest, frontals, options) : undefined;
  const certain = pairOf(frontals[0], frontals, options) ?? pairOf(known[0], known, options);
  return [silent, certain].filter((pair) => pair !== undefined).map(candidate);
}

/** Most films before the current one that a timeline shows. */
const MAX_TIMELINE = 20;

/** The comparable films before a study, newest first: what the timeline of the review page offers. */
export function timeline(
  chart: Pick<Chart, 'studies' | 'reports' | 'orders'>,
  currentId: string,
  options: PairOptions = {},
): readonly ChestStudy[] {
  const chests = chestStudies(chart.studies, undefined, chart);
  const current = chests.find(({ study }) => study.id === currentId);
  return current
    ? priorsOf(
        current,
        chests.filter(({ kind }) => kind === 'frontal'),
        options,
      ).slice(0, MAX_TIMELINE)
    : [];
}

function pairOf(
  current: ChestStudy | undefined,
  newestFirst: readonly ChestStudy[],
  options: PairOptions,
): readonly [ChestStudy, ChestStudy] | undefined {
  const [prior] = current ? priorsOf(current, newestFirst, options) : [];
  return current && prior ? [current, prior] : undefined;
}

function priorsOf(
  current: ChestStudy,
  newestFirst: readonly ChestStudy[],
  { windowDays = 3 * 365.25, bedsideWindowDays = 365 }: PairOptions,
): readonly ChestStudy[] {
  const days = current.bedside ? Math.min(bedsideWindowDays, windowDays) : windowDays;
  return newestFirst.filter(
    ({ instant }) => current.instant - instant >= 60_000 && current.instant - instant <= days * 86_400_000,
  );
}

function candidate([current, prior]: readonly [ChestStudy, ChestStudy]): Candidate {
  return {
    subject: { reference: `ImagingStudy/${current.study.id}`, version: versionOf(current.study) },
    companions: [{ role: 'prior', reference: `ImagingStudy/${prior.study.id}`, version: versionOf(prior.study) }],
    date: current.at,
  };
}
