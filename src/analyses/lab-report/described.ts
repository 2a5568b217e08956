import type { Observation } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import { convertTest, critical, resolveTest } from '../../terminology/lab-dictionary.ts';

/** One stored result in words. */
export interface Described {
  readonly level: 'critical' | 'abnormal' | 'normal';
  /** "Potassium 6.8 mmol/L (critical high)" */
  readonly headline: string;
  /** The same with reference range, printed flag and the chart's previous value. */
  readonly line: string;
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

/** Level by the printed flag; where none is printed, or a worse one follows from default critical limits, by computation. */
export function describe(observation: Observation, chart: readonly Observation[]): Described {
  const name = observation.code?.text ?? observation.code?.coding?.[0]?.display ?? 'Result';
  const printed = observation.interpretation?.[0]?.coding?.[0]?.code;
  const computed = computedFlag(observation);
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
  const derived =
    worst !== undefined && worst !== printed ? [`${words[worst] ?? worst} by computation, not as printed`] : [];
  const before = previous(observation, chart);
  const parts = [
    ...(range ? [`reference ${range}`] : []),
    ...(flag ? [`flag ${flag}`] : []),
    ...derived,
    ...(before ? [`before: ${before}`] : []),
  ];
  return {
    level,
    headline: `${name} ${value}${said}`,
    line: `${name} ${value}${said}${parts.length > 0 ? `; ${parts.join('; ')}` : ''}`,
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

/** H or L against the stored limits; HH or LL beyond the default critical limits. A comparator leaves it open. */
function computedFlag(observation: Observation): string | undefined {
  const quantity = observation.valueQuantity;
  if (quantity?.value === undefined) return undefined;
  const entry =
    observation.code?.text && quantity.unit
      ? resolveTest({ name: observation.code.text, unit: quantity.unit, specimen: observation.specimen?.display })
          ?.entry
      : undefined;
  const limit =
    entry && quantity.code ? critical(entry, quantity.value, quantity.code, quantity.comparator) : undefined;
  if (limit && limit !== 'none') return limit;
  const range = observation.referenceRange?.[0];
  if (!range || quantity.comparator) return undefined;
  const { low, high } = range;
  // "<200" is strict: the limit itself is outside.
  const strict = /^\s*[[(]?\s*[<>](?!\s*=|\s*or)/.test(range.text ?? '');
  if (high?.value !== undefined && (strict ? quantity.value >= high.value : quantity.value > high.value)) return 'H';
  if (low?.value !== undefined && (strict ? quantity.value <= low.value : quantity.value < low.value)) return 'L';
  return low?.value !== undefined || high?.value !== undefined ? 'N' : undefined;
}

/** The chart's last value of the same LOINC term before this one, in the same unit where it can be converted. */
function previous(observation: Observation, chart: readonly Observation[]): string | undefined {
  const code = observation.code?.coding?.find(({ system }) => system === codeSystem.loinc)?.code;
  const at = Date.parse(observation.effectiveDateTime ?? '');
  if (!code) return undefined;
  const earlier = chart
    .filter(
      (one) =>
        one.status !== 'entered-in-error' &&
        one.code?.coding?.some((coding) => coding.system === codeSystem.loinc && coding.code === code),
    )
    .map((one) => ({ one, when: one.effectiveDateTime ?? one.issued ?? '' }))
    .filter(
      ({ one, when }) =>
        one.valueQuantity?.value !== undefined && when !== '' && (Number.isNaN(at) || Date.parse(when) < at),
    )
    .sort((a, b) => Date.parse(b.when) - Date.parse(a.when))[0];
  if (!earlier) return undefined;
  const { valueQuantity: quantity } = earlier.one;
  const unit = observation.valueQuantity?.code;
  const entry = observation.code?.text
    ? resolveTest({ name: observation.code.text, unit: observation.valueQuantity?.unit })?.entry
    : undefined;
  const converted =
    unit && quantity?.code && quantity.code !== unit && entry
      ? convertTest(entry, quantity.value!, quantity.code, unit, 3)
      : undefined;
  const inSame = converted === undefined ? '' : ` (${converted} ${observation.valueQuantity?.unit})`;
  return `${valueText(earlier.one)}${inSame} on ${inWords(earlier.when)}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-12T07:40:00+01:00` → `12 Nov 2026`: the printed day, whatever the zone of the machine. */
export function inWords(date: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(date);
  if (!match) return date;
  const [, year, month, day] = match;
  return [day && String(Number(day)), month && months[Number(month) - 1], year].filter(Boolean).join(' ');
}
