import type { CodeableConcept, ImagingStudy, ImagingStudySeries } from '@medplum/fhirtypes';
import type { Chart } from '../analysis.ts';
import { studyUid } from './study.ts';
import { isProjection } from './view.ts';
import {
  bedsideWords,
  chestWords,
  derivedWords,
  frontalWords,
  lateralWords,
  otherBodyWords,
  wordsOf,
} from './words.ts';

/** Codes that mean a chest radiograph, or the chest, wherever they stand in a study. */
const chestCodes: ReadonlySet<string> = new Set([
  // LOINC: XR chest views, 2 views, portable, single view, PA and AP, PA and lateral
  ...['30745-4', '36643-5', '30746-2', '36554-4', '24648-8', '36572-6', '42272-5'],
  // SNOMED CT: plain chest X-ray, standard chest X-ray; thoracic structure, lung structure, chest
  ...['399208008', '168731009', '51185008', '39607008', '816094009'],
  // CPT
  ...['71010', '71020', '71045', '71046', '71047', '71048'],
]);

/** SNOMED CT: left, right; unilateral left, unilateral right. */
const oneSided: ReadonlySet<string> = new Set(['7771000', '24028007', '419161000', '419465000', 'L', 'R']);

/** SOP classes of radiographs that are not meant for the eye: their grey scale is the detector's. */
const forProcessing = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.1\.[123]\.1$/;
/** Structured reports, presentation states, key objects, raw data: no pixels. */
const withoutPixels = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(88|11|66)(\.|$)/;

/**
 * How likely a study is to hold a frontal chest film, by what the chart says; the pixels have the last word. `silent`: a
 * projection radiograph of which nobody says what it shows. `partial`: lateral throughout, or of one side.
 */
type Kind = 'frontal' | 'partial' | 'silent' | 'other';

export interface ChestStudy {
  readonly study: ImagingStudy & { readonly id: string };
  readonly kind: Exclude<Kind, 'other'>;
  /** FHIR dateTime at which the frontal series began, else the study. */
  readonly at: string;
  /** Milliseconds since 1970 of the same. */
  readonly instant: number;
  /** Taken at the bedside: by a portable machine, AP. */
  readonly bedside: boolean;
  readonly uid?: string;
}

/** What of a chart's studies may be chest radiographs of this patient, newest first; one resource a study. */
export function chestStudies(
  studies: readonly ImagingStudy[],
  patientId: string | undefined,
  about: Pick<Partial<Chart>, 'reports' | 'orders'> = {},
): readonly ChestStudy[] {
  const seen = new Set<string>();
  return studies
    .filter((study) => isReadable(study) && isOf(study, patientId))
    .flatMap((study) => chestStudy(study, about) ?? [])
    .sort((one, other) => other.instant - one.instant)
    .filter(({ uid, study }) => {
      // a PACS and an EHR may each write the same study, an hour apart by their clocks
      const key = uid ?? study.id;
      return !seen.has(key) && seen.add(key);
    });
}

function chestStudy(study: ImagingStudy, chart: Pick<Partial<Chart>, 'reports' | 'orders'>): ChestStudy | undefined {
  const said = saidOf(study, chart);
  const series = (study.series ?? []).map((one) => ({ one, kind: kindOfSeries(one, said) }));
  const kinds = (study.series ?? []).length > 0 ? series.map(({ kind }) => kind) : [kindOfStudy(study, said)];
  const kind = (['frontal', 'partial', 'silent'] as const).find((wanted) => kinds.includes(wanted));
  const chosen = series.filter((one) => one.kind === kind).map(({ one }) => one);
  const at =
    chosen
      .map(({ started }) => started)
      .filter((one) => one !== undefined)
      .toSorted()[0] ?? study.started;
  const instant = at === undefined ? Number.NaN : instantOf(at);
  if (!kind || !study.id || !at || !Number.isFinite(instant)) {
    return undefined;
  }
  const words = wordsOf(said.words, ...chosen.map(({ description }) => description));
  const uid = studyUid(study);
  return {
    study: study as ImagingStudy & { id: string },
    kind,
    at,
    instant,
    bedside: bedsideWords.test(words),
    ...(uid ? { uid } : {}),
  };
}

/** A date without a time counts from its midnight; what has no zone is read as UTC on both sides. */
function instantOf(dateTime: string): number {
  const full = dateTime.length <= 10 ? dateTime.padEnd(10, '-01') : dateTime;
  return Date.parse(/T.*(Z|[+-]\d\d:\d\d)$/.test(full) || !full.includes('T') ? full : `${full}Z`);
}

