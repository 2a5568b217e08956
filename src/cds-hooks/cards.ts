import type { Suggestion, Summary } from '../summary.ts';
import type { Card, CardCoding, CardLink, CardSource, CardSuggestion, GivenCard } from './card.ts';
import { detailOf } from './detail.ts';
import { clip, plainText } from './plain-text.ts';

export interface CardOptions {
  readonly source: CardSource;
  readonly ids: () => string;
  /** Cards in one answer at most. */
  readonly limit: number;
  /** Sentences that say in what way the answer is incomplete; they stand on every card, or on one of their own. */
  readonly notes: readonly string[];
  /** Whether a resource may be suggested: a client is to file it as it is (R19). All may where nothing is said. */
  readonly isValid?: (resource: object) => boolean;
}

const summaryLength = 139;
const labelLength = 80;
const descriptionLength = 240;
const rank = { critical: 0, warning: 1, info: 2 } as const;

/** A card, and what is remembered of it once it has been given. */
export interface MadeCard {
  readonly card: Card;
  readonly given: GivenCard;
  /** Suggestions that were left out because a resource of theirs is not valid. */
  readonly leftOut: number;
}

/** What clinicians should know → cards: the worst first, the same said once, at most `limit`, nothing dropped unsaid. */
export function cardsOf(summaries: readonly Summary[], options: CardOptions): readonly MadeCard[] {
  const ranked = distinct(summaries)
    .map((summary, order) => ({ summary, order }))
    .sort((a, b) => rank[a.summary.indicator] - rank[b.summary.indicator] || a.order - b.order)
    .map(({ summary }) => summary);
  const shown = ranked.length > options.limit ? fold(ranked, options.limit) : ranked;
  const all = shown.length === 0 && options.notes.length > 0 ? [incomplete(options.notes)] : shown;
  return all.map((summary) => cardOf(summary, options));
}

function cardOf(summary: Summary, { source, ids, notes, isValid = () => true }: CardOptions): MadeCard {
  const display = source.topicDisplays?.[summary.topic] ?? readable(summary.topic);
  const topic = { system: source.topicSystem, code: summary.topic, display };
  const detail = detailOf(summary, summary.topic === incompleteTopic ? [] : notes);
  const sound = summary.suggestions.filter(({ actions }) =>
    actions.every((action) => action.type === 'delete' || isValid(action.resource)),
  );
  const suggested = sound.flatMap((suggestion) => suggestionOf(suggestion, ids));
  const links = [...summary.links, ...citationLink(summary)].flatMap((link) => linkOf(link, source));
  const overrideReasons = summary.overrideReasons.flatMap(({ code, display: shown }) =>
    codingOf(source.overrideReasonSystem, code, shown),
  );
  const card: Card = {
    uuid: ids(),
    summary: clip(plainText(summary.headline), summaryLength) || display,
    ...(detail === '' ? {} : { detail }),
    indicator: summary.indicator,
    source: { label: source.label, url: source.publicUrl, topic },
    ...(suggested.length === 0
      ? {}
      : { suggestions: suggested.map(({ suggestion }) => suggestion), selectionBehavior: 'any' }),
    ...(overrideReasons.length === 0 ? {} : { overrideReasons }),
    ...(links.length === 0 ? {} : { links }),
  };
  return {
    card,
    leftOut: summary.suggestions.length - sound.length,
    given: {
      uuid: card.uuid,
      topic,
      indicator: card.indicator,
      basis: summary.basis,
      readers: [...new Set(summary.sources.flatMap(({ readBy }) => readBy ?? []))],
      overrideReasons: overrideReasons.map(({ code }) => code),
      suggestions: suggested.map(({ suggestion, confirms }) => ({ uuid: suggestion.uuid, confirms })),
    },
  };
}

/** `lab-report` → `Lab report`. */
function readable(topic: string): string {
  const words = topic.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

interface Suggested {
  readonly suggestion: CardSuggestion;
  readonly confirms: readonly string[];
}

function suggestionOf(from: Suggestion, ids: () => string): readonly Suggested[] {
  const { recommended, actions, confirms = [] } = from;
  const label = clip(plainText(from.label), labelLength);
  // Neither anything to do nor anything to confirm: not a suggestion.
  if (label === '' || (actions.length === 0 && confirms.length === 0)) {
    return [];
  }
  const described = actions.map((action) => ({
    ...action,
    description: clip(plainText(action.description), descriptionLength) || label,
  }));
  const suggestion = {
    label,
    uuid: ids(),
    ...(recommended === undefined ? {} : { isRecommended: recommended }),
    ...(described.length === 0 ? {} : { actions: described }),
  };
  return [{ suggestion, confirms }];
}

function linkOf(link: { readonly label: string; readonly url: string }, source: CardSource): readonly CardLink[] {
  const label = clip(plainText(link.label), labelLength);
  const own = /^\/(?!\/)/.test(link.url);
  if (own && label !== '' && source.links?.type === 'smart') {
    return [{ label, url: source.links.launchUrl, type: 'smart', appContext: JSON.stringify({ path: link.url }) }];
  }
  const url = own ? source.publicUrl.replace(/\/$/, '') + link.url : link.url;
  const usable = label !== '' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  return usable ? [{ label, url: new URL(url).href, type: 'absolute' }] : [];
}

function citationLink({ citation }: Summary): Summary['links'] {
  return citation?.url === undefined ? [] : [{ label: citation.label, url: citation.url }];
}

function codingOf(system: string, code: string, display: string): readonly CardCoding[] {
  const shown = clip(plainText(display), labelLength);
  return code === '' || shown === '' ? [] : [{ system, code, display: shown }];
}

/** The same statement about the same resources, e.g. from two orders of one panel. */
function distinct(summaries: readonly Summary[]): readonly Summary[] {
  const keyed = new Map<string, Summary>();
  for (const summary of summaries) {
    const key = JSON.stringify([summary.topic, summary.headline, summary.basis]);
    if (!keyed.has(key)) {
      keyed.set(key, summary);
    }
  }
  return [...keyed.values()];
}

/** The last card stands for all that found no place: one line each, with their links and the worst of their indicators. */
function fold(ranked: readonly Summary[], limit: number): readonly Summary[] {
  const rest = ranked.slice(limit - 1);
  const worst = rest[0]?.indicator ?? 'info';
  return [
    ...ranked.slice(0, limit - 1),
    {
      topic: 'further-findings',
      indicator: worst,
      headline: `${rest.length} more: ${rest.map((summary) => summary.headline).join('; ')}`,
      lines: rest.map((summary) => summary.headline),
      sources: rest.flatMap((summary) => summary.sources),
      caveats: [...new Set(rest.flatMap((summary) => summary.caveats))],
      links: rest.flatMap((summary) => summary.links).slice(0, 5),
      suggestions: [],
      overrideReasons: [],
      basis: rest.flatMap((summary) => summary.basis),
    },
  ];
}

const incompleteTopic = 'incomplete-answer';

/** Many clients show a 412 and an empty answer alike: what could not be looked at is said in a card. */
function incomplete(notes: readonly string[]): Summary {
  return {
    topic: incompleteTopic,
    indicator: 'info',
    headline: notes[0] ?? '',
    lines: notes.slice(1),
    sources: [],
    caveats: [],
    links: [],
    suggestions: [],
    overrideReasons: [],
    basis: [],
  };
}
