/** Milliseconds since 1970, both ends included. */
export type Span = readonly [from: number, to: number];

/** Later and earlier than any FHIR date; exactly representable. */
export const FAR_FUTURE = 8.64e15;
export const FAR_PAST = -8.64e15;

const pattern =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/**
 * The span of time that a FHIR date, dateTime or instant covers at its precision. Without a zone it is taken as UTC, so
 * that an answer does not depend on where the server runs. `undefined` when it is not a date.
 */
export function parseDate(text: string): Span | undefined {
  const match = pattern.exec(text);
  if (!match) {
    return undefined;
  }
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const y = Number(year);
  const mo = Number(month ?? 1) - 1;
  const d = Number(day ?? 1);
  const ms = fraction ? Number(fraction.padEnd(3, '0').slice(0, 3)) : 0;
  const from = utc(y, mo, d, Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0), ms) - offset(zone);
  const date = new Date(utc(y, mo, d));
  if (date.getUTCMonth() !== mo || date.getUTCDate() !== d || Number(hour ?? 0) > 24 || Number(minute ?? 0) > 59) {
    return undefined;
  }
  if (fraction) return [from, from];
  if (second) return [from, from + 999];
  if (minute) return [from, from + 59_999];
  if (day) return [from, utc(y, mo, d + 1) - 1];
  return month ? [from, utc(y, mo + 1, 1) - 1] : [from, utc(y + 1, 0, 1) - 1];
}

/** The span of a date, a Period or the dates that a Timing names. */
export function spanOf(value: unknown): Span | undefined {
  if (typeof value === 'string') {
    return parseDate(value);
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { start, end, event, repeat } = value as {
    start?: string;
    end?: string;
    event?: readonly string[];
    repeat?: { boundsPeriod?: object };
  };
  if (start !== undefined || end !== undefined) {
    const from = start === undefined ? [FAR_PAST] : parseDate(start);
    const to = end === undefined ? [FAR_FUTURE, FAR_FUTURE] : parseDate(end);
    return from && to ? [from[0]!, to[1]!] : undefined;
  }
  const spans = [...(event ?? []), repeat?.boundsPeriod].flatMap((part) => {
    const span = part === undefined ? undefined : spanOf(part);
    return span ? [span] : [];
  });
  return spans.length > 0
    ? [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))]
    : undefined;
}

// Date.UTC reads years below 100 as 19xx
function utc(year: number, month: number, day: number, hour = 0, minute = 0, second = 0, ms = 0): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.setUTCHours(hour, minute, second, ms);
}

function offset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') {
    return 0;
  }
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
