import type { Client } from '../cds-hooks/authenticate.ts';
import { findCopies, type Judge, type Judged, judgeResults, type Verdict } from '../fhir/judge.ts';
import type { FeedbackParts } from './feedback.ts';
import type { ServiceWorld } from './world.ts';
import { writeModeFor } from './write-mode.ts';

export interface JudgementCall {
  readonly verdict: Verdict;
  /** Versioned references of the store. */
  readonly observations: readonly string[];
  readonly at: string;
  readonly judge: Judge;
  /** Reference, as the store has it, of who judged; absent where nobody knows. */
  readonly user?: string;
  readonly client: Client;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/**
 * A person's judgement takes effect in the store now, and in the source behind the answer's back where the service may
 * write there. The store is what hooks answer from, so a source that is down delays nothing.
 */
export async function judgeEverywhere(
  world: Pick<ServiceWorld, 'servers' | 'clock' | 'log' | 'metrics'>,
  parts: Pick<FeedbackParts, 'background' | 'audit'>,
  call: JudgementCall,
): Promise<Judged> {
  const { servers, clock, log, metrics } = world;
  const { store, source, form } = servers;
  const { verdict, judge, at } = call;
  const judged = await judgeResults(
    store,
    { verdict, observations: call.observations, judge, at, now: clock().toISOString() },
    { signal: call.signal },
  );
  metrics.resultsJudged({ verdict, outcome: 'changed' }, judged.changed.length);
  metrics.resultsJudged({ verdict, outcome: 'left' }, judged.left.length);
  if (judged.left.length > 0) {
    log.warn('results could not be judged: changed since they were shown, or judged before', {
      requestId: call.requestId,
      count: judged.left.length,
    });
  }
  const audited = (changed: readonly string[], patient: string | undefined, server: string) => {
    if (changed.length > 0 && patient !== undefined) {
      const who = { client: call.client, requestId: call.requestId, ...(call.user ? { user: call.user } : {}) };
      parts.audit.wrote({ action: 'update', patient, references: changed, server, ...who });
    }
  };
  audited(judged.changed, judged.patient, store.base);
  if (writeModeFor(call.client, servers) === 'full' && source.base !== store.base && judged.done.length > 0) {
    parts.background.add('judgement', async () => {
      const copies = await findCopies(store, source, judged.done);
      const person = judge.person === undefined ? {} : { person: form.toSource(judge.person) };
      const there = await judgeResults(source, {
        verdict,
        observations: copies,
        judge: { ...judge, ...person },
        at,
        now: clock().toISOString(),
      });
      audited(there.changed, there.patient === undefined ? undefined : form.toStore(there.patient), source.base);
    });
  }
  return judged;
}
