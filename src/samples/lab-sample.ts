import type { DiagnosticReport, DocumentReference, Observation, ServiceRequest } from '@medplum/fhirtypes';
import { lazyBinary } from './binary.ts';
import { labDiagnosticReport, labDocumentReference } from './chart.ts';
import { expectedResults, type LabDocument } from './lab-document.ts';
import { type Person, patient } from './person.ts';
import type { ExpectedCard, ExpectedReading, ExpectedRefusal, Sample, SampleBinary } from './sample.ts';

/** A report as it lies in the chart, with what a correct reading of it says. */
export interface FiledReport {
  readonly resource: DocumentReference | DiagnosticReport;
  readonly binary?: SampleBinary;
  readonly reading: ExpectedReading;
}

/** Files the printed report in a person's chart; `refused` where nothing may be read from it. */
export function fileReport(
  person: Person,
  report: LabDocument,
  file: {
    readonly as: 'DocumentReference' | 'DiagnosticReport';
    /** The resource is `<person>-<id>`. */
    readonly id?: string;
    readonly title: string;
    /** Ends the id of the Binary. */
    readonly form?: string;
    readonly contentType?: string;
    readonly decimal?: '.' | ',';
    readonly refused?: Omit<ExpectedRefusal, 'analysis' | 'subject'>;
  } & (
    | { readonly pages: (report: LabDocument) => Promise<Uint8Array> }
    /** What is small travels inside the resource. */
    | { readonly inline: Uint8Array }
  ),
): FiledReport {
  const { as, id = 'report', title, form = 'pdf', contentType = 'application/pdf', refused } = file;
  const binary =
    'pages' in file ? lazyBinary(`${person.id}-${form}`, contentType, () => file.pages(report)) : undefined;
  const attached = { contentType, title, ...('inline' in file ? { bytes: file.inline } : { binary: binary!.id }) };
  const resource =
    as === 'DocumentReference'
      ? labDocumentReference(person, id, report.reported, attached)
      : labDiagnosticReport(person, id, report, attached);
  const read = { analysis: 'lab-report', subject: `${as}/${resource.id}` } as const;
  const finding = { outcome: 'finding', effective: report.collected.asRead } as const;
  return {
    resource,
    ...(binary ? { binary } : {}),
    reading: refused
      ? { ...read, ...refused }
      : { ...read, ...finding, results: expectedResults(report, file.decimal ?? '.') },
  };
}

/** A patient whose chart holds these reports beside what it knows as data already. */
export function labSample(
  person: Person,
  words: Pick<Sample, 'title' | 'shows'>,
  chart: {
    readonly reports: readonly FiledReport[];
    readonly results?: readonly Observation[];
    readonly orders?: readonly ServiceRequest[];
    readonly cards?: readonly ExpectedCard[];
  },
): Sample {
  const { reports, results = [], orders = [], cards = [] } = chart;
  const self = patient(person, words);
  return {
    id: person.id,
    ...words,
    patient: self,
    resources: [self, ...results, ...reports.map(({ resource }) => resource), ...orders],
    binaries: reports.flatMap(({ binary }) => binary ?? []),
    draftOrders: orders,
    expected: { readings: reports.map(({ reading }) => reading), cards },
  };
}
