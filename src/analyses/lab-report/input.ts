import type { Patient } from '@medplum/fhirtypes';
import type { Picture } from '../../documents/documents.ts';
import type { PagedDocument } from '../../documents/page.ts';

/** A document opened for reading, with the chart's patient where there is one. */
export interface LabInput {
  readonly document: PagedDocument;
  /** A picture of one page (1-based) at so many pixels per inch; absent where there is none, as for plain text. */
  readonly draw?: (page: number, dpi: number, signal: AbortSignal) => Promise<Picture>;
  /** Absent on the command line: the patient's identity is then not checked. */
  readonly patient?: Patient;
  /** Reference of a DocumentReference of the same attachment, for `derivedFrom`. */
  readonly documentReference?: string;
  readonly title?: string;
  /** FHIR dateTime at which the chart says it was made; helps to tell 03/04 from 04/03. */
  readonly filed?: string;
}
