import type { DiagnosticReport, ImagingStudy, Observation, Patient, ServiceRequest } from '@medplum/fhirtypes';
import { advise } from '../advice/index.ts';
import type { CdsService, CdsServiceDefinition } from '../cds-hooks/service.ts';
import { identifierSystem } from '../fhir/codes.ts';
import { identifierOf } from '../fhir/result-key.ts';
import { standingBeside } from './outdated.ts';
import { notesOnShape, resourcesOf } from './prefetched.ts';
import { type ResultsWorld, resultsUnknown } from './results.ts';

/**
 * order-select, order-sign: the rules of src/advice over the draft orders and the chart, with what Interval has read from
 * documents and images counted as part of the chart.
 */
export function adviceService(
  definition: CdsServiceDefinition,
  world: Pick<ResultsWorld, 'chartsOf' | 'results' | 'clock'>,
): CdsService {
  return {
    definition,
    async handle(call) {
      if (call.hook === 'patient-view') {
        return { summaries: [] };
      }
      const { ours, toStore } = world.chartsOf(call);
      const stored = ours ? await world.results(`Patient/${call.context.patientId}`, call.signal) : [];
      // What was read from a study that is not there any more is no fact.
      const own = standingBeside(stored ?? [], call, definition.prefetch).current;
      const { patient, labs, studies, requests } = call.prefetch;
      const known = resourcesOf<Patient>('Patient', patient)[0];
      // Feedback is kept in the store: what a card rests on is named as the store names it.
      const inStore = new Set(own.flatMap(({ observations }) => observations.map(({ id }) => `Observation/${id}`)));
      const named = (reference: string) => (inStore.has(reference) ? reference : toStore(reference));
      return {
        summaries: advise({
          orders: call.context.draftOrders,
          ...(call.hook === 'order-select' ? { selections: call.context.selections } : {}),
          ...(known ? { patient: known } : {}),
          observations: once([
            ...resourcesOf<Observation>('Observation', labs).filter(({ status }) => status !== 'entered-in-error'),
            ...own.flatMap(({ observations }) => observations),
          ]),
          studies: resourcesOf<ImagingStudy>('ImagingStudy', studies),
          reports: own.map(({ report }) => report).filter((report): report is DiagnosticReport => report !== undefined),
          requests: resourcesOf<ServiceRequest>('ServiceRequest', requests),
          now: world.clock().toISOString(),
        }).map((summary) => ({ ...summary, basis: summary.basis.map(named) })),
        notes: [...(stored === undefined ? [resultsUnknown] : []), ...notesOnShape(call.prefetch)],
      };
    },
  };
}

/** Our own results may come from the source as well as from the store: each counts once, the first as it stands. */
function once(observations: readonly Observation[]): readonly Observation[] {
  const seen = new Set<string>();
  return observations.filter((one) => {
    const key = identifierOf(one, identifierSystem.result) ?? `${one.resourceType}/${one.id}`;
    return seen.size !== seen.add(key).size;
  });
}
