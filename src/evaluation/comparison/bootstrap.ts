import { type Figure, seeded } from '../figures.ts';

const rounded = (value: number): number | null => (Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null);

/**
 * Each statistic of all items with its 95 % interval: percentile bootstrap over whole patients, since pairs of one patient
 * share films. Seeded. Resamples in which a statistic is not defined do not count for it.
 */
export function figuresByPatient<T extends { readonly patient: string }, Name extends string>(
  items: readonly T[],
  statistics: Readonly<Record<Name, (items: readonly T[]) => number>>,
  resamples: number,
): Readonly<Record<Name, Figure>> {
  const names = Object.keys(statistics) as Name[];
  const patients = [...Map.groupBy(items, ({ patient }) => patient).values()];
  const drawn = new Map(names.map((name) => [name, [] as number[]]));
  const random = seeded(20_250_301);
  for (let round = 0; round < resamples && patients.length > 1; round++) {
    const some = patients.flatMap(() => patients[Math.floor(random() * patients.length)]!);
    for (const name of names) {
      const value = statistics[name](some);
      if (Number.isFinite(value)) {
        drawn.get(name)!.push(value);
      }
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const sorted = drawn.get(name)!.sort((one, other) => one - other);
      const at = (share: number): number | null =>
        rounded(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
      return [name, { value: rounded(statistics[name](items)), low: at(0.025), high: at(0.975) }];
    }),
  ) as Record<Name, Figure>;
}
