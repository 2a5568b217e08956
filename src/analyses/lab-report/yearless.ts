/** ISO day, or day and minute, in both orders of day and month. A day that is printed without its year is of the year 0000. */
export type Readings = readonly [string, string];

/**
 * Days without a year → the last such day before `latest`, the day of the report. Where none is known, one reading has all of
 * them in one year and the other has January to June follow December: a newest day that is the same in both is the newest.
 */
export function withYears(readings: Readings, latest: string | undefined): Readings {
  const [a, b] = readings;
  if (!a.startsWith('0000')) return readings;
  if (!latest) return [a, b.slice(5, 7) <= '06' ? `0001${b.slice(4)}` : b];
  const year = (iso: string) =>
    String(Number(latest.slice(0, 4)) - (iso.slice(4, 10) > latest.slice(4, 10) ? 1 : 0)).padStart(4, '0');
  return [`${year(a)}${a.slice(4)}`, `${year(b)}${b.slice(4)}`];
}

/** Whether nothing tells the year of a day. */
export function isYearless(iso: string): boolean {
  return iso.startsWith('000');
}

/** Whether days follow each other in one direction, as those of one table do where their years are right. */
export function inOrder(days: readonly string[]): boolean {
  return [1, -1].some((sign) => days.every((day, at) => at === 0 || sign * day.localeCompare(days[at - 1]!) >= 0));
}
