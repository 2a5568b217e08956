import type { Observation } from '@medplum/fhirtypes';
import type { SuggestionAction } from '../summary.ts';
import type { CompleteResult } from './complete.ts';

/**
 * The create actions of a card in write mode `suggest`: Observations, then the report that groups them. They have no
 * ids, so the client gives them; references among them stay logical (by identifier).
 */
export function createActions(result: CompleteResult): readonly SuggestionAction[] {
  const observations = result.observations.map((one) => ({
    type: 'create' as const,
    description: `Create a preliminary result: ${describe(one)}`,
    resource: one,
  }));
  // A picture's bytes cannot travel in an action.
  const { media: _, ...report } = result.report;
  return [
    ...observations,
    { type: 'create', description: 'Create the preliminary report that groups the results', resource: report },
  ];
}

function describe(observation: Observation): string {
  return observation.code?.text ?? observation.code?.coding?.[0]?.display ?? 'result';
}
