import { codeSystem } from '../fhir/codes.ts';
import type { Citation } from './citation.ts';
import type { Facts } from './facts.ts';
import { loincImaging } from './imaging-terms.ts';
import { day, duration } from './moment.ts';
import type { Order } from './order.ts';
import { reasons } from './override-reasons.ts';
import { addition, replacement } from './suggestions.ts';

/** mL/min/1.73 m²; below it both statements see a high risk. */
export const egfrThreshold = 30;
/** An older estimate is taken as unknown, unless it was low: chronic disease does not pass. */
export const egfrValidDays = 90;

export type Risk = 'low' | 'injury' | 'unknown' | 'none';

export function riskOf({ kidney: { egfr, injury }, now }: Facts): Risk {
  if (injury !== undefined && now - (injury.results[0]?.at ?? 0) <= 7 * day) {
    return 'injury';
  }
  if (egfr === undefined) {
    return 'unknown';
  }
  const { value, comparator, at } = egfr;
  if (comparator === '<' ? value <= egfrThreshold : comparator === '' && value < egfrThreshold) {
    return 'low';
  }
  // "<60" and ">15" leave it open.
  const high = comparator !== '<' && value >= egfrThreshold;
  return high && now - at <= egfrValidDays * day ? 'none' : 'unknown';
}

export function commonParts(order: Order, { kidney, age }: Facts, citation: Citation) {
  const results = [...(kidney.injury?.results ?? []), ...(kidney.egfr === undefined ? [] : [kidney.egfr.result])];
  const distinct = [...new Set(results)];
  return {
    topic: 'contrast-egfr',
    sources: distinct.map(({ source }) => source),
    caveats: [
      ...(distinct.some(({ machineRead }) => machineRead)
        ? ['The kidney function was read from a document by machine and is not verified.']
        : []),
      ...(age !== undefined && age < 18 ? ['The statements are for adults; this patient is younger than 18.'] : []),
      'Acute kidney injury was looked for in the creatinine results at hand only; dialysis is not known here.',
    ],
    links: [],
    overrideReasons: reasons('benefit-outweighs-risk', 'emergency', 'on-dialysis', 'specialist-advised'),
    citation,
    basis: [
      ...(order.reference === undefined ? [] : [order.reference]),
      ...distinct.map(({ source }) => source.reference),
    ],
  };
}

export function finding({ kidney: { egfr } }: Facts, risk: 'low' | 'injury'): string {
  return risk === 'injury' ? 'Possible acute kidney injury' : `eGFR ${egfr?.text.replace(' mL/min/1.73 m²', '')}`;
}

export function details({ kidney: { egfr, injury }, now }: Facts): readonly string[] {
  return [
    ...(injury === undefined ? [] : [injury.text]),
    ...(egfr === undefined
      ? []
      : [
          `eGFR ${egfr.text}${egfr.basis === undefined ? '' : `, ${egfr.basis}`}${
            now - egfr.at > egfrValidDays * day ? `; ${duration(now - egfr.at)} old, check it again` : ''
          }`,
        ]),
  ];
}

export function lastKnown({ kidney: { egfr }, now }: Facts): string {
  return egfr === undefined
    ? 'No eGFR, and no creatinine from which it could be computed, is known here.'
    : `The last one is ${duration(now - egfr.at)} old: ${egfr.text}.`;
}

export function withoutContrast(order: Order) {
  const code = order.concept.loinc.flatMap((loinc) => loincImaging[loinc]?.without ?? [])[0];
  const display = code === undefined ? undefined : loincImaging[code]?.name;
  return code === undefined || display === undefined
    ? []
    : replacement(order, { system: codeSystem.loinc, code, display });
}

export function creatinineOrder(order: Order, { patient }: Facts) {
  return patient === undefined
    ? []
    : addition(order, patient, {
        system: codeSystem.loinc,
        code: '2160-0',
        display: 'Creatinine [Mass/volume] in Serum or Plasma',
        text: 'Creatinine with eGFR',
      });
}
