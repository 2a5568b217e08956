import type { DiagnosticReport, ImagingStudy, Observation } from '@medplum/fhirtypes';
import { aiAsserted } from '../fhir/codes.ts';
import type { SummarySource } from '../summary.ts';
import { conceptOf, listOf, textOf } from './concept.ts';
import { type ImagingProcedure, imagingProcedureOf, readable, regionsIn, sideIn } from './imaging-procedure.ts';
import { dicomModalities, type Modality, regionSnomed } from './imaging-terms.ts';
import { day, moment } from './moment.ts';

/** A study that was done, and what is known of what it showed. */
export interface ImagingFact {
  readonly procedure: ImagingProcedure;
  readonly at: number;
  readonly date: string;
  readonly source: SummarySource;
  /** Conclusions, newest first; machine-read ones carry who read them. */
  readonly showed: readonly { readonly text: string; readonly source: SummarySource }[];
}

/** Studies that took place, newest first. */
export function imagingFactsOf(
  studies: readonly ImagingStudy[],
  reports: readonly DiagnosticReport[],
  observations: readonly Observation[],
  now: number,
): readonly ImagingFact[] {
  return studies
    .flatMap((study) => imagingFactOf(study, reports, observations) ?? [])
    .filter(({ at }) => at <= now + day / 24)
    .sort((a, b) => b.at - a.at);
}

function imagingFactOf(
  study: ImagingStudy,
  reports: readonly DiagnosticReport[],
  observations: readonly Observation[],
): ImagingFact | undefined {
  const at = moment(study.started);
  const procedure = procedureOf(study);
  if (study.status === 'cancelled' || study.status === 'entered-in-error' || at === undefined || !study.started) {
    return undefined;
  }
  const reference = `ImagingStudy/${study.id}`;
  const label = textOf(study.description) ?? conceptOf(study.procedureCode).texts[0] ?? 'Imaging study';
  return procedure === undefined
    ? undefined
    : {
        procedure,
        at,
        date: study.started,
        source: { label, date: study.started, reference },
        showed: showedBy(reference, reports, observations),
      };
}

function procedureOf(study: ImagingStudy): ImagingProcedure | undefined {
  const series = listOf(study.series);
  const concept = conceptOf(study.procedureCode);
  const descriptions = [study.description, ...series.map(({ description }) => description)].filter(
    (text): text is string => typeof text === 'string',
  );
  const modalities = [...listOf(study.modality), ...series.map(({ modality }) => modality)].flatMap((coding) => {
    const known: Modality | undefined = dicomModalities[coding?.code ?? ''];
    return known === undefined ? [] : [known];
  });
  const named = imagingProcedureOf({ ...concept, texts: [...concept.texts, ...descriptions] });
  const modality = modalities[0] ?? named?.modality;
  if (modality === undefined) {
    return undefined;
  }
  const sites = series.flatMap(({ bodySite }) => (bodySite === undefined ? [] : [bodySite]));
  const siteText = readable([...descriptions, ...concept.texts, ...sites.map(({ display }) => display ?? '')]);
  const regions = [
    ...(named?.regions ?? []),
    ...regionsIn(siteText),
    ...sites.flatMap(({ code }) => regionSnomed[code ?? ''] ?? []),
  ];
  const side = named?.side ?? sideIn(siteText);
  return {
    modality,
    regions: [...new Set(regions)],
    ...(side === undefined ? {} : { side }),
    contrast: named?.contrast ?? 'unknown',
  };
}

const readableStatus: ReadonlySet<unknown> = new Set([
  'preliminary',
  'partial',
  'final',
  'amended',
  'corrected',
  'appended',
]);

/** Reports of the study; where no report says anything, Observations derived from it. */
function showedBy(
  study: string,
  reports: readonly DiagnosticReport[],
  observations: readonly Observation[],
): ImagingFact['showed'] {
  const concluded = reports
    .filter(
      (report) => readableStatus.has(report.status) && listOf(report.imagingStudy).some((one) => pointsTo(one, study)),
    )
    .flatMap((report) => {
      const text = textOf(report.conclusion) ?? conceptOf(report.conclusionCode).texts.join('; ');
      return text === '' ? [] : [{ text, source: sourceOf(report, 'DiagnosticReport', report.effectiveDateTime) }];
    });
  if (concluded.length > 0) {
    return concluded;
  }
  return observations
    .filter((one) => readableStatus.has(one.status) && listOf(one.derivedFrom).some((from) => pointsTo(from, study)))
    .flatMap((one) => {
      const value = conceptOf(one.valueCodeableConcept).texts[0];
      const name = conceptOf(one.code).texts[0];
      return value === undefined || name === undefined
        ? []
        : [{ text: `${name}: ${value}`, source: sourceOf(one, 'Observation', one.effectiveDateTime) }];
    });
}

function pointsTo({ reference }: { readonly reference?: string }, study: string): boolean {
  return reference === study || (reference?.endsWith(`/${study}`) ?? false);
}

function sourceOf(resource: DiagnosticReport | Observation, type: string, date: string | undefined): SummarySource {
  const machine =
    resource.status === 'preliminary' && listOf(resource.meta?.security).some(({ code }) => code === aiAsserted.code);
  const device = 'device' in resource ? resource.device?.display : undefined;
  return {
    label: conceptOf(resource.code).texts[0] ?? 'Report',
    ...(date === undefined ? {} : { date }),
    reference: `${type}/${resource.id}`,
    ...(machine ? { readBy: device ?? 'Interval' } : {}),
  };
}
