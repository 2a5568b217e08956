import type { GivenAnswer } from '../cds-hooks/call.ts';
import type { Feedback, FeedbackSink } from '../cds-hooks/feedback.ts';
import { type AnswerRecord, findAnswers, guidanceOf } from '../fhir/card-record.ts';
import type { CallOptions } from '../fhir/client.ts';
import { codeSystem } from '../fhir/codes.ts';
import { type Dismissals, dismissalsOf, type FeedbackRecord, keepFeedback } from '../fhir/feedback.ts';
import type { Judge, Verdict } from '../fhir/judge.ts';
import { parseReference } from '../fhir/references.ts';
import { validateForWrite } from '../fhir/validate.ts';
import type { Audit } from './audit.ts';
import type { Background } from './background.ts';
import { judgeEverywhere } from './judgement.ts';
import { isRejection } from './result-judgement.ts';
import type { ServiceWorld } from './world.ts';

export interface FeedbackParts {
  readonly background: Background;
  readonly audit: Audit;
  /** Base URL of this service as clients know it. */
  readonly publicUrl: () => string;
  /** Whether ids of a call are those of our source. */
  readonly isSource: (answer: GivenAnswer) => boolean;
}

export interface CardFeedback {
  /** Remembers which cards were given, behind the answer's back, and audits that they were. */
  given(answer: GivenAnswer): void;
  readonly sink: FeedbackSink;
  dismissals(patient: string, user: string, options: CallOptions): Promise<Dismissals>;
}

/** Time for one feedback call's reads and writes together. */
const FEEDBACK_MS = 20_000;

/**
 * Feedback from a client: kept once in the store, and acted on. Cards carry nothing but a uuid, so what a card was is
 * looked up in the record that was made when it was given; feedback about a card that another client was given, or that
 * nobody knows, is kept and has no effect.
 */
export function createCardFeedback(world: ServiceWorld, parts: FeedbackParts): CardFeedback {
  const { servers, clock, log, metrics, config } = world;
  const { store, form } = servers;
  /** References as clients send them, as the store keeps them. */
  const person = (reference: string) => form.toStore(reference);

  return {
    given(answer) {
      // Ids of another server are written out: short they would name somebody of ours.
      const record = recordOf(answer, (reference) =>
        parts.isSource(answer) ? form.toStore(reference) : `${answer.fhirServer}/${reference}`,
      );
      parts.background.add('answer', async () => {
        const guidance = guidanceOf(record, {
          now: clock().toISOString(),
          moduleUri: `${parts.publicUrl()}/cds-services/${answer.service}`,
          performer: `Interval for ${config.organization}`,
        });
        validateForWrite(guidance);
        const { id } = await store.create(guidance);
        parts.audit.disclosed({
          patient: record.patient,
          data: `GuidanceResponse/${id}`,
          user: record.user,
          client: answer.client,
          requestId: answer.requestId,
        });
      });
    },

    async sink({ service, client, requestId, feedback }) {
      const signal = AbortSignal.timeout(FEEDBACK_MS);
      // A record that is still on its way is waited for: some clients answer within a second.
      await parts.background.idle(2000);
      const answers = await findAnswers(
        store,
        feedback.map(({ card }) => card),
        { signal },
      );
      const inOrder = [...feedback].sort((one, other) => one.outcomeTimestamp.localeCompare(other.outcomeTimestamp));
      for (const entry of inOrder) {
        const found = answers.get(entry.card);
        const own =
          found !== undefined &&
          found.answer.client === client.id &&
          found.answer.tenant === client.tenant &&
          found.answer.service === service
            ? found
            : undefined;
        const record: FeedbackRecord = {
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
        const { created } = await keepFeedback(store, record, clock().toISOString(), { signal });
        if (created) {
          metrics.feedbackReceived({ service, outcome: entry.outcome });
        }
        const effect = own && effectOf(entry, own.card);
        if (effect && own) {
          await judgeEverywhere(world, parts, {
            ...effect,
            at: entry.outcomeTimestamp,
            judge: judgeOf(own.answer, config.organization),
            user: own.answer.user,
            client,
            requestId,
            signal,
          });
        }
        log.info('feedback received', {
          service,
          requestId,
          outcome: entry.outcome,
          reason: created ? 'new' : 'again',
        });
      }
    },

    async dismissals(patient, user, options) {
      try {
        return await dismissalsOf(store, { patient: form.toStore(patient), user: person(user) }, options);
      } catch (error) {
        // Then a card is shown once more: the safe side.
        log.warn('the store could not be asked for feedback', {}, error);
        return new Map();
      }
    },
  };
}

/** What feedback means for the results that its card rests on; nothing for advice, and for setting a card aside. */
function effectOf(
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

function judgeOf(answer: AnswerRecord, organization: string): Judge {
  const proof = answer.authenticated ? '' : '; the client was not authenticated';
  return {
    person: answer.user,
    how: `User to whom the client showed the card; the feedback itself names nobody${proof}`,
    system: { id: answer.client, display: `CDS client ${answer.client}` },
    organization: { display: organization },
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

function recordOf(answer: GivenAnswer, toStore: (reference: string) => string): AnswerRecord {
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
