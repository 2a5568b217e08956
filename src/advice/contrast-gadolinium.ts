import type { Summary } from '../summary.ts';
import type { Citation } from './citation.ts';
import { gadoliniumAgents } from './contrast-agents.ts';
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
import { readable } from './imaging-procedure.ts';
import type { Order } from './order.ts';
import { removal } from './suggestions.ts';

const consensus: Citation = {
  label:
    'ACR–NKF consensus statements on group II and group III gadolinium-based contrast media, 2021; ACR Manual on Contrast Media',
  url: 'https://pmc.ncbi.nlm.nih.gov/articles/PMC7873723',
};

/** By ACR group of the agent; where none is named, which agent is chosen is what matters below 30. */
export function gadoliniumSummary(order: Order, title: string, facts: Facts): Summary | undefined {
  const text = readable(order.texts);
  const agent = gadoliniumAgents.find(({ words }) => words.test(text));
  const risk = riskOf(facts);
  if (agent?.group === 'II' || risk === 'none' || (risk === 'unknown' && agent === undefined)) {
    return undefined;
  }
  const common = commonParts(order, facts, consensus);
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
