import type {
  DiagnosticReport,
  ImagingStudy,
  Observation,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';

/** What order-time advice looks at. Everything as it came: fields may be missing, codings empty, dates odd. */
export interface AdviceInput {
  /** Drafts that are selected or about to be signed; only ServiceRequests are advised on. */
  readonly orders: readonly Resource[];
  /** `Type/id` of the drafts that were selected just now; absent or empty means all. */
  readonly selections?: readonly string[];
  readonly patient?: Patient;
  /** Laboratory and imaging Observations, what Interval read from documents and images included. */
  readonly observations: readonly Observation[];
  readonly studies: readonly ImagingStudy[];
  /** Imaging reports, for what a study showed. */
  readonly reports: readonly DiagnosticReport[];
  /** Orders already placed and not yet done. */
  readonly requests?: readonly ServiceRequest[];
  /** ISO instant. */
  readonly now: string;
}
