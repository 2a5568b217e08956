import type {
  DiagnosticReport,
  DocumentReference,
  ImagingStudy,
  Observation,
  Patient,
  ServiceRequest,
} from '@medplum/fhirtypes';
import type { ActiveAnalysis } from '../analyses/active.ts';
import type { Chart, StoredResult } from '../analyses/analysis.ts';
import type { PlannedJob } from '../analyses/plan.ts';
import type { Client } from '../cds-hooks/authenticate.ts';
import type { CdsService, CdsServiceDefinition, HookCall } from '../cds-hooks/service.ts';
import type { Dismissals } from '../fhir/feedback.ts';
import { isAiAsserted, isOurs } from '../fhir/result-key.ts';
import { isOfAnalysis, planFor } from '../jobs/arrivals.ts';
import type { Suggestion, SuggestionAction, Summary } from '../summary.ts';
import { noTraces, type Traces } from '../traces.ts';
import type { FhirServers } from './fhir-servers.ts';
import { acceptedButOutdated, standingBeside } from './outdated.ts';
import { notesOnShape, resourcesOf } from './prefetched.ts';
import { heldIn, isDismissed, withJudgement } from './result-judgement.ts';

export interface ResultsWorld {
  /** In write mode `suggest`: the actions by which a clinician files a stored result into the source. */
  readonly createActions?: (result: StoredResult, client: Client) => readonly SuggestionAction[];
  /** Whose patients a call names: others' ids name other people. */
  chartsOf: FhirServers['chartsOf'];
  /** What the store holds for `Patient/id` of the source; undefined when it could not be asked. */
  results(patient: string, signal: AbortSignal): Promise<readonly StoredResult[] | undefined>;
  /** Asks for what is due, behind the answer's back: the hook does not wait for it. */
  request(planned: readonly PlannedJob[]): void;
  /** What this user has set aside for this patient (references of the source); nothing when the store could not be asked. */
  dismissals(patient: string, user: string, signal: AbortSignal): Promise<Dismissals>;
  /** Whether cards offer to accept results; they do not where a site wants cards for this client and nothing else. */
  offersAcceptance(client: Client): boolean;
  readonly clock: () => Date;
  readonly traces?: Traces;
}

/** Said where the store could not be asked: silence would look like a chart in which nothing was found. */
export const resultsUnknown = 'What was read from documents and images before could not be looked up.';

/** patient-view: what was read for this patient; what has not been read yet is asked for and said to be on its way. */
export function resultsService(
  definition: CdsServiceDefinition,
  active: ActiveAnalysis,
  world: ResultsWorld,
): CdsService {
  return {
    definition,
    async handle(call) {
      if (!world.chartsOf(call).ours) {
        return { summaries: [] };
      }
      const patient = `Patient/${call.context.patientId}`;
      const chart = chartOf(call);
      const stored = await world.results(patient, call.signal);
      if (stored === undefined) {
        return { summaries: [], notes: [resultsUnknown] };
      }
      const all = stored.filter(({ task }) => isOfAnalysis(task, active));
      const { current: results, outdated } = standingBeside(all, call, definition.prefetch);
      const planned = await (world.traces ?? noTraces).span('plan', {}, async () =>
        planFor(active, chart, patient, all, world.clock(), { outdated }),
      );
      world.request(planned);
      const pending = planned.filter(
        ({ state, withdraws }) => !withdraws && (state === 'due' || state === 'waiting' || state === 'running'),
      ).length;
      const offers = world.offersAcceptance(call.client);
      const held = heldIn(results);
      const made = [
        ...active.analysis
          .summarize(results, chart)
          .map((summary) => withJudgement(withFiling(summary, results, call.client, world), held, offers)),
        ...acceptedButOutdated(outdated, active.analysis.id),
      ];
      const dismissals =
        made.length === 0 ? new Map() : await world.dismissals(patient, call.context.userId, call.signal);
      const summaries = made.filter((summary) => !isDismissed(summary, dismissals));
      // That something is being read is worth a line on a card, not a card: it would stand in every new chart.
      const more = pending === 1 ? 'One more is' : `${pending} more are`;
      const underWay =
        pending > 0 && summaries.length > 0
          ? [`${more} being read and will be shown when the chart is opened again.`]
          : [];
      return {
        summaries,
        notes: [...underWay, ...notesOnShape(call.prefetch)],
        abstained: results.length > 0 && results.every(({ task }) => task.status === 'rejected'),
      };
    },
  };
}

/** Actions of one suggestion at most: an EHR applies them as one transaction. What holds more is reviewed on the page. */
const MAX_ACTIONS = 60;

/** The summary with a suggestion that files what it rests on. */
function withFiling(summary: Summary, results: readonly StoredResult[], client: Client, world: ResultsWorld): Summary {
  const actions = results
    .filter(({ report }) => report?.id !== undefined && summary.basis.includes(`DiagnosticReport/${report.id}`))
    .flatMap((result) => world.createActions?.(result, client) ?? []);
  if (actions.length === 0 || actions.length > MAX_ACTIONS) {
    return summary;
  }
  const count = actions.length - 1;
  const filing: Suggestion = {
    label: `Accept, and file ${count === 1 ? 'this preliminary result' : `these ${count} preliminary results`}`,
    actions,
  };
  return { ...summary, suggestions: [...summary.suggestions, filing] };
}

/** The chart as the prefetch shows it, without what Interval itself wrote into the source. */
function chartOf(call: HookCall): Chart {
  const { patient, reports, documents, studies, labs, requests } = call.prefetch;
  return {
    patient: resourcesOf<Patient>('Patient', patient)[0] ?? { resourceType: 'Patient', id: call.context.patientId },
    reports: resourcesOf<DiagnosticReport>('DiagnosticReport', reports).filter(
      (one) => !(isOurs(one) && isAiAsserted(one)),
    ),
    documents: resourcesOf<DocumentReference>('DocumentReference', documents),
    studies: resourcesOf<ImagingStudy>('ImagingStudy', studies),
    observations: resourcesOf<Observation>('Observation', labs).filter((one) => !(isOurs(one) && isAiAsserted(one))),
    orders: resourcesOf<ServiceRequest>('ServiceRequest', requests),
  };
}
