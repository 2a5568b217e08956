import type { Observation } from '@medplum/fhirtypes';
import { type CriticalFinding, type CriticalTable, criticalIn } from '../../terminology/critical-values.ts';
import { inUnitOf, ofObservation, sameTest, sameTime } from './comparable.ts';
import { type ChartIndex, inChart } from './in-chart.ts';

/** One stored result in words. */
export interface Described {
  readonly level: 'critical' | 'abnormal' | 'normal';
  /** "Potassium 6.8 mmol/L (critical high)" */
  readonly headline: string;
  /** The same with reference range, printed flag and the chart's previous value. */
  readonly line: string;
  /** FHIR dateTime of collection. */
  readonly when?: string;
  /** The chart says something else of the same time. */
  readonly differs?: true;
  /** Beyond the critical limits for adults, which are not for the age of this patient. */
  readonly onlyForAdults?: true;
}

const words: Readonly<Record<string, string>> = {
  HH: 'critical high',
  LL: 'critical low',
  H: 'high',
  L: 'low',
  A: 'abnormal',
  AA: 'critical abnormal',
  POS: 'positive',
};

/** What one result is seen against. */
export interface Background {
  /** The chart's results by test, newest first. */
  readonly chart: ChartIndex;
  readonly criticalValues: CriticalTable;
  /** FHIR date; absent where the chart does not know it. */
  readonly birthDate?: string;
}

/** Level by the printed flag; where none is printed, or a worse one follows from critical limits, by computation. */
export function describe(observation: Observation, background: Background): Described {
  const name = observation.code?.text ?? observation.code?.coding?.[0]?.display ?? 'Result';
  const printed = observation.interpretation?.[0]?.coding?.[0]?.code;
  const beyond = beyondCritical(observation, background);
  const computed = beyond?.flag ?? computedFlag(observation);
  const worst =
    [printed, computed].find((code) => code === 'HH' || code === 'LL' || code === 'AA') ?? printed ?? computed;
  const level =
    worst === 'HH' || worst === 'LL' || worst === 'AA'
      ? 'critical'
      : worst && worst !== 'N' && worst !== 'NEG'
        ? 'abnormal'
        : 'normal';
  const value = valueText(observation);
  const said = worst && words[worst] ? ` (${words[worst]})` : '';
  const range = observation.referenceRange?.[0]?.text;
  const flag = observation.interpretation?.[0]?.text;
  const basis = beyond ? (beyond.adultLimits ? `limits for adults (${beyond.source})` : beyond.source) : 'computation';
  const derived =
    worst !== undefined && worst !== printed ? [`${words[worst] ?? worst} by ${basis}, not as printed`] : [];
  const before = previous(observation, background.chart);
  const beside = besideIt(observation, background.chart);
  const parts = [
    ...(range ? [`reference ${range}`] : []),
    ...(flag ? [`flag ${flag}`] : []),
    ...derived,
    ...(beside ? [`the chart has ${beside} at the same time`] : []),
    ...(before ? [`before: ${before}`] : []),
  ];
  return {
    level,
    headline: `${name} ${value}${said}`,
    line: `${name} ${value}${said}${parts.length > 0 ? `; ${parts.join('; ')}` : ''}`,
    ...(beside ? { differs: true as const } : {}),
    ...(observation.effectiveDateTime ? { when: observation.effectiveDateTime } : {}),
    ...(beyond === undefined && level !== 'critical' && beyondForAdults(observation, background)
      ? { onlyForAdults: true as const }
      : {}),
  };
}

export function valueText(observation: Observation): string {
  const { valueQuantity: quantity, valueRatio: ratio, valueRange: range } = observation;
  if (quantity) {
    const raw = (quantity as { _value?: { extension?: readonly { valueString?: string }[] } })._value?.extension?.[0]
      ?.valueString;
    return `${quantity.comparator ?? ''}${raw ?? quantity.value}${quantity.unit ? ` ${quantity.unit}` : ''}`;
  }
  if (ratio) return `${ratio.numerator?.value}:${ratio.denominator?.value}`;
  if (range) return `${range.low?.value}-${range.high?.value}${range.low?.unit ? ` ${range.low.unit}` : ''}`;
  return (
    observation.valueString ??
    observation.valueCodeableConcept?.text ??
    observation.dataAbsentReason?.text ??
    'no value'
  );
}

