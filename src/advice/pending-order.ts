import type { Summary } from '../summary.ts';
import { testsOf } from './duplicate-test.ts';
import type { Facts } from './facts.ts';
import { type ImagingProcedure, imagingProcedureOf } from './imaging-procedure.ts';
import { dateOf, day, moment } from './moment.ts';
import type { Order } from './order.ts';
import { reasons } from './override-reasons.ts';
import { removal } from './suggestions.ts';

/** An order placed longer ago is taken to have been forgotten rather than pending. */
export const pendingDays = 14;

/** The same test or study has been ordered already, or stands twice among the drafts, and has no result yet. */
export function pendingOrder({ orders, placed, now }: Facts): readonly Summary[] {
  return orders.flatMap((order, index) => {
    const other =
      placed.find((one) => isPending(one, now) && same(one, order)) ??
      orders.slice(0, index).find((one) => same(one, order));
    return other === undefined ? [] : [summaryOf(order, other)];
  });
}

function isPending({ resource }: Order, now: number): boolean {
  const authored = moment(resource.authoredOn);
  return authored !== undefined && authored <= now && now - authored <= pendingDays * day;
}

function same(a: Order, b: Order): boolean {
  const tests = testsOf(a).map(({ id }) => id);
  const others = testsOf(b).map(({ id }) => id);
  if (tests.length > 0 || others.length > 0) {
    return tests.join() === others.join() && !isRepeating(a) && !isRepeating(b);
  }
  const codes = a.concept.loinc.some((code) => b.concept.loinc.includes(code));
  return codes || sameImaging(imagingProcedureOf(a.concept, a.texts), imagingProcedureOf(b.concept, b.texts));
}

/** A series is one order on purpose. */
function isRepeating({ resource }: Order): boolean {
  return resource.occurrenceTiming !== undefined;
}

function sameImaging(a: ImagingProcedure | undefined, b: ImagingProcedure | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.regions.length > 0 &&
    a.modality === b.modality &&
    a.regions.join() === b.regions.join() &&
    a.side === b.side &&
    a.contrast === b.contrast
  );
}

function summaryOf(order: Order, other: Order): Summary {
  const authored = moment(other.resource.authoredOn);
  const draft = other.resource.status === 'draft';
  const when = authored === undefined || draft ? '' : ` on ${dateOf(authored)}`;
  return {
    topic: 'duplicate-order',
    indicator: 'warning',
    headline: draft
      ? `${order.label} stands twice among these orders`
      : `${other.label} was ordered already${when} and is not resulted yet`,
    lines: [],
    sources:
      other.reference === undefined
        ? []
        : [{ label: other.label, date: other.resource.authoredOn, reference: other.reference }],
    caveats: [],
    links: [],
    suggestions: removal(order, true),
    overrideReasons: reasons('condition-changed', 'other-question', 'protocol-requires'),
    basis: [order.reference, other.reference].filter((reference) => reference !== undefined),
  };
}
