import type { SuggestionAction } from '../summary.ts';

/** CDS Hooks 2.0.1, "Card Attributes", as far as Interval sends it. */
export interface Card {
  readonly uuid: string;
  /** Plain text, fewer than 140 characters. */
  readonly summary: string;
  /** GitHub-flavoured Markdown without HTML, links or images. */
  readonly detail?: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly source: { readonly label: string; readonly url?: string; readonly topic: CardCoding };
  readonly suggestions?: readonly CardSuggestion[];
  readonly selectionBehavior?: 'any';
  readonly overrideReasons?: readonly CardCoding[];
  readonly links?: readonly CardLink[];
}

export interface CardCoding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface CardSuggestion {
  readonly label: string;
  readonly uuid: string;
  readonly isRecommended?: boolean;
  readonly actions: readonly SuggestionAction[];
}

export interface CardLink {
  readonly label: string;
  readonly url: string;
  readonly type: 'absolute';
}

export interface CdsResponse {
  readonly cards: readonly Card[];
}

/** What every card says of where it comes from. */
export interface CardSource {
  readonly label: string;
  /** Absolute base URL of this service, under which browsers reach it; links of summaries are resolved against it. */
  readonly publicUrl: string;
  /** Code systems of `source.topic` and `overrideReasons`. */
  readonly topicSystem: string;
  /** Displays of topics as their code system has them; a topic that is not there is shown by its own words. */
  readonly topicDisplays?: Readonly<Record<string, string>>;
  readonly overrideReasonSystem: string;
}
