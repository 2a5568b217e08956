import type { Observation, Patient } from '@medplum/fhirtypes';
import type { Picture } from '../../documents/documents.ts';
import type { Box, PagedDocument } from '../../documents/page.ts';

/** A document opened for reading, with the chart's patient where there is one. */
export interface LabInput {
  readonly document: PagedDocument;
  /** A picture of one page (1-based) at so many pixels per inch; absent where there is none, as for plain text. */
  readonly draw?: (page: number, dpi: number, signal: AbortSignal) => Promise<Picture>;
  /**
   * What stands in a box of a scanned page (1-based, box in its units), recognised once more from the picture alone at
   * another scale; undefined where nothing can be read there.
   */
  readonly reread?: (page: number, box: Box, signal: AbortSignal) => Promise<string | undefined>;
  /** Absent on the command line: the patient's identity is then not checked. */
  readonly patient?: Patient;
  /**
   * Laboratory results of the chart, newest first, without what Interval itself wrote; absent on the command line and
   * where the server does not give them.
   */
  readonly chart?: readonly Observation[];
  /** IANA zone of the site for printed times; empty or absent: times count as dates. */
  readonly timeZone?: string;
  /** Reference of a DocumentReference of the same attachment, for `derivedFrom`. */
  readonly documentReference?: string;
  readonly title?: string;
  /** FHIR dateTime at which the chart says it was made; helps to tell 03/04 from 04/03. */
  readonly filed?: string;
}
