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
  /** Never empty: left out where accepting is all there is to do. */
  readonly actions?: readonly SuggestionAction[];
}

export type CardLink =
  | { readonly label: string; readonly url: string; readonly type: 'absolute' }
  | { readonly label: string; readonly url: string; readonly type: 'smart'; readonly appContext: string };

/** How a client opens pages of this service: as they are, or as the SMART app that the site registered for them. */
export type LinkStyle =
  | { readonly type: 'absolute' }
  /** `launchUrl`: launch URL of that app. The path that is meant goes along as appContext. */
  | { readonly type: 'smart'; readonly launchUrl: string };

/** What a card that was given rests on, for feedback to be understood later. No text of it. */
export interface GivenCard {
  readonly uuid: string;
  readonly topic: CardCoding;
  readonly indicator: Card['indicator'];
  /** As in the summary. */
  readonly basis: readonly string[];
  /** Readers by name and version. */
  readonly readers: readonly string[];
  /** Codes of the override reasons that it offered. */
  readonly overrideReasons: readonly string[];
  readonly suggestions: readonly { readonly uuid: string; readonly confirms: readonly string[] }[];
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
  /** How this client opens our pages; as they are where nothing is said. */
  readonly links?: LinkStyle;
}
