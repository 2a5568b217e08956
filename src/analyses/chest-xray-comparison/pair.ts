import type { CodeableConcept, Coding, ImagingStudy, ImagingStudySeries } from '@medplum/fhirtypes';
import type { Candidate, Chart } from '../analysis.ts';
import { versionOf } from './study.ts';
import { projectionModalities } from './view.ts';
import { chestWords, derivedWords, frontalWords, lateralWords, otherBodyWords, wordsOf } from './words.ts';

/** Codes that mean a chest radiograph, or the chest, wherever they stand in a study. */
const chestCodes: ReadonlySet<string> = new Set([
  // LOINC: XR chest views, 2 views, portable, single view, PA, AP, PA and lateral
  ...['30745-4', '36643-5', '30746-2', '36554-4', '24648-8', '36572-6', '42272-5'],
  // SNOMED CT: plain chest X-ray; thoracic structure, lung structure
  ...['399208008', '51185008', '39607008'],
  // CPT
  ...['71045', '71046', '71047', '71048'],
]);

/** How likely the study is to hold a frontal chest film, by what the chart says; the pixels have the last word. */
type Kind = 'frontal' | 'lateral' | 'other';

export interface PairOptions {
  /** How far back a prior may lie. Default 3 years of 365.25 days. */
  readonly windowDays?: number;
}

/**
 * The newest frontal chest radiograph of the chart with the last comparable one before it. Studies of one minute are one
 * visit to the machine, not two dates. A newest study that is lateral throughout is paired only when no two frontal ones
 * are there, so that somebody is told why nothing was compared.
 */
export function candidates(chart: Chart, { windowDays = 3 * 365.25 }: PairOptions = {}): readonly Candidate[] {
  const chests = chart.studies
    .map((study) => ({ study, kind: kindOf(study), at: study.started }))
    .filter(
      (one): one is { study: ImagingStudy & { id: string }; kind: Kind; at: string } =>
        one.kind !== 'other' && one.study.id !== undefined && one.at !== undefined && isReadable(one.study),
    )
    .sort((one, other) => instant(other.at) - instant(one.at));
  const frontals = chests.filter(({ kind }) => kind === 'frontal');
  const pair = newestPair(frontals, windowDays) ?? newestPair(chests, windowDays);
  if (!pair) {
    return [];
  }
  const [current, prior] = pair;
  return [
    {
      subject: { reference: `ImagingStudy/${current.study.id}`, version: versionOf(current.study) },
      companions: [{ role: 'prior', reference: `ImagingStudy/${prior.study.id}`, version: versionOf(prior.study) }],
      date: current.at,
    },
  ];
}

function newestPair<T extends { readonly at: string }>(
  newestFirst: readonly T[],
  windowDays: number,
): readonly [T, T] | undefined {
  const [current] = newestFirst;
  if (!current) {
    return undefined;
  }
  const prior = newestFirst.find(({ at }) => instant(current.at) - instant(at) >= 60_000);
  return prior && instant(current.at) - instant(prior.at) <= windowDays * 86_400_000 ? [current, prior] : undefined;
}

/** A date without a time counts from its midnight; what has no zone is read as UTC on both sides. */
function instant(dateTime: string): number {
  const full = dateTime.length <= 10 ? dateTime.padEnd(10, '-01') : dateTime;
  return Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(full) || !full.includes('T') ? full : `${full}Z`);
}

function isReadable(study: ImagingStudy): boolean {
  return study.status !== 'entered-in-error' && study.status !== 'cancelled' && study.status !== 'registered';
}

/** Judges every series by itself; a study without series by its own words. */
function kindOf(study: ImagingStudy): Kind {
  const own = wordsOf(study.description, ...(study.procedureCode ?? []).flatMap(textsOf));
  const codes = codesOf(study.procedureCode);
  const chest = codes.some((code) => chestCodes.has(code)) || chestWords.test(own);
  const series = (study.series ?? []).filter((one) => isProjection(one.modality) && !isDerived(one));
  const modalities = study.modality ?? [];
  if ((study.series ?? []).length === 0) {
    const projection =
      modalities.length === 0 ? / (x ray|xr|radiograph|cr|dx|film) /.test(own) : modalities.some(isProjection);
    return projection && chest ? viewOfWords(own) : 'other';
  }
  const kinds = series.map((one) => {
    const words = wordsOf(one.description, one.bodySite?.display);
    const site = one.bodySite?.code !== undefined && chestCodes.has(one.bodySite.code);
    const elsewhere = otherBodyWords.test(words) && !chestWords.test(words);
    return (site || chestWords.test(words) || chest) && !elsewhere ? viewOfWords(words) : 'other';
  });
  return kinds.includes('frontal') ? 'frontal' : kinds.includes('lateral') ? 'lateral' : 'other';
}

function viewOfWords(words: string): Kind {
  return lateralWords.test(words) && !frontalWords.test(words) && !/ views? /.test(words) ? 'lateral' : 'frontal';
}

function isProjection(modality: Coding | undefined): boolean {
  return modality?.code === undefined || projectionModalities.has(modality.code.toUpperCase());
}

function isDerived(series: ImagingStudySeries): boolean {
  return derivedWords.test(wordsOf(series.description));
}

function codesOf(concepts: readonly CodeableConcept[] | undefined): readonly string[] {
  return (concepts ?? []).flatMap((concept) => (concept.coding ?? []).flatMap(({ code }) => code ?? []));
}

function textsOf(concept: CodeableConcept): readonly (string | undefined)[] {
  return [concept.text, ...(concept.coding ?? []).map(({ display }) => display)];
}
