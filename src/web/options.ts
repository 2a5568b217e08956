import type { FhirClient } from '../fhir/client.ts';

/** What the page needs of the rest of the service. */
export interface WebOptions {
  readonly store: FhirClient;
  readonly source: FhirClient;
  /**
   * Whether anybody who reaches this service may look at charts: true only where calls need no authentication. When
   * false nothing of a patient is served, since the page knows no sign-in.
   */
  readonly demo: boolean;
  /** A page of a document, 1-based. The picture shows the whole page; boxes are scaled to it by their own `pixels`. */
  readonly renderPage: (subject: string, page: number, signal: AbortSignal) => Promise<RenderedPage>;
  /** The display picture of an image of a study: of the named instance, else of the first. */
  readonly renderImage: (study: string, sopInstanceUid: string | undefined, signal: AbortSignal) => Promise<Uint8Array>;
  /** Base URL under which browsers reach this service, once it is known; without trailing slash. */
  readonly publicUrl: () => string;
  readonly status: () => Promise<WebStatus>;
  /** The CDS services as discovery has them. */
  readonly services: readonly HookService[];
  /** Puts a judgement into effect; how many results it changed and how many it could not. Absent: nobody judges here. */
  readonly judge?: (judgement: PageJudgement) => Promise<{ readonly changed: number; readonly left: number }>;
  /** Told of each part of a chart that was shown: the patient as the source has it, and what of the store or source. */
  readonly onShown?: (shown: { readonly patient: string; readonly data: string; readonly requestId: string }) => void;
}

/** Results that a person judged on the review page, with the versions that were shown. */
export interface PageJudgement {
  /** Id of our report in the store. */
  readonly report: string;
  readonly verdict: 'accept' | 'reject';
  readonly observations: readonly { readonly id: string; readonly version?: string }[];
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface RenderedPage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** How many pages the document has. */
  readonly pages: number;
}

export interface WebStatus {
  readonly version: string;
  /** One line a reader: `lab-report`, `embedded 0.1.0`. */
  readonly readers: readonly { readonly analysis: string; readonly reader: string }[];
  /** The chat model, where one is configured. */
  readonly model?: string;
  readonly store: string;
  readonly source: string;
  readonly writeBack: string;
  readonly queue: { readonly waiting: number; readonly running: number; readonly delayed: number };
}

export interface HookService {
  readonly hook: string;
  readonly id: string;
  readonly title?: string;
  readonly description: string;
  readonly prefetch?: Readonly<Record<string, string>>;
}
