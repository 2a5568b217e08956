export const hour = 3_600_000;
export const day = 24 * hour;

/**
 * Epoch milliseconds of a FHIR date or dateTime; undefined when it is none. A date without a time is its first moment
 * in UTC, a month its first day: what is old by a day too much is kept silent about rather than warned of.
 */
export function moment(dateTime: unknown): number | undefined {
  if (typeof dateTime !== 'string' || !/^\d{4}(-\d{2}(-\d{2}(T.+)?)?)?$/.test(dateTime)) {
    return undefined;
  }
  // A time without a zone is no FHIR dateTime, but it is sent; the machine's own zone must not decide.
  const zoned = /T/.test(dateTime) && !/(Z|[+-]\d{2}:\d{2})$/i.test(dateTime) ? `${dateTime}Z` : dateTime;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : time;
}

/** `2026-11-01` */
export function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** `5 hours`, `21 days`, `4 months`: how long, for people. */
export function duration(milliseconds: number): string {
  const hours = Math.round(milliseconds / hour);
  if (hours < 48) {
    return count(Math.max(hours, 1), 'hour');
  }
  const days = Math.round(milliseconds / day);
  return days < 90 ? count(days, 'day') : count(Math.round(days / 30.44), 'month');
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}
