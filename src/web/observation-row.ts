import type { CodeableConcept, Observation, Quantity } from '@medplum/fhirtypes';
import { codeSystem } from '../fhir/codes.ts';
import { regionsOf } from '../fhir/region.ts';
import type { Region } from '../fhir/result-draft.ts';

/** One Observation as a line of a table; plain strings, to be escaped by whoever shows them. */
export interface ObservationRow {
  readonly id: string;
  readonly name: string;
  readonly code?: { readonly system: string; readonly code: string; readonly display?: string };
  /** As printed where that is known, else as coded; without unit. */
  readonly printed: string;
  /** As coded: comparator, number and UCUM code, or the coded text. */
  readonly coded: string;
  readonly unit?: string;
  readonly range?: string;
  readonly interpretation?: string;
  /** For a comparison: what became of the finding. */
  readonly change?: 'improved' | 'stable' | 'worsened';
  readonly effective?: string;
  readonly status: string;
  readonly specimen?: string;
  readonly bodySite?: string;
  readonly notes: readonly string[];
  readonly regions: readonly Region[];
}

/** What our comparison Observations say after the finding's name; a list of changes need not repeat it. */
const CHANGE_SUFFIX = /, change from prior chest X-ray$/;
const RENDERED_VALUE = 'http://hl7.org/fhir/StructureDefinition/rendered-value';

/** Whether it says something itself: a panel only names its members, which have rows of their own. */
export function isResult({ hasMember }: Observation): boolean {
  return !hasMember?.length;
}

export function rowOf(observation: Observation): ObservationRow {
  const quantity = observation.valueQuantity;
  const coding = observation.code?.coding?.find((one) => one.system && one.code);
  const change = observation.valueCodeableConcept?.coding?.find((one) => one.system === codeSystem.findingChange)?.code;
  const range = observation.referenceRange?.map((one) => one.text ?? between(one.low, one.high)).join('; ');
  const interpretation = observation.interpretation?.map((one) => one.coding?.[0]?.code ?? one.text).join(' ');
  const row: ObservationRow = {
    id: observation.id ?? '',
    name: (observation.code?.text ?? coding?.display ?? coding?.code ?? 'Unnamed result').replace(CHANGE_SUFFIX, ''),
    printed: printedValue(observation),
    coded: codedValue(observation),
    status: observation.status,
    notes: (observation.note ?? []).map((note) => note.text ?? '').filter(Boolean),
    regions: regionsOf(observation.extension),
    ...(coding ? { code: { system: coding.system!, code: coding.code!, display: coding.display } } : {}),
    ...(quantity?.unit ? { unit: quantity.unit } : {}),
    ...(range ? { range } : {}),
    ...(interpretation ? { interpretation } : {}),
    ...(change ? { change: change as ObservationRow['change'] } : {}),
    ...(observation.effectiveDateTime ? { effective: observation.effectiveDateTime } : {}),
    ...(observation.specimen?.display ? { specimen: observation.specimen.display } : {}),
    ...(observation.bodySite ? { bodySite: textOf(observation.bodySite) } : {}),
  };
  return row;
}

function printedValue(observation: Observation): string {
  const quantity = observation.valueQuantity as
    | (Quantity & { _value?: { extension?: readonly { url?: string; valueString?: string }[] } })
    | undefined;
  if (quantity) {
    const rendered = quantity._value?.extension?.find((one) => one.url === RENDERED_VALUE)?.valueString;
    return `${quantity.comparator ?? ''}${rendered ?? quantity.value ?? ''}`;
  }
  return codedValue(observation);
}

function codedValue(observation: Observation): string {
  const quantity = observation.valueQuantity;
  if (quantity) {
    return `${quantity.comparator ?? ''}${quantity.value ?? ''}${quantity.code ? ` ${quantity.code}` : ''}`;
  }
  if (observation.valueCodeableConcept) {
    return textOf(observation.valueCodeableConcept);
  }
  const ratio = observation.valueRatio;
  if (ratio) {
    return `${ratio.numerator?.value ?? ''}:${ratio.denominator?.value ?? ''}`;
  }
  const range = observation.valueRange;
  if (range) {
    return between(range.low, range.high);
  }
  return (
    observation.valueString ??
    observation.valueInteger?.toString() ??
    (observation.dataAbsentReason ? `no value (${textOf(observation.dataAbsentReason)})` : '')
  );
}

function between(low: Quantity | undefined, high: Quantity | undefined): string {
  if (low?.value === undefined) {
    return high?.value === undefined ? '' : `≤ ${high.value}`;
  }
  return high?.value === undefined ? `≥ ${low.value}` : `${low.value} – ${high.value}`;
}

function textOf(concept: CodeableConcept): string {
  return concept.text ?? concept.coding?.[0]?.display ?? concept.coding?.[0]?.code ?? '';
}
