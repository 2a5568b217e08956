import { type ImagingFact, imagingFactsOf } from './imaging-study.ts';
import type { AdviceInput } from './input.ts';
import { type KidneyFunction, kidneyFunction } from './kidney.ts';
import { type LabResult, labResultsOf } from './lab-result.ts';
import { day, moment } from './moment.ts';
import { type Order, orderOf, ordersOf } from './order.ts';

/** The chart as rules look at it. */
export interface Facts {
  readonly now: number;
  readonly orders: readonly Order[];
  /** Orders already placed, without those that are drafts here. */
  readonly placed: readonly Order[];
  /** Newest first. */
  readonly results: readonly LabResult[];
  readonly studies: readonly ImagingFact[];
  readonly kidney: KidneyFunction;
  /** `Patient/id`, for orders that are suggested. */
  readonly patient?: string;
  /** Years; undefined when no birth date is known. */
  readonly age?: number;
}

export function factsOf(input: AdviceInput): Facts {
  const now = moment(input.now) ?? 0;
  const orders = ordersOf(input);
  const drafts = new Set(input.orders.map(({ resourceType, id }) => `${resourceType}/${id}`));
  const results = labResultsOf(input.observations, now);
  const born = moment(input.patient?.birthDate);
  return {
    now,
    orders,
    placed: (input.requests ?? [])
      .filter(
        ({ id, status, doNotPerform }) => status === 'active' && !doNotPerform && !drafts.has(`ServiceRequest/${id}`),
      )
      .map((request) => orderOf(request, now)),
    results,
    studies: imagingFactsOf(input.studies, input.reports, input.observations, now),
    kidney: kidneyFunction(results, input.patient),
    ...(input.patient?.id === undefined ? {} : { patient: `Patient/${input.patient.id}` }),
    ...(born === undefined || born > now ? {} : { age: (now - born) / (365.25 * day) }),
  };
}
