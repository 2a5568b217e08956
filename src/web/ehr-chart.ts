import type { DiagnosticReport, DocumentReference, ImagingStudy, ServiceRequest } from '@medplum/fhirtypes';
import { fetchChart } from '../fhir/chart.ts';
import type { FhirClient } from '../fhir/client.ts';
import { isResult, type ObservationRow, rowOf } from './observation-row.ts';
import { type PatientLine, patientLine } from './patients.ts';

/** The chart as the EHR has it, without anything that Interval wrote. */
export interface EhrChart {
  readonly patient: PatientLine;
  readonly documents: readonly ChartItem[];
  readonly studies: readonly ChartItem[];
  readonly results: readonly ObservationRow[];
  readonly orders: readonly { readonly text: string; readonly reason?: string; readonly resource: ServiceRequest }[];
}

export interface ChartItem {
  /** `DiagnosticReport/1`, `DocumentReference/1`, `ImagingStudy/1`. */
  readonly reference: string;
  readonly title: string;
  readonly date?: string;
  /** Media type without parameters; modality and view of a study. */
  readonly kind: string;
}

export async function readEhrChart(source: FhirClient, patientId: string, signal: AbortSignal): Promise<EhrChart> {
  const [chart, orders] = await Promise.all([
    fetchChart(source, patientId, { own: false, signal }),
    source.search<ServiceRequest>('ServiceRequest', { patient: patientId, status: 'draft', _count: '20' }, { signal }),
  ]);
  return {
    patient: patientLine(chart.patient),
    documents: [...chart.reports.flatMap(reportItem), ...chart.documents.flatMap(documentItem)].sort(newestFirst),
    studies: chart.studies.map(studyItem).sort(newestFirst),
    results: chart.observations.filter(isResult).map(rowOf),
    orders: orders
      .filter((one) => one.resourceType === 'ServiceRequest')
      .map((resource) => ({
        text: resource.code?.text ?? resource.code?.coding?.[0]?.display ?? 'Order',
        ...(resource.reasonCode?.[0]?.text ? { reason: resource.reasonCode[0].text } : {}),
        resource,
      })),
  };
}

function reportItem(report: DiagnosticReport): ChartItem[] {
  const form = report.presentedForm?.[0];
  return form
    ? [
        {
          reference: `DiagnosticReport/${report.id}`,
          title: report.code?.text ?? form.title ?? 'Report',
          date: report.issued ?? report.effectiveDateTime,
          kind: mediaType(form.contentType),
        },
      ]
    : [];
}

function documentItem(document: DocumentReference): ChartItem[] {
  const attachment = document.content?.[0]?.attachment;
  // the DICOM file of a study is shown with its study
  return mediaType(attachment?.contentType) === 'application/dicom'
    ? []
    : [
        {
          reference: `DocumentReference/${document.id}`,
          title: document.description ?? attachment?.title ?? 'Document',
          date: document.date,
          kind: mediaType(attachment?.contentType),
        },
      ];
}

function studyItem(study: ImagingStudy): ChartItem {
  const modality = study.modality?.[0]?.code ?? study.series?.[0]?.modality?.code;
  return {
    reference: `ImagingStudy/${study.id}`,
    title: study.description ?? study.procedureCode?.[0]?.text ?? 'Imaging study',
    date: study.started,
    kind: modality ?? 'image',
  };
}

function mediaType(contentType: string | undefined): string {
  return contentType?.split(';')[0]?.trim().toLowerCase() ?? 'unknown';
}

function newestFirst(left: ChartItem, right: ChartItem): number {
  return Date.parse(right.date ?? '') - Date.parse(left.date ?? '') || left.reference.localeCompare(right.reference);
}
