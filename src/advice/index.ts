import type { Summary } from '../summary.ts';
import { contrastRenal } from './contrast-renal.ts';
import { duplicateTest } from './duplicate-test.ts';
import { type Facts, factsOf } from './facts.ts';
import type { AdviceInput } from './input.ts';
import { pendingOrder } from './pending-order.ts';
import { recentImaging } from './recent-imaging.ts';

export type { AdviceInput } from './input.ts';

/** Every rule: facts of one chart and its draft orders → what to know before ordering. Pure. */
const rules: readonly ((facts: Facts) => readonly Summary[])[] = [
  contrastRenal,
  duplicateTest,
  pendingOrder,
  recentImaging,
];

/** Advice on draft orders, in no order of importance; whoever shows it ranks it. Never throws on odd input. */
export function advise(input: AdviceInput): readonly Summary[] {
  const facts = factsOf(input);
  return rules.flatMap((rule) => rule(facts));
}
