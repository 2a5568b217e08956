import type { DocumentType } from './content-type.ts';
import type { DocumentLimits } from './limits.ts';
import type { Box, Page } from './page.ts';
import type { PageMode } from './recogniser.ts';

/** A page as opened: words of a text layer where there is one, and whether it, or a part of it, has to be recognised. */
export interface OpenedPage extends Page {
  readonly needsRecognition: boolean;
  /** Pictures on a page with sound text whose words are missing in it; absent when there are none. */
  readonly recogniseIn?: readonly Box[];
}

/** What the reading thread can be asked, one at a time. */
export type Request =
  | {
      readonly kind: 'open';
      readonly bytes: Uint8Array;
      readonly contentType: DocumentType;
      readonly limits: DocumentLimits;
    }
  /** Draws the page for recognition; all `recognise` requests that follow are about it. */
  | { readonly kind: 'prepare'; readonly page: number }
  | {
      readonly kind: 'recognise';
      readonly quarter: 0 | 90 | 180 | 270;
      readonly mode: PageMode;
      readonly despeckle: boolean;
    }
  | { readonly kind: 'render'; readonly page: number; readonly dpi: number }
  | { readonly kind: 'close' };

export interface Prepared {
  /** Lines of text run from top to bottom. */
  readonly sideways: boolean;
  /** Nothing is printed on the page. */
  readonly blank: boolean;
  /** Share of dark pixels that stand alone. */
  readonly speckle: number;
}

export interface Picture {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Output pixels for one unit of the page's boxes. */
  readonly scale: number;
}

export interface Answers {
  readonly open: readonly OpenedPage[];
  readonly prepare: Prepared;
  readonly recognise: Pick<Page, 'words' | 'uprightBy'>;
  readonly render: Picture;
  readonly close: null;
}

export type Answer<R extends Request> = Answers[R['kind']];
