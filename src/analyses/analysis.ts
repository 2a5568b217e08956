import type {
  DiagnosticReport,
  DocumentReference,
  ImagingStudy,
  Observation,
  Patient,
  ServiceRequest,
  Task,
} from '@medplum/fhirtypes';
import type { FhirClient } from '../fhir/client.ts';
import type { ResultDraft } from '../fhir/result-draft.ts';
import type { DicomWeb } from '../imaging/dicomweb.ts';
import type { Models } from '../inference/model.ts';
import type { VersionedReference } from '../queue/queue.ts';
import type { Summary } from '../summary.ts';

/** A reader or a guard declined, with a reason. A normal outcome, not an error. */
export interface Abstention {
  readonly outcome: 'abstention';
  /** Stable code, e.g. `patient-mismatch`, `no-result-rows`, `registration-poor`. */
  readonly reason: string;
  /** One sentence for people, without patient data. */
  readonly detail: string;
}

export function abstain(reason: string, detail: string): Abstention {
  return { outcome: 'abstention', reason, detail };
}

export function isAbstention(value: unknown): value is Abstention {
  return typeof value === 'object' && value !== null && (value as Abstention).outcome === 'abstention';
}

export type ReaderId = 'embedded' | 'medgemma';

/** One way to perform an analysis. */
export interface Reader<Input, Finding> {
  readonly id: ReaderId;
  readonly version: string;
  /** Name and version of each model used, for Device and Provenance. */
  readonly models: readonly { readonly id: string; readonly version: string }[];
  /** Name and version of each prompt that a language model is given; absent where none is asked. */
  readonly prompts?: readonly { readonly id: string; readonly version: string }[];
  read(input: Input, signal: AbortSignal): Promise<Finding | Abstention>;
}

/** Passes the finding on, changed where a part of it failed (a row dropped with its reason), or abstains. Pure. */
export type Guard<Input, Finding> = (finding: Finding, input: Input) => Finding | Abstention;

/** A guard that may look at the document once more before it decides; every `Guard` is one. */
export type LookingGuard<Input, Finding> = (
  finding: Finding,
  input: Input,
  signal: AbortSignal,
) => Finding | Abstention | Promise<Finding | Abstention>;

/** One patient's chart, as far as analyses and advice look at it. Newest first where dated. */
export interface Chart {
  readonly patient: Patient;
  readonly reports: readonly DiagnosticReport[];
  readonly documents: readonly DocumentReference[];
  readonly studies: readonly ImagingStudy[];
  readonly observations: readonly Observation[];
  /** What was ordered, where the caller knows; studies name their orders. */
  readonly orders?: readonly ServiceRequest[];
}

/** Something in the chart that an analysis can read. */
export interface Candidate {
  readonly subject: VersionedReference;
  readonly companions: readonly (VersionedReference & { readonly role: string })[];
  /** FHIR dateTime of the subject, for order. */
  readonly date?: string;
}

/** What loading may touch. */
export interface LoadWorld {
  readonly source: FhirClient;
  /**
   * DICOMweb client for the address of an Endpoint, or for the site's own PACS when none is given; undefined where that
   * address is not one that the site lists, or no PACS is configured.
   */
  readonly dicomweb: (endpoint?: string) => DicomWeb | undefined;
  /** IANA zone of the site, for times that are printed without one; empty: such times are written as dates. */
  readonly timeZone: string;
  readonly signal: AbortSignal;
}

/** Where a statement comes from, for the command line and the page. */
export interface Evidence {
  /** The item of the finding that it belongs to; equals the Observation draft's item. */
  readonly item: string;
  readonly label: string;
  readonly page?: number;
  readonly sopInstanceUid?: string;
  /** [x0, y0, x1, y1] in a space of `width` × `height`, origin top left. */
  readonly box?: readonly [number, number, number, number];
  readonly width?: number;
  readonly height?: number;
  /** The text as printed. */
  readonly text?: string;
}

/** What the store holds of one job. */
export interface StoredResult {
  readonly task: Task;
  readonly report?: DiagnosticReport;
  readonly observations: readonly Observation[];
}

/** What `observations` may need beyond the finding. */
export interface DraftContext {
  /** References as they shall be written; absent on the command line. */
  readonly patient?: string;
  readonly subject?: string;
  readonly companions: readonly { readonly role: string; readonly reference: string }[];
  /** ISO instant of the reading. */
  readonly now: string;
  readonly timeZone: string;
}

/** What one analysis writes: Observations, the report that groups them, pictures, and what was read. */
export type AnalysisDraft = Pick<ResultDraft, 'sourceIdentity' | 'observations' | 'report' | 'media' | 'inputs'>;

export interface Analysis<Input, Finding> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly subjects: readonly ('DiagnosticReport' | 'DocumentReference' | 'ImagingStudy')[];
  /** What in this chart can be read, newest first. Pure. */
  candidates(chart: Chart): readonly Candidate[];
  /** Reads the subject again and gets bytes or pixels. Throws IntervalErrors; abstains when the subject is gone or changed. */
  load(candidate: Candidate, patient: Patient, world: LoadWorld): Promise<Input | Abstention>;
  /** Input from files, for the command line; keys are the option names (`file`, `prior`, `current`). */
  open(files: Readonly<Record<string, Uint8Array>>, signal: AbortSignal): Promise<Input | Abstention>;
  readonly readers: Readonly<Partial<Record<ReaderId, (models: Models) => Promise<Reader<Input, Finding>>>>>;
  /** JSON Schema (draft 2020-12) of a finding. */
  readonly schema: object;
  readonly guards: readonly LookingGuard<Input, Finding>[];
  draft(finding: Finding, input: Input, context: DraftContext): AnalysisDraft;
  evidence(finding: Finding, input: Input): readonly Evidence[];
  /** Stored results of one patient → what a clinician should know now. Pure. */
  summarize(results: readonly StoredResult[], chart: Chart): readonly Summary[];
}

/** Checks nothing at run time; keeps the two type parameters together at the place of definition. */
export function defineAnalysis<Input, Finding>(analysis: Analysis<Input, Finding>): Analysis<Input, Finding> {
  return analysis;
}
