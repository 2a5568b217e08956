import type { Summary } from '../summary.ts';
import type { Citation } from './citation.ts';
import {
  commonParts,
  creatinineOrder,
  details,
  egfrValidDays,
  finding,
  lastKnown,
  riskOf,
  withoutContrast,
} from './contrast-risk.ts';
import type { Facts } from './facts.ts';
import type { Order } from './order.ts';
import { removal } from './suggestions.ts';

const consensus: Citation = {
  label:
    'ACR–NKF consensus statements on intravenous iodinated contrast media in patients with kidney disease, Radiology 2020;294:660-668',
  url: 'https://doi.org/10.1148/radiol.2019192094',
};
/** Warns below 30 and in acute kidney injury, informs where no recent estimate is known, is silent otherwise. */
export function iodinatedSummary(order: Order, title: string, facts: Facts): Summary | undefined {
  const risk = riskOf(facts);
  if (risk === 'none') {
    return undefined;
  }
  const common = commonParts(order, facts, consensus);
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
