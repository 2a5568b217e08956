/**
 * A local time of a DICOM header → FHIR dateTime with the offset that the zone had then; a date stays a date. Around a
 * change of the clock the offset before it is taken.
 */
export function zonedTime(local: string, timeZone: string): string {
  // Without a zone of the site no offset is invented: the date stands alone.
  if (!local.includes('T') || timeZone === '') {
    return local.slice(0, 10);
  }
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) {
    return local.slice(0, 10);
  }
  const offset = offsetMinutes(asUtc - offsetMinutes(asUtc, timeZone) * 60_000, timeZone);
  const [sign, size] = [offset < 0 ? '-' : '+', Math.abs(offset)];
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${local}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

function offsetMinutes(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '');
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}
