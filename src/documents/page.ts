/** [x0, y0, x1, y1] in the page's own units, origin at the top left, x to the right, y down. */
export type Box = readonly [number, number, number, number];

export interface Word {
  readonly text: string;
  readonly box: Box;
  /** 0 to 1; 1 for a text layer. */
  readonly confidence: number;
  /** Height of the font in page units. */
  readonly fontSize: number;
  readonly bold: boolean;
}

/** One page with the words that stand on it, in no particular order. */
export interface Page {
  /** 1-based. */
  readonly number: number;
  /** Size of the coordinate space of the boxes. */
  readonly width: number;
  readonly height: number;
  /**
   * PDF points at scale 1; pixels of the original image, made square where a TIFF says that they are not (a fax with 98
   * lines and 204 columns to the inch is as wide as it is and 2.08 times higher); character cells of text (1 wide, 1 high).
   */
  readonly unit: 'point' | 'pixel' | 'character';
  readonly source: 'text-layer' | 'ocr' | 'plain-text';
  /**
   * Clockwise rotation about the centre, in degrees, that makes the text upright: 90 for a page scanned on its side,
   * 1.4 for a skewed one, 91.4 for both. Absent when the text is upright. The boxes are always those of the page as
   * given; `upright` (upright.ts) gives the page with boxes to lay rows out.
   */
  readonly uprightBy?: number;
  readonly words: readonly Word[];
}

/** A document opened for reading. */
export interface PagedDocument {
  /** Lower-case hex SHA-256 of the bytes. */
  readonly sha256: string;
  /**
   * What the bytes are, by their content rather than by what the attachment claims. A message or CDA document without
   * results of its own that carries one file keeps its type, and the pages are those of the file.
   */
  readonly contentType:
    | 'application/pdf'
    | 'image/png'
    | 'image/jpeg'
    | 'image/tiff'
    | 'text/plain'
    | 'text/html'
    | 'text/rtf'
    | 'application/hl7-v2'
    | 'application/cda+xml';
  readonly pages: readonly Page[];
}
