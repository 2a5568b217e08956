import type { Observation } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import {
  type Change,
  type FindingChange,
  type FindingCode,
  type Presence,
  type Role,
  type Side,
  type Zone,
  zonesOf,
} from './finding.ts';
import { presenceOf } from './terms.ts';

/** What one stored Observation says. */
export interface StoredChange {
  readonly finding: FindingCode;
  readonly side?: Side;
  readonly change: Change;
  readonly presence: FindingChange['presence'];
  readonly zones: readonly Zone[];
  readonly observation: Observation;
}

/** Undefined for an Observation that is none of this analysis. */
export function storedChange(observation: Observation): StoredChange | undefined {
  const coding = (system: string, codings = observation.code?.coding): string | undefined =>
    codings?.find((one) => one.system === system)?.code;
  const finding = coding(codeSystem.chestFinding);
  const change = coding(codeSystem.findingChange, observation.valueCodeableConcept?.coding);
  if (!finding || !change) {
    return undefined;
  }
  const site = observation.bodySite?.text?.toLowerCase() ?? '';
  const side = site.startsWith('right') ? 'right' : site.startsWith('left') ? 'left' : undefined;
  const zones = side ? zonesOf(side).filter((zone) => site.includes(zone.split('-')[1]!)) : [];
  const presence = (role: Role): Presence =>
    presenceOf(
      observation.component?.find((one) => coding(codeSystem.findingComponent, one.code?.coding) === `presence-${role}`)
        ?.valueCodeableConcept,
    );
  return {
    finding: finding as FindingCode,
    change: change as Change,
    presence: { prior: presence('prior'), current: presence('current') },
    zones,
    observation,
    ...(side ? { side } : {}),
  };
}
