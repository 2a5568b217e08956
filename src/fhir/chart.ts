import type {
  DiagnosticReport,
  DocumentReference,
  ImagingStudy,
  Observation,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { isAiAsserted, isOurs } from './result-key.ts';
import { hasShape } from './shape.ts';
import { fetchStudies } from './studies.ts';

/** One patient's chart as fetched; src/analyses/analysis.ts calls the first six members Chart. */
export interface FetchedChart {
  readonly patient: Patient;
  readonly reports: readonly DiagnosticReport[];
  readonly documents: readonly DocumentReference[];
  readonly studies: readonly ImagingStudy[];
  readonly observations: readonly Observation[];
  readonly orders: readonly ServiceRequest[];
  /** Types that this server does not offer or does not show us: not the same as an empty chart. */
  readonly unavailable: readonly Resource['resourceType'][];
}

export interface ChartOptions extends CallOptions {
  /** Most resources of each type (default 100; 500 Observations). */
  readonly max?: number;
  /** Whether to keep what Interval itself wrote (default true). */
  readonly own?: boolean;
}

/** Codes of answers that say "not here" or "not for you" about one resource type, while the rest of the chart counts. */
const tolerated = new Set(['fhir-not-found', 'fhir-forbidden', 'fhir-rejected']);

/** A patient's chart in six parallel requests, newest first. What is entered in error, or has no shape, is left out. */
export async function fetchChart(client: FhirClient, patientId: string, options: ChartOptions = {}) {
  const { max = 100, own = true, ...call } = options;
  const unavailable: Resource['resourceType'][] = [];
  const count = String(Math.min(max, 100));
  async function list<T extends Resource>(type: T['resourceType'], fetched: Promise<readonly T[]>) {
    try {
      return (await fetched).filter(
        (one) =>
          one.resourceType === type &&
          hasShape(one) &&
          (one as { status?: string }).status !== 'entered-in-error' &&
          (own || !(isOurs(one) && isAiAsserted(one))),
      );
    } catch (error) {
      if (error instanceof IntervalError && tolerated.has(error.code)) {
        unavailable.push(type);
        return [];
      }
      throw error;
    }
  }
  const search = <T extends Resource>(type: T['resourceType'], query: Record<string, string>, most = max) =>
    list<T>(type, client.search<T>(type, { patient: patientId, ...query }, { ...call, maxResources: most }));

  const [patient, reports, documents, studies, observations, orders] = await Promise.all([
    client.read<Patient>('Patient', patientId, call),
    search<DiagnosticReport>('DiagnosticReport', { _sort: '-date', _count: count }),
    search<DocumentReference>('DocumentReference', { _sort: '-date', _count: count }),
    list<ImagingStudy>('ImagingStudy', fetchStudies(client, patientId, { ...call, max })),
    search<Observation>('Observation', { category: 'laboratory', _sort: '-date', _count: '200' }, max * 5),
    search<ServiceRequest>('ServiceRequest', { _sort: '-authored', _count: count }),
  ]);
  const chart: FetchedChart = { patient, reports, documents, studies, observations, orders, unavailable };
  return chart;
}
