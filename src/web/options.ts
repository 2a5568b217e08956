import type { FhirClient } from '../fhir/client.ts';
import type { ViewFilm } from '../imaging/viewing.ts';
import type { Matrix } from '../imaging/warp.ts';
import type { MetricsSummary, QueueFigures } from '../metrics.ts';

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
  /** A PNG picture of the frontal film of a study, where it cannot be decoded the PACS's own picture. */
  readonly renderImage: (study: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** The pixels of a film for a screen. */
  readonly film: (film: FilmReference) => Promise<ViewFilm>;
  /** Two films laid over each other. Throws `not-found` where they cannot be. */
  readonly pair: (films: FilmPair) => Promise<ViewPair>;
  /** Comparable films of a patient before a study, newest first; at most twenty. */
  readonly timeline: (patient: string, study: string, signal: AbortSignal) => Promise<readonly TimelineFilm[]>;
  /** Base URL under which browsers reach this service, once it is known; without trailing slash. */
  readonly publicUrl: () => string;
  readonly status: () => Promise<WebStatus>;
  /** How the work goes. */
  readonly work: () => Promise<WorkStatus>;
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

/** One film: of a study (`ImagingStudy/id`), the file that was read where that is known, else the frontal one. */
export interface FilmReference {
  readonly study: string;
  readonly sha256?: string;
}

export interface FilmPair {
  readonly current: FilmReference;
  readonly prior: FilmReference;
}

export interface TimelineFilm {
  /** `ImagingStudy/id` */
  readonly study: string;
  readonly title: string;
  readonly date: string;
  readonly bedside: boolean;
}

/** How a prior film lies under the current one. */
export interface ViewPair {
  /** Pixels of the current film → pixels of the prior one, counted from pixel centres: x′ = ax + by + c, y′ = dx + ey + f. */
  readonly matrix: Matrix;
  /** Correlation of structure, −1 to 1. */
  readonly score: number;
  /** Percent of opacity gained (positive) or lost, cells × cells signed bytes in base64 over a square of the current film. */
  readonly difference?: {
    /** [x, y, side] in pixels of the current film. */
    readonly window: readonly [number, number, number];
    readonly cells: number;
    readonly values: string;
  };
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
  /** Absent while the queue, which may be elsewhere, cannot be asked. */
  readonly queue?: QueueFigures;
}

/** How the work goes: counts and codes, nothing of a patient. Counted by this process since it began. */
export interface WorkStatus {
  readonly queue?: QueueFigures;
  /** Names of what is not ready. */
  readonly waitingFor: readonly string[];
  readonly figures: MetricsSummary;
}

export interface HookService {
  readonly hook: string;
  readonly id: string;
  readonly title?: string;
  readonly description: string;
  readonly prefetch?: Readonly<Record<string, string>>;
}
