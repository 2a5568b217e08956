import { h } from './dom.ts';
import { markdownView } from './markdown-view.ts';

/** A card as CDS Hooks 2.0.1 has it, as far as an EHR shows it. */
export interface Card {
  readonly uuid?: string;
  readonly summary: string;
  readonly detail?: string;
  readonly indicator: 'info' | 'warning' | 'critical';
  readonly source: { readonly label: string; readonly url?: string };
  readonly suggestions?: readonly CardSuggestion[];
  readonly overrideReasons?: readonly { readonly code: string; readonly system: string; readonly display: string }[];
  readonly links?: readonly { readonly label: string; readonly url: string; readonly type: string }[];
}

export interface CardSuggestion {
  readonly uuid?: string;
  readonly label: string;
  readonly isRecommended?: boolean;
  readonly actions?: readonly {
    readonly type: string;
    readonly description: string;
    readonly resource?: { readonly resourceType: string; readonly id?: string };
    readonly resourceId?: string;
  }[];
}

export interface CardHandlers {
  accept(card: Card, suggestion: CardSuggestion): void;
  /** `reason` is absent for a plain dismissal. */
  dismiss(card: Card, reason: { readonly code: string; readonly system: string } | undefined): void;
}

const severity = { critical: 0, warning: 1, info: 2 } as const;

/** Most severe first, as clinical software shows them. */
export function sortCards<T extends { readonly card: Card }>(cards: readonly T[]): readonly T[] {
  return [...cards].sort((left, right) => severity[left.card.indicator] - severity[right.card.indicator]);
}

export function cardView(card: Card, handlers: CardHandlers): HTMLElement {
  const article: HTMLElement = h(
    'article',
    { class: `card ${card.indicator}` },
    h('header', {}, h('span', { class: 'indicator' }, card.indicator), h('h3', {}, card.summary)),
    card.detail && markdownView(card.detail),
    links(card),
    suggestions(card, handlers, () => article),
    h(
      'footer',
      {},
      h('span', { class: 'quiet small' }, 'Source: ', sourceView(card)),
      dismissal(card, handlers, () => article),
    ),
  );
  return article;
}

function sourceView(card: Card): HTMLElement | string {
  return card.source.url && /^https?:\/\//.test(card.source.url)
    ? h('a', { href: card.source.url, target: '_blank', rel: 'noopener noreferrer' }, card.source.label)
    : card.source.label;
}

function links(card: Card): HTMLElement | undefined {
  const shown = (card.links ?? []).filter(({ url, type }) => type === 'absolute' && /^https?:\/\//.test(url));
  return shown.length > 0
    ? h(
        'p',
        { class: 'links' },
        shown.map(({ label, url }) => h('a', { href: url, target: '_blank', rel: 'noopener' }, label)),
      )
    : undefined;
}

function suggestions(card: Card, handlers: CardHandlers, article: () => HTMLElement): HTMLElement | undefined {
  return card.suggestions && card.suggestions.length > 0
    ? h(
        'div',
        { class: 'suggestions' },
        card.suggestions.map((suggestion) =>
          h(
            'button',
            {
              type: 'button',
              class: suggestion.isRecommended ? 'primary' : undefined,
              title: suggestion.actions?.map(({ description }) => description).join('; '),
              onclick: () => {
                handlers.accept(card, suggestion);
                settle(article(), `Accepted: ${suggestion.label}`);
              },
            },
            suggestion.label,
          ),
        ),
      )
    : undefined;
}

function dismissal(card: Card, handlers: CardHandlers, article: () => HTMLElement): HTMLElement {
  const reasons = card.overrideReasons ?? [];
  const done = (reason: (typeof reasons)[number] | undefined) => {
    handlers.dismiss(card, reason);
    settle(article(), reason ? `Overridden: ${reason.display}` : 'Dismissed');
  };
  if (reasons.length === 0) {
    return h('button', { type: 'button', class: 'plain', onclick: () => done(undefined) }, 'Dismiss');
  }
  const select: HTMLSelectElement = h(
    'select',
    {
      'aria-label': 'Override this card with a reason',
      onchange: () => done(reasons.find(({ code }) => code === select.value)),
    },
    h('option', { value: '' }, 'Override …'),
    reasons.map(({ code, display }) => h('option', { value: code }, display)),
  );
  return select;
}

function settle(article: HTMLElement, what: string): void {
  article.classList.add('settled');
  for (const control of article.querySelectorAll('button, select')) {
    control.setAttribute('disabled', '');
  }
  article.querySelector('footer')?.append(h('span', { class: 'small', role: 'status' }, what));
}
