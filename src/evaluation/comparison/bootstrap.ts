import { type Figure, withIntervals } from '../bootstrap.ts';

/** Each statistic of all items, resampled by whole patients: pairs of one patient share films. */
export function figuresByPatient<T extends { readonly patient: string }, Name extends string>(
  items: readonly T[],
  statistics: Readonly<Record<Name, (items: readonly T[]) => number>>,
  resamples: number,
): Readonly<Record<Name, Figure>> {
  const valuesOf = (some: readonly T[]) =>
    Object.fromEntries(Object.keys(statistics).map((name) => [name, statistics[name as Name](some)])) as Record<
      Name,
      number
    >;
  const patients = [...Map.groupBy(items, ({ patient }) => patient).values()];
  return withIntervals(valuesOf(items), patients, (some) => valuesOf(some.flat()), resamples);
}
