import type { CardSource, CdsResponse, GivenCard } from './card.ts';
import { cardsOf } from './cards.ts';
import type { MissingPrefetch } from './prefetch.ts';
import { compile } from './schemas/compile.ts';
import { cardSchema } from './schemas/response.ts';
import type { ServiceAnswer } from './service.ts';

const check = compile(cardSchema);

export interface Answer {
  readonly response: CdsResponse;
  /** Cards that broke the specification, and suggestions with an invalid resource: held back and counted. */
  readonly heldBack: number;
  readonly degraded: boolean;
  /** What is remembered of the cards of the response. */
  readonly given: readonly GivenCard[];
}

/** A service's answer as the response to the client. No card leaves that breaks the specification. */
export function answerOf(
  { summaries, notes = [] }: ServiceAnswer,
  missing: readonly MissingPrefetch[],
  options: {
    readonly source: CardSource;
    readonly ids: () => string;
    readonly limit: number;
    readonly isValid?: (resource: object) => boolean;
  },
): Answer {
  const said = [...notes, ...notesOf(missing)];
  const made = cardsOf(summaries, { ...options, notes: said });
  const sound = made.filter(({ card }) => check(card) === undefined);
  return {
    response: { cards: sound.map(({ card }) => card) },
    heldBack: made.length - sound.length + made.reduce((sum, { leftOut }) => sum + leftOut, 0),
    degraded: said.length > 0,
    given: sound.map(({ given }) => given),
  };
}

/** Keys of the prefetch are English words and stand for themselves. */
function notesOf(missing: readonly MissingPrefetch[]): readonly string[] {
  const keys = (partly: boolean) =>
    missing.filter(({ reason }) => (reason === 'further-pages') === partly).map(({ key }) => key);
  const [absent, partial] = [keys(false), keys(true)];
  return [
    ...(absent.length === 0 ? [] : [`Not looked at, since it could not be read: ${absent.join(', ')}.`]),
    ...(partial.length === 0 ? [] : [`Only the first pages could be read of: ${partial.join(', ')}.`]),
  ];
}
