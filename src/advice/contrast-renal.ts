import { codeSystem } from '../fhir/codes.ts';
import type { Summary } from '../summary.ts';
import { gadoliniumAgents } from './contrast-agents.ts';
import type { Facts } from './facts.ts';
import { imagingProcedureOf, readable, titleOf } from './imaging-procedure.ts';
import { loincImaging } from './imaging-terms.ts';
import type { Citation } from './lab-tests.ts';
import { day, duration } from './moment.ts';
import type { Order } from './order.ts';
import { reasons } from './override-reasons.ts';
import { addition, removal, replacement } from './suggestions.ts';

const iodinated: Citation = {
  label:
    'ACR–NKF consensus statements on intravenous iodinated contrast media in patients with kidney disease, Radiology 2020;294:660-668',
  url: 'https://doi.org/10.1148/radiol.2019192094',
};
const gadolinium: Citation = {
  label:
    'ACR–NKF consensus statements on group II and group III gadolinium-based contrast media, 2021; ACR Manual on Contrast Media',
  url: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC7873723',
};

/** mL/min/1.73 m²; below it both statements see a high risk. */
export const egfrThreshold = 30;
/** An older estimate is taken as unknown, unless it was low: chronic disease does not pass. */
export const egfrValidDays = 90;

/**
 * Intravenous contrast and the kidneys. Iodinated: eGFR below 30 or acute kidney injury warns, no recent estimate
 * informs. Gadolinium: group I is contraindicated below 30 or in acute kidney injury, group III is weighed, group II
 * needs no renal check; where no agent is named, the choice of agent is what matters. No card at 30 and above.
 */
export function contrastRenal(facts: Facts): readonly Summary[] {
  return facts.orders.flatMap((order) => {
    const procedure = imagingProcedureOf(order.concept, order.texts);
    if (procedure?.contrast !== 'with') {
      return [];
    }
    const summary =
      procedure.modality === 'CT' || procedure.modality === 'XR'
        ? iodinatedSummary(order, titleOf(procedure), facts)
        : procedure.modality === 'MR'
          ? gadoliniumSummary(order, titleOf(procedure), facts)
          : undefined;
    return summary === undefined ? [] : [summary];
  });
}

type Risk = 'low' | 'injury' | 'unknown' | 'none';

function riskOf({ kidney: { egfr, injury }, now }: Facts): Risk {
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

function iodinatedSummary(order: Order, title: string, facts: Facts): Summary | undefined {
  const risk = riskOf(facts);
  if (risk === 'none') {
    return undefined;
  }
  const common = commonParts(order, facts, iodinated);
  if (risk === 'unknown') {
    return {
      ...common,
      indicator: 'info',
      headline: `No usable eGFR within ${egfrValidDays} days for this ${title} with iodinated contrast`,
      lines: [
        lastKnown(facts),
        'Kidney function is to be known where kidney disease, recent acute kidney injury or another risk is possible.',
      ],
      suggestions: creatinineOrder(order, facts),
    };
  }
  return {
    ...common,
    indicator: 'warning',
    headline: `${finding(facts, risk)}: iodinated contrast ordered (${title})`,
    lines: [
      ...details(facts),
      'Risk of contrast-associated acute kidney injury is high below 30 and in acute kidney injury; a necessary study without an alternative need not be withheld for it.',
      'If contrast is given: prophylaxis with intravenous normal saline is indicated when not on maintenance dialysis; withhold avoidable nephrotoxic drugs.',
      'If taking metformin: stop it at the time of the study, restart after 48 hours only when kidney function has been checked again.',
    ],
    suggestions: [...withoutContrast(order), ...removal(order)],
  };
}

function gadoliniumSummary(order: Order, title: string, facts: Facts): Summary | undefined {
  const text = readable(order.texts);
  const agent = gadoliniumAgents.find(({ words }) => words.test(text));
  const risk = riskOf(facts);
  if (agent?.group === 'II' || risk === 'none' || (risk === 'unknown' && agent === undefined)) {
    return undefined;
  }
  const common = commonParts(order, facts, gadolinium);
  if (risk === 'unknown') {
    return {
      ...common,
      indicator: agent?.group === 'I' ? 'warning' : 'info',
      headline: `No usable eGFR within ${egfrValidDays} days; ${agent?.name} (ACR group ${agent?.group}) ordered for ${title}`,
      lines: [lastKnown(facts), 'Group II agents need no assessment of kidney function.'],
      suggestions: creatinineOrder(order, facts),
    };
  }
  const known = details(facts);
  if (agent?.group === 'I') {
    return {
      ...common,
      indicator: 'critical',
      headline: `${finding(facts, risk)}: ${agent.name} is contraindicated (ACR group I)`,
      lines: [...known, 'Risk of nephrogenic systemic fibrosis. Use a group II agent instead, or no contrast.'],
      suggestions: [...withoutContrast(order), ...removal(order)],
    };
  }
  return agent === undefined
    ? {
        ...common,
        indicator: 'info',
        headline: `${finding(facts, risk)}: use a group II gadolinium agent (${title})`,
        lines: [
          ...known,
          'No agent is named. Group I agents are contraindicated below 30 and in acute kidney injury; with group II the risk of nephrogenic systemic fibrosis is very low, and delaying a needed study is likely the greater harm.',
        ],
        suggestions: withoutContrast(order),
      }
    : {
        ...common,
        indicator: 'warning',
        headline: `${finding(facts, risk)}: ${agent.name} (ACR group III) ordered`,
        lines: [
          ...known,
          'Few data on nephrogenic systemic fibrosis: weigh the need for this agent; a group II agent where it serves.',
        ],
        suggestions: [...withoutContrast(order), ...removal(order)],
      };
}

function commonParts(order: Order, { kidney, age }: Facts, citation: Citation) {
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

function finding({ kidney: { egfr } }: Facts, risk: 'low' | 'injury'): string {
  return risk === 'injury' ? 'Possible acute kidney injury' : `eGFR ${egfr?.text.replace(' mL/min/1.73 m²', '')}`;
}

function details({ kidney: { egfr, injury }, now }: Facts): readonly string[] {
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

function lastKnown({ kidney: { egfr }, now }: Facts): string {
  return egfr === undefined
    ? 'No eGFR, and no creatinine from which it could be computed, is known here.'
    : `The last one is ${duration(now - egfr.at)} old: ${egfr.text}.`;
}

function withoutContrast(order: Order) {
  const code = order.concept.loinc.flatMap((loinc) => loincImaging[loinc]?.without ?? [])[0];
  const display = code === undefined ? undefined : loincImaging[code]?.name;
  return code === undefined || display === undefined
    ? []
    : replacement(order, { system: codeSystem.loinc, code, display });
}

function creatinineOrder(order: Order, { patient }: Facts) {
  return patient === undefined
    ? []
    : addition(order, patient, {
        system: codeSystem.loinc,
        code: '2160-0',
        display: 'Creatinine [Mass/volume] in Serum or Plasma',
        text: 'Creatinine with eGFR',
      });
}
