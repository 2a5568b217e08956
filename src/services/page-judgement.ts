import type { DiagnosticReport } from '@medplum/fhirtypes';
import topics from '../../fhir-profiles/generated/CodeSystem-topic.json' with { type: 'json' };
import type { Client } from '../cds-hooks/authenticate.ts';
import { codeSystem, identifierSystem } from '../fhir/codes.ts';
import { type FeedbackRecord, keepFeedback } from '../fhir/feedback.ts';
import { identifierOf } from '../fhir/result-key.ts';
import type { PageJudgement } from '../web/options.ts';
import { judgeEverywhere } from './judgement.ts';
import type { Keeping } from './keeping.ts';
import type { ServiceWorld } from './world.ts';

/** The review page as a client of this service. It knows no sign-in, so it never says who judged. */
export const pageClient: Client = { id: 'review-page', authenticated: false };

/** What is judged on the review page is kept as feedback, and takes effect, as if it had come from a card. */
export async function judgeOnPage(
  world: ServiceWorld,
  keeping: Keeping,
  { report: id, verdict, observations, requestId, signal }: PageJudgement,
): Promise<{ readonly changed: number; readonly left: number }> {
  const { servers, clock, config, metrics } = world;
  const now = clock().toISOString();
  const references = observations.map((one) =>
    one.version === undefined ? `Observation/${one.id}` : `Observation/${one.id}/_history/${one.version}`,
  );
  const report = await servers.store.read<DiagnosticReport>('DiagnosticReport', id, { signal });
  const judged = await judgeEverywhere(world, keeping, {
    verdict,
    observations: references,
    at: now,
    judge: {
      how: 'Person at the review page, which knows no sign-in',
      system: { id: pageClient.id, display: 'Review page of Interval' },
      organization: { display: config.organization },
    },
    client: pageClient,
    requestId,
    signal,
  });
  // A second click on the same button says nothing new.
  const results = judged.changed.filter((one) => one.startsWith('Observation/'));
  if (results.length > 0) {
    const record: FeedbackRecord = {
      service: 'review-page',
      client: pageClient.id,
      outcome: verdict === 'accept' ? 'accepted' : 'overridden',
      at: now,
      suggestions: [],
      ...(verdict === 'accept' ? {} : { reason: { system: codeSystem.overrideReason, code: 'misread' } }),
      known: {
        patient: report.subject?.reference ?? '',
        topic: topicOf(report),
        readers: await readersOf(world, results, signal),
        basis: references,
      },
    };
    const { created } = await keepFeedback(servers.store, record, now, { signal });
    if (created) {
      metrics.feedbackReceived({ service: record.service, outcome: record.outcome });
    }
  }
  return { changed: results.length, left: judged.left.length };
}

/** The result key begins with the analysis, which is the topic of its cards. */
function topicOf(report: DiagnosticReport) {
  const code = identifierOf(report, identifierSystem.result)?.split(':')[0] ?? 'lab-report';
  const display = topics.concept.find((one) => one.code === code)?.display;
  return { system: codeSystem.topic, code, ...(display === undefined ? {} : { display }) };
}

async function readersOf(world: ServiceWorld, results: readonly string[], signal: AbortSignal) {
  const id = results[0]?.split('/')[1] ?? '';
  const { device } = await world.servers.store.read('Observation', id, { signal }).then(
    (one) =>
      one as {
        readonly device?: { readonly display?: string };
      },
  );
  return device?.display === undefined ? [] : [device.display];
}
