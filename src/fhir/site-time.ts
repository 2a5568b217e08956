/**
 * `2026-11-12` or `2026-11-12T07:40[:05]` as a document or a DICOM header has it → FHIR dateTime: a date stays a date, a
 * time gets the offset that the site's IANA zone had then (around a change of the clock the one before it). Where the site
 * names no zone (empty) the date stands alone: FHIR wants an offset with a time, and none is invented.
 */
export function siteDateTime(local: string, timeZone: string): string {
  const date = local.slice(0, 10);
  const time = local.length === 16 ? `${local}:00` : local;
  const asUtc = Date.parse(`${time}Z`);
  if (!local.includes('T') || timeZone === '' || Number.isNaN(asUtc)) {
    return date;
  }
  // Twice: near a change of the clock the first offset may be that of the other side.
  const offset = offsetAt(asUtc - offsetAt(asUtc, timeZone) * 60_000, timeZone);
  const [sign, size] = [offset < 0 ? '-' : '+', Math.abs(offset)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${time}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Minutes east of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '');
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}
