/** A wall-clock moment at the site, so many days before the sample set's `now`. */
export interface Moment {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  /** HH:MM */
  readonly time: string;
  /** YYYY-MM-DD */
  readonly date: string;
  /** FHIR dateTime with the offset that the site's zone has on that day. */
  readonly dateTime: string;
  /** What a reader may make of date and time printed without a zone: the date alone when the site names no zone. */
  readonly asRead: string;
}

export interface Calendar {
  readonly now: Date;
  readonly timeZone: string;
  daysAgo(days: number, time: string): Moment;
}

/**
 * Dates are counted back from `now` on the site's own calendar; a site without a zone (empty string) lives in UTC.
 * Throws RangeError for an unknown zone.
 */
export function createCalendar(now: Date, siteZone: string): Calendar {
  const timeZone = siteZone || 'UTC';
  const today = wallClock(now, timeZone);
  return {
    now,
    timeZone,
    daysAgo(days, time) {
      const at = new Date(Date.UTC(today.year, today.month - 1, today.day - days));
      const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
      const date = `${year}-${pad(month)}-${pad(day)}`;
      const dateTime = `${date}T${time}:00${offset(date, time, timeZone)}`;
      return { year, month, day, time, date, dateTime, asRead: siteZone ? dateTime : date };
    },
  };
}

/** The offset that makes this wall-clock time true in the zone; in a gap of the clock the offset before it. */
function offset(date: string, time: string, timeZone: string): string {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  let minutes = 0;
  for (let round = 0; round < 2; round++) {
    const wall = wallClock(new Date(asUtc - minutes * 60_000), timeZone);
    minutes +=
      Math.round(
        (Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) - (asUtc - minutes * 60_000)) / 60_000,
      ) - minutes;
  }
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function wallClock(instant: Date, timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  return { year: part.year!, month: part.month!, day: part.day!, hour: part.hour!, minute: part.minute! };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
