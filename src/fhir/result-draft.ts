import type { DiagnosticReport, Media, Observation } from '@medplum/fhirtypes';

/** Part of a page or an image, in FHIR's R5 ImagingSelection terms. */
export interface Region {
  /** Reference of the document or study, as it shall be written. */
  readonly source?: string;
  readonly seriesUid?: string;
  readonly sopInstanceUid?: string;
  /** 1-based. */
  readonly page?: number;
  /** [x0, y0, x1, y1], origin top left, in a space of `width` × `height`. */
  readonly box?: readonly [number, number, number, number];
  readonly width?: number;
  readonly height?: number;
}

/** One Observation before labels, identifier, device, subject and status are put on. */
export interface ObservationDraft {
  /** Last part of the result key: finding code, or normalised printed name + ordinal; [A-Za-z0-9.-] only. */
  readonly item: string;
  readonly resource: Omit<Observation, 'status' | 'subject' | 'device' | 'identifier' | 'issued'>;
  readonly regions: readonly Region[];
}

export interface MediaDraft {
  readonly item: string;
  readonly contentType: 'image/png';
  readonly bytes: Uint8Array;
  readonly title: string;
  readonly width: number;
  readonly height: number;
}

/** What was read, for Provenance. */
export interface InputDraft {
  readonly reference?: string;
  readonly sha256?: string;
  readonly display?: string;
}

/** The Device that read. */
export interface ReaderDraft {
  readonly analysis: string;
  readonly analysisVersion: string;
  readonly readerId: string;
  readonly readerVersion: string;
  readonly models: readonly { readonly id: string; readonly version: string }[];
  /** What a language model was asked: name of the prompt, and 12 hex digits of its SHA-256. */
  readonly prompts?: readonly { readonly id: string; readonly version: string }[];
}

/** All that one job writes, before it becomes complete FHIR resources. */
export interface ResultDraft {
  readonly jobKey: string;
  /** What was read, in which versions (inputKey in src/analyses/plan.ts); absent where nothing of a chart was read. */
  readonly inputKey?: string;
  readonly analysis: string;
  readonly reader: ReaderDraft;
  /** `Patient/id`; absent on the command line. */
  readonly patient?: string;
  /** What was read: `DiagnosticReport/id`, `DocumentReference/id`, `ImagingStudy/id`. */
  readonly subject?: string;
  /** Middle part of the result key; the model's version is not in it. [A-Za-z0-9.-] and colons only. */
  readonly sourceIdentity: string;
  readonly observations: readonly ObservationDraft[];
  readonly report: Omit<DiagnosticReport, 'status' | 'subject' | 'identifier' | 'result' | 'issued' | 'media'>;
  readonly media: readonly MediaDraft[];
  readonly inputs: readonly InputDraft[];
}

/** Complete resources with their identifiers, in the order in which they are written. */
export type WrittenMedia = Media;
