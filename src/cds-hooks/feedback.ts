import { IntervalError } from '../errors.ts';
import type { Client } from './authenticate.ts';
import { compile } from './schemas/compile.ts';
import { feedbackSchema } from './schemas/feedback.ts';

/** CDS Hooks 2.0.1, "Feedback": what a clinician did with one card. */
export interface Feedback {
  /** `uuid` of the card. It may be unknown here: cards are not kept. */
  readonly card: string;
  readonly outcome: 'accepted' | 'overridden';
  /** ISO 8601 in UTC. */
  readonly outcomeTimestamp: string;
  readonly acceptedSuggestions: readonly { readonly id: string }[];
  readonly overrideReason?: {
    readonly reason?: { readonly code: string; readonly system?: string; readonly display?: string };
    /** Written by the clinician: may hold patient data. */
    readonly userComment?: string;
  };
}

/** Keeps what clinicians did. The same entry may arrive again: keeping it twice must equal keeping it once. */
export type FeedbackSink = (received: {
  readonly service: string;
  readonly client: Client;
  readonly requestId: string;
  readonly feedback: readonly Feedback[];
}) => Promise<void>;

const check = compile(feedbackSchema);

/** The body of a feedback call, checked; throws `request-malformed`. */
export function readFeedback(body: unknown): readonly Feedback[] {
  const problem = check(body);
  if (problem !== undefined) {
    throw new IntervalError('request-malformed', `The feedback is not valid: ${problem}.`);
  }
  return (body as { feedback: readonly Feedback[] }).feedback.map(
    ({ card, outcome, outcomeTimestamp, acceptedSuggestions = [], overrideReason }) => ({
      card,
      outcome,
      outcomeTimestamp: inUtc(outcomeTimestamp),
      acceptedSuggestions: acceptedSuggestions.map(({ id }) => ({ id })),
      ...(overrideReason === undefined ? {} : { overrideReason: tidy(overrideReason) }),
    }),
  );
}

/** What people wrote, as FHIR can hold it. */
function tidy({ reason, userComment }: NonNullable<Feedback['overrideReason']>): Feedback['overrideReason'] {
  const { code, system, display = '' } = reason ?? {};
  return {
    ...(code === undefined
      ? {}
      : {
          reason: { code, ...(system ? { system } : {}), ...(sayable(display) ? { display: sayable(display) } : {}) },
        }),
    ...(userComment === undefined ? {} : { userComment: sayable(userComment) }),
  };
}

function sayable(said: string): string {
  return said
    .toWellFormed()
    .replace(/[^\P{Cc}\t\r\n]/gu, ' ')
    .trim();
}

function inUtc(timestamp: string): string {
  const time = new Date(timestamp);
  // FHIR has four digits for a year, and none of the year 0.
  if (Number.isNaN(time.getTime()) || !/^(?!0000)\d{4}-/.test(time.toISOString())) {
    throw new IntervalError('request-malformed', 'The feedback is not valid: outcomeTimestamp is no such day.');
  }
  return time.toISOString();
}
