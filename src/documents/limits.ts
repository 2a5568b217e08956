/** What a document may cost. Every limit has a code in src/errors.ts. */
export interface DocumentLimits {
  /** Size of the file; `document-too-large`. */
  readonly bytes: number;
  /** `document-too-many-pages`. */
  readonly pages: number;
  /** Words of all pages together: fifty dense pages have half as many; `document-too-large`. */
  readonly words: number;
  /** Width × height of one picture; `image-too-large`. */
  readonly pixels: number;
  /** Shorter side of a picture in pixels; `image-too-small`. */
  readonly side: number;
  /** For opening one document, recognition of scanned pages included; `document-unreadable`. */
  readonly milliseconds: number;
  /** JavaScript heap and buffers of the thread that reads; `document-unreadable`. */
  readonly megabytes: number;
}

export const defaultLimits: DocumentLimits = {
  bytes: 25 * 1024 * 1024,
  pages: 50,
  words: 30_000,
  pixels: 100_000_000,
  side: 32,
  milliseconds: 180_000,
  megabytes: 640,
};
