import type { DiagnosticReport, Observation, Reference, Resource } from '@medplum/fhirtypes';
import type { SuggestionAction } from '../summary.ts';
import { mapReferences, parseReference } from './references.ts';

/**
 * The create actions of a card in write mode `suggest`: what of a stored result is still preliminary, then the report
 * that groups it. They have no ids, so the client gives them. References are the source's own; what lives in the store
 * alone, the Device, is referred to there by its absolute URL; the Observations, by identifier.
 */
export function createActions(
  stored: { readonly report?: DiagnosticReport; readonly observations: readonly Observation[] },
  servers: { readonly store: string; readonly toSource: (reference: string) => string },
): readonly SuggestionAction[] {
  const observations = stored.observations.filter(({ status }) => status === 'preliminary');
  if (stored.report === undefined || observations.length === 0) {
    return [];
  }
  const local = <T extends Resource>(resource: T): T =>
    mapReferences(withoutServerFields(resource), (reference) => {
      const inSource = servers.toSource(reference);
      const ofStore = inSource === reference && parseReference(reference)?.base === undefined;
      return ofStore ? `${servers.store}/${reference}` : inSource;
    });
  // A picture's bytes cannot travel in an action.
  const { media: _, ...report } = stored.report;
  const grouped: DiagnosticReport = {
    ...local<DiagnosticReport>({ ...report, result: undefined }),
    result: observations.map(
      ({ identifier }): Reference<Observation> => ({ type: 'Observation', identifier: identifier?.[0] }),
    ),
  };
  return [
    ...observations.map((one) => ({
      type: 'create' as const,
      description: `Create a preliminary result: ${describe(one)}`,
      resource: local(one),
    })),
    { type: 'create', description: 'Create the preliminary report that groups the results', resource: grouped },
  ];
}

/** Without id, version and times: the server that creates it gives its own. */
function withoutServerFields<T extends Resource>({ id: _, meta, ...resource }: T): T {
  const { versionId: __, lastUpdated: ___, ...kept } = meta ?? {};
  return { ...resource, meta: kept } as T;
}

function describe(observation: Observation): string {
  return observation.code?.text ?? observation.code?.coding?.[0]?.display ?? 'result';
}
