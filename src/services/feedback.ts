import type { GivenAnswer } from '../cds-hooks/call.ts';
import type { FeedbackSink } from '../cds-hooks/feedback.ts';
import { findAnswers, guidanceOf } from '../fhir/card-record.ts';
import { type Dismissals, dismissalsOf, feedbackKey, keepFeedback } from '../fhir/feedback.ts';
import { effectOf, feedbackOf, isGivenTo, judgeOf, recordOf } from './feedback-record.ts';
import type { FhirServers } from './fhir-servers.ts';
import { judgeEverywhere } from './judgement.ts';
import type { Keeping } from './keeping.ts';
import { keepUntilWritten } from './until-written.ts';
import type { ServiceWorld } from './world.ts';

export interface FeedbackParts extends Pick<Keeping, 'background' | 'audit'> {
  readonly chartsOf: FhirServers['chartsOf'];
  /** Says something else after every write of feedback; absent where the store does not say. */
  readonly revision?: () => string;
}

export interface CardFeedback {
  /** Remembers which cards were given, behind the answer's back, and audits that they were. */
  given(answer: GivenAnswer): void;
  readonly sink: FeedbackSink;
  dismissals(patient: string, user: string, signal: AbortSignal): Promise<Dismissals>;
}

/** Time for one feedback call's reads and writes together, and of it for records of cards that are not there yet. */
const FEEDBACK_MS = 20_000;
const RECORD_MS = 2000;

/** Pieces of feedback that are written at the same time. */
const AT_ONCE = 4;

/**
 * Feedback from a client: kept once in the store, and acted on. Cards carry nothing but a uuid, so what a card was is
 * looked up in the record that was made when it was given; feedback about a card that another client was given, or that
 * nobody knows, is kept and has no effect.
 */
export function createCardFeedback(world: ServiceWorld, parts: FeedbackParts): CardFeedback {
  const { servers, clock, ids, log, metrics, config, publicUrl } = world;
  const { store, form } = servers;
  const dismissed = keepUntilWritten((asked, signal) => {
    const [patient = '', user = ''] = asked.split(' ');
    return dismissalsOf(store, { patient, user }, { signal });
  }, parts.revision);

  return {
    given(answer) {
      const record = recordOf(answer, parts.chartsOf(answer).toStore);
      const guidance = guidanceOf(record, {
        now: clock().toISOString(),
        moduleUri: `${publicUrl}/cds-services/${answer.service}`,
        performer: `Interval for ${config.organization}`,
      });
      const fullUrl = `urn:uuid:${ids()}`;
      const disclosure = parts.audit.disclosure({
        patient: record.patient,
        data: fullUrl,
        user: record.user,
        client: answer.client,
        requestId: answer.requestId,
      });
      // Of one form, which the tests hold to its profile: it is not checked again.
      parts.background.keep('answer', [{ fullUrl, resource: guidance }, ...disclosure]);
    },

    async sink({ service, client, requestId, feedback }) {
      const signal = AbortSignal.timeout(FEEDBACK_MS);
      const uuids = feedback.map(({ card }) => card);
      let answers = await findAnswers(store, uuids, { signal });
      if (uuids.some((uuid) => !answers.has(uuid))) {
        // A record that is still on its way is waited for: some clients answer within a second.
        await parts.background.idle(RECORD_MS);
        answers = await findAnswers(store, uuids, { signal });
      }
      const inOrder = [...feedback].sort((one, other) => one.outcomeTimestamp.localeCompare(other.outcomeTimestamp));
      const entries = inOrder.map((entry) => {
        const found = answers.get(entry.card);
        const own = found !== undefined && isGivenTo(found.answer, client, service) ? found : undefined;
        return { entry, own, record: feedbackOf(entry, { service, client }, own) };
      });
      // The same said twice in one call is one piece of feedback already here.
      const distinct = [...new Map(entries.map((one) => [feedbackKey(one.record), one])).values()];
      for (let start = 0; start < distinct.length; start += AT_ONCE) {
        await Promise.all(
          distinct.slice(start, start + AT_ONCE).map(async ({ entry: { outcome }, record }) => {
            const { created } = await keepFeedback(store, record, clock().toISOString(), { signal });
            if (created) {
              metrics.feedbackReceived({ service, outcome });
            }
            log.info('feedback received', { service, requestId, outcome, reason: created ? 'new' : 'again' });
          }),
        );
      }
      for (const { entry, own } of distinct) {
        const effect = own && effectOf(entry, own.card);
        if (effect) {
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
      }
    },

    async dismissals(patient, user, signal) {
      try {
        return await dismissed(`${form.toStore(patient)} ${form.toStore(user)}`, signal);
      } catch (error) {
        // Then a card is shown once more: the safe side.
        log.warn('the store could not be asked for feedback', {}, error);
        return new Map();
      }
    },
  };
}
