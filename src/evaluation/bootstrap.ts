/** One figure with its 95 % interval by resampling; null where there is nothing to divide by. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Six digits behind the point; null for what is no number. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null);

/**
 * Values with their 95 % intervals: percentile bootstrap over whole units, since what belongs to one unit is not independent.
 * Seeded. Resamples in which a value is not defined do not count for it.
 */
export function withIntervals<Unit, Name extends string>(
  values: Readonly<Record<Name, number>>,
  units: readonly Unit[],
  measure: (drawn: readonly Unit[]) => Readonly<Record<Name, number>>,
  resamples: number,
): Readonly<Record<Name, Figure>> {
  const names = Object.keys(values) as Name[];
  const drawn = new Map(names.map((name) => [name, [] as number[]]));
  const random = seeded(20_250_301);
  for (let round = 0; round < resamples && units.length > 1; round++) {
    const found = measure(units.map(() => units[Math.floor(random() * units.length)]!));
    for (const name of names) {
      if (Number.isFinite(found[name])) drawn.get(name)!.push(found[name]);
    }
  }
  return Object.fromEntries(
    names.map((name) => {
      const sorted = drawn.get(name)!.sort((one, other) => one - other);
      const at = (share: number) =>
        orNull(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
      return [name, { value: orNull(values[name]), low: at(0.025), high: at(0.975) }];
    }),
  ) as Record<Name, Figure>;
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
