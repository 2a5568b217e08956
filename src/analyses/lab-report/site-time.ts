/**
 * `2026-11-12` or `2026-11-12T07:40` as printed → FHIR dateTime: the date, or the time with the site's offset then. Where
 * the site names no zone (empty) the date alone: FHIR wants an offset with a time, and none is invented.
 */
export function siteDateTime(printed: string, timeZone: string): string {
  if (!printed.includes('T') || timeZone === '') {
    return printed.slice(0, 10);
  }
  const local = printed.length === 16 ? `${printed}:00` : printed;
  const asUtc = Date.parse(`${local}Z`);
  // Twice: near a change of the clock the first offset may be that of the other side.
  let offset = offsetAt(asUtc, timeZone);
  offset = offsetAt(asUtc - offset * 60_000, timeZone);
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.abs(offset);
  return `${local}${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Minutes east of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    parts.map(({ type, value }) => [type, Number(value)]),
  );
  return Math.round((Date.UTC(year!, month! - 1, day, hour, minute, second) - instant) / 60_000);
}
