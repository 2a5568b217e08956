import type { Patient } from '@medplum/fhirtypes';
import { ckdEpi2021, type Sex } from './ckd-epi.ts';
import type { LabResult } from './lab-result.ts';
import { dateOf, day, moment } from './moment.ts';

export interface KidneyFunction {
  /** The latest estimate, reported or computed from a later creatinine. */
  readonly egfr?: Egfr;
  /** Creatinine results that meet a KDIGO criterion of acute kidney injury, the later one first. */
  readonly injury?: { readonly text: string; readonly results: readonly LabResult[] };
}

export interface Egfr {
  /** mL/min/1.73 m², rounded. */
  readonly value: number;
  /** `<` and `>` as reported. */
  readonly comparator: '' | '<' | '>';
  readonly at: number;
  /** How it is said in a sentence: `24 mL/min/1.73 m² on 2026-11-17`. */
  readonly text: string;
  /** How it came about, when it was not reported. */
  readonly basis?: string;
  readonly result: LabResult;
}

const egfrCodes = ['98979-8', '62238-1', '33914-3', '69405-9', '48642-3', '48643-1', '77147-7', '88293-6', '88294-4'];
const creatinineCodes = ['2160-0', '14682-9', '38483-4', '59826-8'];

/** Factors to mg/dL; creatinine 113.12 g/mol. A unit that is not here makes the result unusable: it is never guessed. */
const toMilligramsPerDecilitre: Readonly<Record<string, number>> = {
  'mg/dl': 1,
  'mg/l': 0.1,
  'umol/l': 1 / 88.4,
  'µmol/l': 1 / 88.4,
  'μmol/l': 1 / 88.4,
  'micromol/l': 1 / 88.4,
  'mmol/l': 1000 / 88.4,
};

/** Factors to mL/min/1.73 m². */
const toMillilitresPerMinute: Readonly<Record<string, number>> = {
  'ml/min/{1.73_m2}': 1,
  'ml/min/1.73_m2': 1,
  'ml/min/1.73m2': 1,
  'ml/min/1.73m²': 1,
  'ml/min/{1.73m2}': 1,
  'ml/min/1.73': 1,
  'ml/min': 1,
  'ml/s/{1.73_m2}': 60,
};

/** Kidney function as the laboratory results at hand show it. `results` newest first. */
export function kidneyFunction(results: readonly LabResult[], patient: Patient | undefined): KidneyFunction {
  const reported = results
    .filter(({ loinc }) => loinc.some((code) => egfrCodes.includes(code)))
    .flatMap((result) => reportedEgfr(result) ?? [])
    // Two equations of one sample: the lower one.
    .sort((a, b) => b.at - a.at || a.value - b.value)[0];
  const creatinines = results
    .filter(({ loinc }) => loinc.some((code) => creatinineCodes.includes(code)))
    .flatMap((result) => {
      const value = quantityIn(result, toMilligramsPerDecilitre);
      return value === undefined || value <= 0 ? [] : [{ value, result }];
    });
  const [latest] = creatinines;
  const later = latest !== undefined && (reported === undefined || latest.result.at > reported.at + day);
  const computed = later ? computedEgfr(latest, patient) : undefined;
  const injury = acuteInjury(creatinines);
  const egfr = computed ?? reported;
  return { ...(egfr === undefined ? {} : { egfr }), ...(injury === undefined ? {} : { injury }) };
}

interface Creatinine {
  /** mg/dL */
  readonly value: number;
  readonly result: LabResult;
}

function reportedEgfr(result: LabResult): Egfr | undefined {
  const value = quantityIn(result, toMillilitresPerMinute);
  if (value === undefined) {
    return undefined;
  }
  const sign = result.quantity?.comparator?.[0];
  return said(value, sign === '<' || sign === '>' ? sign : '', result);
}

function computedEgfr({ value, result }: Creatinine, patient: Patient | undefined): Egfr | undefined {
  const born = moment(patient?.birthDate);
  const age = born === undefined ? Number.NaN : (result.at - born) / (365.25 * day);
  if (!(age >= 18 && age <= 120)) {
    return undefined;
  }
  const recorded = patient?.gender;
  const sexes: readonly Sex[] = recorded === 'female' || recorded === 'male' ? [recorded] : ['female', 'male'];
  const lowest = Math.min(...sexes.map((sex) => ckdEpi2021(value, age, sex)));
  const unknown = sexes.length > 1 ? '; sex not recorded, the lower of both values' : '';
  return said(lowest, '', result, `computed from creatinine ${result.shown} by CKD-EPI 2021${unknown}`);
}

function said(exact: number, comparator: Egfr['comparator'], result: LabResult, basis?: string): Egfr {
  const value = Math.round(exact);
  const text = `${comparator}${value} mL/min/1.73 m² on ${dateOf(result.at)}`;
  return { value, comparator, at: result.at, text, result, ...(basis === undefined ? {} : { basis }) };
}

/**
 * KDIGO 2012: a rise by 0.3 mg/dL within 48 hours, or to 1.5 times the lowest value of the last seven days. Only what
 * the latest creatinine shows; urine output is not known here.
 */
function acuteInjury([latest, ...earlier]: readonly Creatinine[]): KidneyFunction['injury'] {
  if (latest === undefined) {
    return undefined;
  }
  const before = (limit: number) =>
    earlier
      .filter(({ result }) => latest.result.at - result.at <= limit && result.at < latest.result.at)
      .reduce<Creatinine | undefined>(
        (low, one) => (low === undefined || one.value < low.value ? one : low),
        undefined,
      );
  const inTwoDays = before(2 * day);
  const inAWeek = before(7 * day);
  const from =
    inTwoDays !== undefined && latest.value - inTwoDays.value >= 0.3 - 1e-9
      ? inTwoDays
      : inAWeek !== undefined && latest.value >= 1.5 * inAWeek.value
        ? inAWeek
        : undefined;
  return from === undefined
    ? undefined
    : {
        text: `Creatinine rose from ${from.result.shown} (${dateOf(from.result.at)}) to ${latest.result.shown} (${dateOf(latest.result.at)}): meets a KDIGO criterion of acute kidney injury, in which eGFR is not valid`,
        results: [latest.result, from.result],
      };
}

function quantityIn({ quantity }: LabResult, factors: Readonly<Record<string, number>>): number | undefined {
  const units = [quantity?.code, quantity?.unit].map((unit) => unit?.toLowerCase().replace(/\s/g, ''));
  const known = units.find((unit) => unit !== undefined && Object.hasOwn(factors, unit));
  return known === undefined || quantity?.value === undefined ? undefined : quantity.value * (factors[known] ?? 1);
}