/** Whether the value lies beyond a critical limit of the table for this patient. A comparator may leave it open. */
function beyondCritical(
  observation: Observation,
  { criticalValues, birthDate }: Omit<Background, 'chart'>,
): CriticalFinding | undefined {
  const { test, number, ucum, when } = ofObservation(observation);
  if (!test || number === undefined || !ucum) return undefined;
  const ageDays = birthDate && when ? (Date.parse(when) - Date.parse(birthDate)) / 86_400_000 : Number.NaN;
  const comparator = observation.valueQuantity?.comparator;
  const found = criticalIn(criticalValues, test.entry, {
    value: number,
    ucum,
    ...(comparator ? { comparator } : {}),
    ...(test.system ? { system: test.system } : {}),
    ...(ageDays >= 0 ? { ageDays } : {}),
  });
  return typeof found === 'object' ? found : undefined;
}

/** Whether only the age of the patient keeps the value from being called critical. */
function beyondForAdults(observation: Observation, { criticalValues, birthDate }: Background): boolean {
  return birthDate !== undefined && beyondCritical(observation, { criticalValues }) !== undefined;
}

/** H or L against the stored limits. A comparator leaves it open. */
function computedFlag(observation: Observation): string | undefined {
  const quantity = observation.valueQuantity;
  const range = observation.referenceRange?.[0];
  if (quantity?.value === undefined || !range || quantity.comparator) return undefined;
  const { low, high } = range;
  // "<200" is strict: the limit itself is outside.
  const strict = /^\s*[[(]?\s*[<>](?!\s*=|\s*or)/.test(range.text ?? '');
  if (high?.value !== undefined && (strict ? quantity.value >= high.value : quantity.value > high.value)) return 'H';
  if (low?.value !== undefined && (strict ? quantity.value <= low.value : quantity.value < low.value)) return 'L';
  return low?.value !== undefined || high?.value !== undefined ? 'N' : undefined;
}

/** The chart's last value of the same test before this one, in the same unit where it can be converted. */
function previous(observation: Observation, chart: ChartIndex): string | undefined {
  const now = ofObservation(observation);
  const at = Date.parse(now.when ?? '');
  const earlier = chart(now).find(
    ({ says }) =>
      says.number !== undefined &&
      says.when !== undefined &&
      (Number.isNaN(at) || Date.parse(says.when) < at) &&
      sameTest(now, says) &&
      sameTime(now, says) !== true,
  );
  if (!earlier) return undefined;
  const { says } = earlier;
  const converted = says.ucum === now.ucum ? undefined : inUnitOf(now, says);
  const unit = observation.valueQuantity?.unit;
  const inSame = converted === undefined || !unit ? '' : ` (${Number(converted.toPrecision(3))} ${unit})`;
  return `${valueText(earlier.observation)}${inSame} on ${inWords(says.when!)}`;
}

/** What the chart says of the same test and time, where that is something else. */
function besideIt(observation: Observation, chart: ChartIndex): string | undefined {
  const found = inChart(ofObservation(observation), chart);
  return found?.how === 'differs' ? valueText(found.one.observation) : undefined;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-12T07:40:00+01:00` → `12 Nov 2026`: the printed day, whatever the zone of the machine. */
export function inWords(date: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  return [day && String(Number(day)), month && months[Number(month) - 1], year].filter(Boolean).join(' ');
}

/** The same with the time of day, where there is one: `12 Nov 2026 07:40`. */
export function momentInWords(date: string): string {
  const time = /T(\d{2}:\d{2})/.exec(date)?.[1];
  return time ? `${inWords(date)} ${time}` : inWords(date);
}
