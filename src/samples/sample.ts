import type { Patient, Resource, ServiceRequest } from '@medplum/fhirtypes';
import type { ErrorCode } from '../errors.ts';

/** One synthetic patient with everything the EHR holds about them, and the truth about it. */
export interface Sample {
  /** Id of the Patient: `sample-…`. */
  readonly id: string;
  /** What this patient shows, in a few words. */
  readonly title: string;
  /** The same in one sentence. */
  readonly shows: string;
  readonly patient: Patient;
  /** All resources but Binaries, the Patient first; what is referred to stands before what refers to it. */
  readonly resources: readonly Resource[];
  readonly binaries: readonly SampleBinary[];
  /** Orders that a clinician has drafted; they are among `resources` too. */
  readonly draftOrders: readonly ServiceRequest[];
  readonly expected: Expected;
}

/** Bytes that are made when they are asked for, once. */
export interface SampleBinary {
  readonly id: string;
  readonly contentType: string;
  readonly bytes: () => Promise<Uint8Array>;
}

export interface SampleSet {
  readonly samples: readonly Sample[];
  /** Not of one patient: the practitioner who uses the chart. */
  readonly shared: readonly Resource[];
}

/** What a correct reading of this patient's documents and studies says, and the cards that follow. */
export interface Expected {
  readonly readings: readonly ExpectedReading[];
  readonly cards: readonly ExpectedCard[];
}

export type ExpectedReading = ExpectedLabReading | ExpectedComparison | ExpectedRefusal;

export interface ExpectedLabReading {
  readonly analysis: 'lab-report';
  /** `DocumentReference/id` or `DiagnosticReport/id`. */
  readonly subject: string;
  readonly outcome: 'finding';
  /** FHIR dateTime of specimen collection, with the zone of the site. */
  readonly effective: string;
  readonly results: readonly ExpectedResult[];
}

export interface ExpectedResult {
  /** The test name as printed. */
  readonly name: string;
  /** The value as printed, without its flag. */
  readonly printed: string;
  readonly loinc: string;
  readonly value: number;
  readonly comparator?: '<' | '<=' | '>' | '>=';
  /** UCUM code; absent where the report prints none. */
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  /** HL7 v3 ObservationInterpretation code of the printed flag; absent where none is printed. */
  readonly interpretation?: 'H' | 'L' | 'HH' | 'LL' | 'A';
}

export interface ExpectedComparison {
  readonly analysis: 'chest-xray-comparison';
  /** `ImagingStudy/id` of the current study. */
  readonly subject: string;
  readonly prior: string;
  readonly outcome: 'finding';
  readonly changes: readonly ExpectedChange[];
}

export interface ExpectedChange {
  readonly finding: 'pleural-effusion' | 'lung-opacity';
  /** The patient's own side. */
  readonly side: 'left' | 'right';
  readonly change: 'improved' | 'stable' | 'worsened';
}

/** Nothing may be written: the reader abstains with one of these reasons, or reading ends with one of these errors. */
export interface ExpectedRefusal {
  readonly analysis: 'lab-report' | 'chest-xray-comparison';
  readonly subject: string;
  readonly prior?: string;
  readonly outcome: 'abstention' | 'error';
  /** Why, for people; the analysis owns its reason codes. */
  readonly because: string;
  /** For `error`: any of these codes is right. */
  readonly codes?: readonly ErrorCode[];
}

export interface ExpectedCard {
  readonly service: 'lab-report-results' | 'chest-xray-change' | 'order-select-advice' | 'order-sign-advice';
  readonly topic: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** Each occurs, whatever its case, in the summary or the detail of the card. */
  readonly mentions: readonly string[];
  /** The kind of action that the card's suggestion proposes. */
  readonly suggests?: 'delete' | 'update' | 'create';
}
