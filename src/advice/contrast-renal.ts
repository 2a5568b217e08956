import type { Summary } from '../summary.ts';
import { gadoliniumSummary } from './contrast-gadolinium.ts';
import { iodinatedSummary } from './contrast-iodinated.ts';
import type { Facts } from './facts.ts';
import { imagingProcedureOf, titleOf } from './imaging-procedure.ts';

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
