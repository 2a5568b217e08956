import { type DayOrder, findDate, findTime } from './dates.ts';

/** ISO day, or day and minute, in both orders of day and month. A day that is printed without its year is of the year 0000. */
export type Readings = readonly [string, string];

/** What a date over a column, or before a line, says; `date` where its order is known. */
export interface ColumnDate {
  readonly date?: string;
  readonly readings: Readings;
}

/** A text that is a time of day and nothing else, as HH:MM. */
export function timeAlone(text: string): string | undefined {
  const bare = /^\(?([01]\d|2[0-3])([0-5]\d)\)?$/.exec(text.trim());
  return bare
    ? `${bare[1]}:${bare[2]}`
    : /^\(?\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?|h|uhr)?\)?$/i.test(text.trim())
      ? findTime(text)
      : undefined;
}

/** The same days at this time, HH:MM. */
export function withTime([a, b]: Readings, time: string): Readings {
  return [`${a.slice(0, 10)}T${time}`, `${b.slice(0, 10)}T${time}`];
}

const weekday =
  /^(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|jeu|jue|gio|ven|vie|sam|sáb|dim|dom|seg|ter|qua|qui|sex)[a-z]{0,6}[.,]?\s+/i;

/** A date and nothing else, but for the weekday. Without a year it is of the year 0000. */
export function wholeDate(text: string, order: DayOrder): ColumnDate | undefined {
  const bare = text.replace(weekday, '');
  const whole = (as: DayOrder) => {
    // "Mar 25, 2026" is of March in English and of a Tuesday in Spanish.
    const date = [text, bare].map((one) => ({ one, date: findDate(one, as) }));
    return date.find(({ one, date: found }) => found && found.length >= one.length - 2)?.date?.iso;
  };
  const date = whole(order);
  if (date) return { date, readings: [date, date] };
  const [day, month] = [whole('day-first'), whole('month-first')];
  return day || month ? { readings: [day ?? month!, month ?? day!] } : (yearless(text, order) ?? yearless(bare, order));
}

/** "15-Oct", "04/12", "Dec 4", "4 Dec 08:15": columns are told apart by it, the report tells the year. */
function yearless(text: string, order: DayOrder): ColumnDate | undefined {
  const { day, month, rest } =
    yearlessForms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined) ?? {};
  if (!day || !month) return undefined;
  const time = rest === undefined ? '' : timeAlone(rest);
  const orders = order === 'undecided' ? (['day-first', 'month-first'] as const) : ([order, order] as const);
  const [a, b] = orders.map((one) => findDate(`${day}-${month}-2000`, one)?.iso);
  if (time === undefined || !(a ?? b)) return undefined;
  const dayOf = (iso: string) => `0000${iso.slice(4, 10)}${time && `T${time}`}`;
  const readings = [dayOf((a ?? b)!), dayOf((b ?? a)!)] as const;
  return { ...(readings[0] === readings[1] ? { date: readings[0] } : {}), readings };
}

const behind = String.raw`(?:[.,]?\s+(?<rest>\d.*))?$`;
/** "12.5" is a number and "3-5" are limits; "12.5." is a day. */
const yearlessForms: readonly RegExp[] = [
  new RegExp(String.raw`^(?<day>\d{1,2})[-/. ]?(?<month>\p{L}{3,9})\.?${behind}`, 'u'),
  new RegExp(String.raw`^(?<month>\p{L}{3,9})\.?[- ](?<day>\d{1,2})${behind}`, 'u'),
  new RegExp(String.raw`^(?<day>\d{1,2})/(?<month>\d{1,2})${behind}`),
  /^(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?:\s*(?<rest>\d.*))?$/,
];

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

/** Index of the one column, or line, that is the newest in both orders of day and month. */
export function newestOf(readings: readonly Readings[]): number | undefined {
  const [one, other] = ([0, 1] as const).map((order) => {
    const latest = readings.map((each) => each[order]).reduce((a, b) => (a > b ? a : b), '');
    const at = readings.flatMap((each, index) => (each[order] === latest ? [index] : []));
    return at.length === 1 ? at[0] : undefined;
  });
  return one === other ? one : undefined;
}
