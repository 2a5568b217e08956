/** Why nothing was found. An error is a result too. */
export type NoFinding =
  | { readonly kind: 'abstention'; readonly reason: string }
  | { readonly kind: 'failed'; readonly code: string };

type Ended = { readonly kind: 'finding' } | NoFinding;

/** `finding`, or the code of the abstention or error. */
export function outcomeName(outcome: Ended): string {
  return outcome.kind === 'finding' ? 'finding' : outcome.kind === 'abstention' ? outcome.reason : outcome.code;
}

/** How many ended how. */
export function countOutcomes(outcomes: readonly Ended[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(outcomes, outcomeName)].map(([name, some]) => [name, some.length]));
}

/** What is made of all that have one label, by label in order; what has none is in no group. */
export function byLabel<T, Made>(
  all: readonly T[],
  labelOf: (one: T) => string | undefined,
  make: (some: readonly T[]) => Made,
): Readonly<Record<string, Made>> {
  return Object.fromEntries(
    [...Map.groupBy(all, labelOf)]
      .flatMap(([label, some]) => (label === undefined ? [] : [[label, make(some)] as const]))
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}
