import type { Router } from 'express';
import topics from '../../fhir-profiles/generated/CodeSystem-topic.json' with { type: 'json' };
import type { HookOutcome } from '../cds-hooks/call.ts';
import { cdsHooksRouter } from '../cds-hooks/routes.ts';
import type { CdsService, CdsServiceDefinition } from '../cds-hooks/service.ts';
import { IntervalError } from '../errors.ts';
import { codeSystem } from '../fhir/codes.ts';
import { createActions } from '../fhir/create-actions.ts';
import { feedbackTypes } from '../fhir/feedback.ts';
import { resultTypes, storedResults } from '../fhir/results.ts';
import { isValidR4 } from '../fhir/validate.ts';
import type { Traces } from '../traces.ts';
import { adviceService } from './advice.ts';
import { createChartAccess } from './chart-access.ts';
import { createCardFeedback } from './feedback.ts';
import type { Keeping } from './keeping.ts';
import { type ResultsWorld, resultsService } from './results.ts';
import { keepUntilWritten } from './until-written.ts';
import type { ServiceWorld } from './world.ts';
import { writeModeFor } from './write-mode.ts';

/** Pages of one search at most, while a hook waits. */
const MAX_PAGES = 5;

/** The analysis behind each patient-view service; the order services ask the advice. */
const analysisOf: Readonly<Record<string, string>> = {
  'lab-report-results': 'lab-report',
  'chest-xray-change': 'chest-xray-comparison',
};

/** The CDS Hooks surface: the services of cds-services.json over chart, store and queue. */
export function cdsHooks(world: ServiceWorld, keeping: Keeping): Router {
  const { config, servers, fhirServers, log } = world;
  // Of a store elsewhere nobody says when it was written to: it is asked each time.
  const revision = servers.store.base === world.embedded?.base ? world.embedded.revision : undefined;
  const feedback = createCardFeedback(world, {
    ...keeping,
    chartsOf: fhirServers.chartsOf,
    ...(revision ? { revision: () => revision(feedbackTypes) } : {}),
  });
  const stored = keepUntilWritten(
    (patient, signal) => storedResults(servers.store, servers.form.toStore(patient), { signal }),
    revision && (() => revision(resultTypes)),
  );
  const results: ResultsWorld = {
    chartsOf: fhirServers.chartsOf,
    async results(patient, signal) {
      try {
        return await stored(patient, signal);
      } catch (error) {
        log.warn('the store could not be asked for results', {}, error);
        return undefined;
      }
    },
    request: world.request,
    traces: world.traces,
    dismissals: feedback.dismissals,
    offersAcceptance: (client) => writeModeFor(client, servers) !== 'none',
    clock: world.clock,
    // Where the store is the source the results stand there already.
    ...(servers.store.base === servers.source.base
      ? {}
      : {
          createActions: (result, client) =>
            writeModeFor(client, servers) === 'suggest'
              ? createActions(result, { store: servers.store.base, toSource: servers.form.toSource })
              : [],
        }),
  };
  return cdsHooksRouter({
    services: world.definitions.map((definition) => traced(service(definition, world, results), world.traces)),
    authenticate: world.trust.authenticate,
    chartAccess: createChartAccess({ clientFor: fhirServers.clientFor, maxPages: MAX_PAGES }),
    feedback: feedback.sink,
    onGiven: feedback.given,
    optionsOf: ({ id }) => keeping.optionsOf(id),
    publicUrl: () => world.publicUrl,
    source: {
      label: 'Interval (machine-read)',
      topicSystem: codeSystem.topic,
      topicDisplays: Object.fromEntries(topics.concept.map(({ code, display }) => [code, display])),
      overrideReasonSystem: codeSystem.overrideReason,
    },
    cors: {
      origins: [
        ...new Set([...config.corsOrigins, ...world.trust.registrations.flatMap(({ origins = [] }) => origins)]),
      ],
    },
    limits: {
      deadlineMs: config.hookDeadlineMs,
      prefetchMs: config.prefetchBudgetMs,
      cards: config.maxCards,
      pages: MAX_PAGES,
      bodyBytes: config.bodyLimitKb * 1024,
    },
    clock: Date.now,
    ids: world.ids,
    isValid: isValidR4,
    onOutcome: (outcome) => note(outcome, world),
  });
}

function service(definition: CdsServiceDefinition, world: ServiceWorld, results: ResultsWorld): CdsService {
  if (!Object.hasOwn(analysisOf, definition.id)) {
    return adviceService(definition, results);
  }
  const active = world.analyses.find(({ analysis }) => analysis.id === analysisOf[definition.id]);
  if (!active) {
    throw new IntervalError('internal', `No analysis stands behind the service ${definition.id}.`);
  }
  return resultsService(definition, active, results);
}

/** The service within a span: what it asks for behind the answer belongs to it. */
function traced(service: CdsService, traces: Traces): CdsService {
  const { id, hook } = service.definition;
  const attributes = { 'interval.service': id, 'interval.hook': hook };
  return {
    ...service,
    handle: (call) =>
      traces.span('hook', { attributes }, async (span) => {
        const answer = await service.handle(call);
        span.set({ 'interval.summaries': answer.summaries.length });
        return answer;
      }),
  };
}

/** Ids, codes and counts of one call into log and metrics. */
function note(outcome: HookOutcome, { log, metrics }: ServiceWorld): void {
  // Refusals that a site watches for stand for themselves: 412 is missing data, 429 a client gone wild.
  const counted = outcome.status === 412 || outcome.status === 429 ? String(outcome.status) : outcome.outcome;
  metrics.hookAnswered({ service: outcome.service, outcome: counted }, outcome.milliseconds / 1000);
  const { service, hook, hookInstance, requestId, status, cards, missing, dropped, code, client, refusal } = outcome;
  const fields = {
    client,
    reason: refusal,
    service,
    hook,
    hookInstance,
    requestId,
    outcome: outcome.outcome,
    status,
    cards,
    missing,
    dropped,
    code,
    ms: Math.round(outcome.milliseconds),
  };
  if (outcome.outcome === 'failed') {
    log.error('hook failed', fields, outcome.error);
  } else {
    log.info('hook answered', fields);
  }
}
