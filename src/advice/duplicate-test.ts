import type { Summary } from '../summary.ts';
import type { Facts } from './facts.ts';
import type { LabResult } from './lab-result.ts';
import { type LabTest, labTests } from './lab-tests.ts';
import { dateOf, duration, hour } from './moment.ts';
import type { Order } from './order.ts';
import { reasons } from './override-reasons.ts';
import { removal } from './suggestions.ts';

interface Repeat {
  readonly test: LabTest;
  /** The latest result of each analyte. */
  readonly results: readonly LabResult[];
  /** The oldest of them: from it the interval counts. */
  readonly at: number;
}

/**
 * A test that was resulted inside its minimum retesting interval. The guidance is for adults; results that were flagged
 * critical are to be repeated and give no advice.
 */
export function duplicateTest({ orders, results, age, now }: Facts): readonly Summary[] {
  if (age !== undefined && age < 18) {
    return [];
  }
  return orders.flatMap((order) => {
    const tests = testsOf(order);
    const repeats = tests.flatMap((test) => repeatOf(test, order, results) ?? []);
    const caveats = age === undefined ? ['No birth date is known; the intervals are for adults.'] : [];
    return repeats.map((repeat) => summaryOf(repeat, order, repeats.length === tests.length, caveats, now));
  });
}

/** By code; by name where no code is known here. */
export function testsOf(order: Order): readonly LabTest[] {
  const coded = labTests.filter(({ loinc }) => loinc.some((code) => order.concept.loinc.includes(code)));
  if (coded.length > 0) {
    return coded;
  }
  const text = order.concept.texts.join(' | ').toLowerCase();
  return labTests.filter(({ names }) => names.test(text));
}

function repeatOf(test: LabTest, order: Order, results: readonly LabResult[]): Repeat | undefined {
  const earliest = order.at - test.retestHours * hour;
  const found = test.analytes.map((codes) =>
    results.find(({ loinc, at }) => at >= earliest && at <= order.at && loinc.some((code) => codes.includes(code))),
  );
  const all = found.filter((result) => result !== undefined);
  return all.length < test.analytes.length || all.some(({ critical }) => critical)
    ? undefined
    : { test, results: all, at: Math.min(...all.map(({ at }) => at)) };
}

function summaryOf(
  { test, results, at }: Repeat,
  order: Order,
  wholeOrder: boolean,
  more: readonly string[],
  now: number,
): Summary {
  const [first] = results;
  const what =
    results.length === 1 && first !== undefined ? `${test.title} was ${first.shown}` : `${test.title} was resulted`;
  const ago = `${duration(now - at)} ago (${dateOf(at)})`;
  const interval = duration(test.retestHours * hour);
  const machineRead = results.some((result) => result.machineRead);
  return {
    topic: 'duplicate-order',
    indicator: 'warning',
    headline: `${what} ${ago}; a repeat within ${interval} rarely adds information`,
    lines: [
      ...results.map(
        (result) =>
          `${result.name}: ${result.shown}, ${result.date.slice(0, 10)}${result.machineRead ? ' (read from a document, preliminary)' : ''}`,
      ),
      `Minimum retesting interval ${interval}: from ${dateOf(at + test.retestHours * hour)}`,
    ],
    sources: results.map(({ source }) => source),
    caveats: [
      ...(test.except === undefined ? [] : [`Does not hold for: ${test.except}`]),
      ...(machineRead
        ? ['At least one of these results was read from a document by machine and is not verified.']
        : []),
      ...more,
    ],
    links: [],
    suggestions: wholeOrder ? removal(order, !machineRead) : [],
    overrideReasons: reasons('condition-changed', 'result-doubtful', 'result-not-available', 'protocol-requires'),
    citation: test.citation,
    basis: [
      ...(order.reference === undefined ? [] : [order.reference]),
      ...results.map(({ source }) => source.reference),
    ],
  };
}
