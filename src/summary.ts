/**
 * What a clinician should know, before it becomes a card. Plain text throughout: whoever renders it (a CDS Hooks card,
 * the review page) escapes it for its own medium, since parts of it were read from documents and are not trusted.
 */
export interface Summary {
  /** Stable kind, becomes `card.source.topic.code`: `lab-report`, `chest-xray-comparison`, `duplicate-order`, … */
  readonly topic: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  /** One sentence, at most 139 characters; says the finding first. */
  readonly headline: string;
  /** One line per value or finding, most important first. */
  readonly lines: readonly string[];
  /** What was read, from which document or study of which date, by which reader. */
  readonly sources: readonly SummarySource[];
  /** What a reader must know before acting on it. The machine-read notice is added when it is rendered. */
  readonly caveats: readonly string[];
  /** Path on this service ("/review/…") or absolute URL. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly suggestions: readonly Suggestion[];
  /** Reasons a clinician may give for overriding; codes of Interval's own code system. */
  readonly overrideReasons: readonly { readonly code: string; readonly display: string }[];
  /** Where the rule comes from, for advice. */
  readonly citation?: { readonly label: string; readonly url?: string };
  /** References of the resources that this rests on; of our own results with their version (`Observation/1/_history/2`). */
  readonly basis: readonly string[];
}

export interface SummarySource {
  readonly label: string;
  /** FHIR dateTime as known. */
  readonly date?: string;
  /** Reference such as `DiagnosticReport/1`. */
  readonly reference: string;
  /** Reader id and version. */
  readonly readBy?: string;
}

export interface Suggestion {
  readonly label: string;
  readonly recommended?: boolean;
  /** May be empty where taking the suggestion is all there is to do: then `confirms` says what it means. */
  readonly actions: readonly SuggestionAction[];
  /** Versioned references of our own preliminary results that whoever takes this suggestion confirms. */
  readonly confirms?: readonly string[];
}

export type SuggestionAction =
  | {
      readonly type: 'create' | 'update';
      readonly description: string;
      readonly resource: { resourceType: string; id?: string };
    }
  | { readonly type: 'delete'; readonly description: string; readonly resourceId: string };
