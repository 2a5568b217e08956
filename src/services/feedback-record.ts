import type { Client } from '../cds-hooks/authenticate.ts';
import type { GivenAnswer } from '../cds-hooks/call.ts';
import type { Feedback } from '../cds-hooks/feedback.ts';
import type { AnswerRecord, CardRecord } from '../fhir/card-record.ts';
import { codeSystem } from '../fhir/codes.ts';
import type { FeedbackRecord } from '../fhir/feedback.ts';
import type { Judge, Verdict } from '../fhir/judge.ts';
import { parseReference } from '../fhir/references.ts';
import { isRejection } from './result-judgement.ts';

/** What feedback means for the results that its card rests on; nothing for advice, and for setting a card aside. */
export function effectOf(
  entry: Feedback,
  card: AnswerRecord['cards'][number],
): { readonly verdict: Verdict; readonly observations: readonly string[] } | undefined {
  if (entry.outcome === 'accepted') {
    const taken = new Set(entry.acceptedSuggestions.map(({ id }) => id));
    const observations = card.suggestions.filter(({ uuid }) => taken.has(uuid)).flatMap(({ confirms }) => confirms);
    return observations.length === 0 ? undefined : { verdict: 'accept', observations: [...new Set(observations)] };
  }
  const { code, system = codeSystem.overrideReason } = entry.overrideReason?.reason ?? {};
  // Only what the card itself offered as a reason takes anything back.
  const offered = code !== undefined && system === codeSystem.overrideReason && card.overrideReasons.includes(code);
  if (!offered || !isRejection(code)) {
    return undefined;
  }
  const observations = card.basis.filter((reference) => parseReference(reference)?.type === 'Observation');
  return observations.length === 0 ? undefined : { verdict: 'reject', observations };
}

/** Who judged, and how that is known. */
export function judgeOf(answer: AnswerRecord, organization: string): Judge {
  const proof = answer.authenticated ? '' : '; the client was not authenticated';
  return {
    person: answer.user,
    how: `User to whom the client showed the card; the feedback itself names nobody${proof}`,
    system: { id: answer.client, display: `CDS client ${answer.client}` },
    organization: { display: organization },
  };
}

/** Whether an answer was given to this client, for this organisation, by this service. */
export function isGivenTo(answer: AnswerRecord, client: Client, service: string): boolean {
  return answer.client === client.id && answer.tenant === client.tenant && answer.service === service;
}

/** A piece of feedback as it is kept, with what is known of its card. */
export function feedbackOf(
  entry: Feedback,
  from: { readonly service: string; readonly client: Client },
  own: { readonly id: string; readonly answer: AnswerRecord; readonly card: CardRecord } | undefined,
): FeedbackRecord {
  const { service, client } = from;
  return {
    ...saidIn(entry),
    service,
    client: client.id,
    ...(client.tenant === undefined ? {} : { tenant: client.tenant }),
    ...(own === undefined
      ? {}
      : {
          known: {
            answer: `GuidanceResponse/${own.id}`,
            patient: own.answer.patient,
            user: own.answer.user,
            topic: own.card.topic,
            readers: own.card.readers,
            basis: own.card.basis,
          },
        }),
  };
}

function saidIn(
  entry: Feedback,
): Pick<FeedbackRecord, 'card' | 'outcome' | 'at' | 'suggestions' | 'reason' | 'comment'> {
  const { reason, userComment } = entry.overrideReason ?? {};
  return {
    card: entry.card,
    outcome: entry.outcome,
    at: entry.outcomeTimestamp,
    suggestions: entry.acceptedSuggestions.map(({ id }) => id),
    ...(reason === undefined ? {} : { reason }),
    ...(userComment === undefined || userComment.trim() === '' ? {} : { comment: userComment }),
  };
}

/** What is remembered of an answer; `toStore` writes the client's references as the store has them. */
export function recordOf(answer: GivenAnswer, toStore: (reference: string) => string): AnswerRecord {
  const { tenant } = answer.client;
  return {
    service: answer.service,
    hookInstance: answer.hookInstance,
    client: answer.client.id,
    ...(tenant === undefined ? {} : { tenant }),
    authenticated: answer.client.authenticated,
    user: toStore(answer.userId),
    patient: toStore(`Patient/${answer.patientId}`),
    ...(answer.encounterId === undefined ? {} : { encounter: toStore(`Encounter/${answer.encounterId}`) }),
    cards: answer.cards,
  };
}
