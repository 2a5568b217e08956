import type { Observation, Quantity } from '@medplum/fhirtypes';
import { aiAsserted } from '../fhir/codes.ts';
import type { SummarySource } from '../summary.ts';
import { conceptOf, listOf, textOf } from './concept.ts';
import { day, moment } from './moment.ts';

/** One laboratory result, as far as rules look at it. */
export interface LabResult {
  readonly loinc: readonly string[];
  readonly name: string;
  /** Value and unit as recorded, e.g. `8.4 %`, `<5 mg/L`, `Positive`. */
  readonly shown: string;
  readonly quantity?: Quantity;
  /** Epoch milliseconds of collection. */
  readonly at: number;
  /** FHIR dateTime as recorded. */
  readonly date: string;
  /** Read by machine and not yet accepted by a person. */
  readonly machineRead: boolean;
  /** Flagged as critical (HH, LL, AA): to be confirmed, so never a reason against repeating. */
  readonly critical: boolean;
  readonly source: SummarySource;
}

const counts: ReadonlySet<unknown> = new Set(['preliminary', 'final', 'amended', 'corrected']);
const criticalFlags: ReadonlySet<unknown> = new Set(['HH', 'LL', 'AA']);

/** Results with a value and a time that is not in the future, newest first. */
export function labResultsOf(observations: readonly Observation[], now: number): readonly LabResult[] {
  return observations
    .flatMap((observation) => labResultOf(observation) ?? [])
    .filter(({ at }) => at <= now + day / 24)
    .sort((a, b) => b.at - a.at);
}

function labResultOf(observation: Observation): LabResult | undefined {
  const shown = shownValue(observation);
  const date = observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.effectiveInstant;
  const at = moment(date);
  const concept = conceptOf(observation.code);
  if (!counts.has(observation.status) || shown === undefined || date === undefined || at === undefined) {
    return undefined;
  }
  const name = concept.texts[0] ?? concept.loinc[0] ?? 'Result';
  const asserted = listOf(observation.meta?.security).some(({ code }) => code === aiAsserted.code);
  const machineRead = asserted && observation.status === 'preliminary';
  const flags = listOf(observation.interpretation).flatMap(({ coding }) => listOf(coding));
  return {
    loinc: concept.loinc,
    name,
    shown,
    quantity: observation.valueQuantity,
    at,
    date,
    machineRead,
    critical: flags.some(({ code }) => criticalFlags.has(code)),
    source: {
      label: `${name} ${shown}`,
      date,
      reference: `Observation/${observation.id}`,
      ...(machineRead ? { readBy: observation.device?.display ?? 'Interval' } : {}),
    },
  };
}

function shownValue({
  valueQuantity,
  valueCodeableConcept,
  valueString,
  valueInteger,
}: Observation): string | undefined {
  if (typeof valueQuantity?.value === 'number') {
    const unit = valueQuantity.unit ?? valueQuantity.code;
    return `${valueQuantity.comparator ?? ''}${valueQuantity.value}${unit === undefined ? '' : ` ${unit}`}`;
  }
  return conceptOf(valueCodeableConcept).texts[0] ?? textOf(valueString) ?? valueInteger?.toString();
}