function isReadable(study: ImagingStudy): boolean {
  return study.status !== 'entered-in-error' && study.status !== 'cancelled' && study.status !== 'registered';
}

function isOf({ subject }: ImagingStudy, patientId: string | undefined): boolean {
  return patientId === undefined || !subject?.reference || subject.reference.split('/').at(-1) === patientId;
}

interface Said {
  readonly words: string;
  /** Some code or word says chest. */
  readonly chest: boolean;
  /** Nobody says anything of a body part. */
  readonly silent: boolean;
}

/** What the study says of itself, what was ordered, and what the reports about it are called. */
function saidOf(study: ImagingStudy, { reports = [], orders = [] }: Pick<Partial<Chart>, 'reports' | 'orders'>): Said {
  const about = reports.filter(({ imagingStudy }) =>
    imagingStudy?.some(({ reference }) => reference?.endsWith(`ImagingStudy/${study.id}`)),
  );
  const contained = (study.contained ?? []).filter((one) => one.resourceType === 'ServiceRequest');
  const named = (study.basedOn ?? []).map(({ reference }) => reference?.split('/').at(-1));
  const ordered = [...contained, ...orders.filter(({ id }) => id !== undefined && named.includes(id))];
  const concepts = [
    ...(study.procedureCode ?? []),
    ...about.flatMap(({ code }) => code ?? []),
    ...ordered.flatMap(({ code }) => code ?? []),
  ];
  const words = wordsOf(
    study.description,
    ...concepts.flatMap(textsOf),
    ...(study.basedOn ?? []).map(({ display }) => display),
    study.procedureReference?.display,
  );
  const codes = concepts.flatMap(codesOf);
  const chest = codes.some((code) => chestCodes.has(code)) || chestWords.test(words);
  return { words, chest, silent: !chest && codes.length === 0 && !otherBodyWords.test(words) };
}

/** A study without series is judged by its own words alone. */
function kindOfStudy(study: ImagingStudy, said: Said): Kind {
  const modalities = study.modality ?? [];
  const projection =
    modalities.length === 0
      ? / (x ray|xr|radiograph|cr|dx|film) /.test(said.words)
      : modalities.some(({ code }) => isProjection(code));
  if (!projection || derivedWords.test(wordsOf(study.description))) {
    return 'other';
  }
  return said.chest ? viewOfWords(said.words) : said.silent && modalities.length > 0 ? 'silent' : 'other';
}

function kindOfSeries(series: ImagingStudySeries, said: Said): Kind {
  const words = wordsOf(series.description, series.bodySite?.display);
  if (!isProjection(series.modality?.code) || derivedWords.test(words) || isNoPicture(series)) {
    return 'other';
  }
  const code = series.bodySite?.code;
  const chest = (code !== undefined && chestCodes.has(code)) || chestWords.test(words);
  const elsewhere = !chest && (otherBodyWords.test(words) || (code !== undefined && !oneSided.has(code)));
  if (elsewhere) {
    return 'other';
  }
  if (!chest && !said.chest) {
    return said.silent && series.modality?.code !== undefined ? 'silent' : 'other';
  }
  const side = series.laterality?.code;
  if (side !== undefined && oneSided.has(side)) {
    return 'partial';
  }
  const view = viewOfWords(words);
  // a series that does not say its view has that of the study
  return view === 'frontal' && !frontalWords.test(words) && (said.chest || chest) ? viewOfWords(said.words) : view;
}

/** Every instance is of a class that is not for the eye, or has no pixels. */
function isNoPicture({ instance }: ImagingStudySeries): boolean {
  const classes = (instance ?? []).map(({ sopClass }) => sopClass?.code?.replace(/^urn:oid:/, '') ?? '');
  return classes.length > 0 && classes.every((one) => forProcessing.test(one) || withoutPixels.test(one));
}

function viewOfWords(words: string): 'frontal' | 'partial' {
  return lateralWords.test(words) && !frontalWords.test(words) && !/ views? /.test(words) ? 'partial' : 'frontal';
}

function codesOf(concept: CodeableConcept): readonly string[] {
  return (concept.coding ?? []).flatMap(({ code }) => code ?? []);
}

function textsOf(concept: CodeableConcept): readonly (string | undefined)[] {
  return [concept.text, ...(concept.coding ?? []).map(({ display }) => display)];
}
