const months: readonly (readonly string[])[] = [
  ['jan', 'ene', 'janv', 'gen', 'januar', 'january', 'enero', 'janvier', 'gennaio', 'janeiro'],
  ['feb', 'fev', 'fevr', 'february', 'februar', 'febrero', 'fevrier', 'febbraio', 'fevereiro'],
  ['mar', 'mrz', 'maer', 'mars', 'march', 'marz', 'marzo', 'maerz', 'marco'],
  ['apr', 'abr', 'avr', 'april', 'abril', 'avril', 'aprile'],
  ['may', 'mai', 'mayo', 'mag', 'maggio', 'maio'],
  ['jun', 'juin', 'giu', 'june', 'juni', 'junio', 'giugno', 'junho'],
  ['jul', 'juil', 'lug', 'july', 'juli', 'julio', 'juillet', 'luglio', 'julho'],
  ['aug', 'ago', 'aou', 'aout', 'august', 'agosto'],
  ['sep', 'set', 'sept', 'september', 'septiembre', 'septembre', 'settembre', 'setembro'],
  ['oct', 'okt', 'ott', 'out', 'october', 'oktober', 'octubre', 'octobre', 'ottobre', 'outubro'],
  ['nov', 'november', 'noviembre', 'novembre', 'novembro'],
  ['dec', 'dez', 'dic', 'december', 'dezember', 'diciembre', 'decembre', 'dicembre', 'dezembro'],
];
const monthOf = new Map(months.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

/** Day and month order of a document; undecided reads 03/04 as nothing rather than guess. */
export type DayOrder = 'day-first' | 'month-first' | 'undecided';

/**
 * `08:30`, `8h30`, `08.30 Uhr`, `ore 7.45`, `8:30:15 p.m.`, `0830 hrs`; groups: hour, minute, second, half of the day. A bare
 * `14.20` behind a date is rather a result.
 */
const before = String.raw`(?:at|um|a las|alle|ore|as|a|kl\.?|time|uhrzeit|hora|heure)`;
const hours = String.raw`(?:uhr|hours|hrs|hs|h)\b`;
const separator = String.raw`(?:\s?[:h]\s?|\.(?=\d{2}\s?(?:${hours}|[ap]\.?\s?m\b))|(?<=${before}[:\s]\s*\d{1,2})\.|(?=\d{2}\s?${hours}))`;
const clock = String.raw`(\d{1,2})${separator}(\d{2})(?!\d)(?:[:.](\d{2}))?\s?([ap]\.?\s?m\b\.?)?(?:\s*${hours})?`;
/** "03/14/2025 0830": four digits right behind a date. */
const military = String.raw`(?:\s+|@\s?)([01]\d|2[0-3])([0-5]\d)(?![\d.,]|\s?[-–]\s?\d|\s?[a-z%µ]+\/)(?:\s*${hours})?`;
const time = String.raw`(?:(?:[T,;|\s–-]|\s/\s|\.(?=\d{2}:\d))*(?:\(\s*)?(?:${before}[:\s]\s*|@\s*)?${clock}|${military})?`;
const timeOnly = new RegExp(String.raw`^\W*(?:${before}[:\s]\s*)?${clock}()()`, 'i');
const forms: readonly RegExp[] = [
  new RegExp(String.raw`\b(?<y>(?:19|20)\d{2})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})${time}`, 'i'),
  new RegExp(String.raw`\b(?<a>\d{1,2})[-/.](?<b>\d{1,2})[-/.](?<y>(?:19|20)\d{2}|\d{2})(?!\d)${time}`, 'i'),
  new RegExp(
    String.raw`\b(?<d>\d{1,2})(?:st|nd|rd|th|er|[º°])?[\s./-]*(?:de\s+)?(?<w>\p{L}{3,10})\.?[\s,./-]*(?:de\s+)?(?<y>(?:19|20)\d{2}|\d{2})(?!\d)${time}`,
    'iu',
  ),
  new RegExp(String.raw`\b(?<w>\p{L}{3,10})\.?\s+(?<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<y>(?:19|20)\d{2})${time}`, 'iu'),
];

export interface PrintedDate {
  /** YYYY-MM-DD, with THH:MM when a time is printed. */
  readonly iso: string;
  readonly index: number;
  readonly length: number;
}

/** The first date in the text. 2-digit years above `pivot` belong to the last century. */
export function findDate(text: string, order: DayOrder, pivot = 40): PrintedDate | undefined {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  const source = asDigits(plain.length === text.length ? plain : text.normalize('NFC'));
  let found: PrintedDate | undefined;
  for (const form of forms) {
    const match = form.exec(source);
    if (!match || (found && found.index <= match.index)) continue;
    const iso = toIso(match, order, pivot);
    if (iso) found = { iso, index: match.index, length: match[0].trimEnd().length };
  }
  return found;
}

/** "O9/07/2O25": letters that recognition took digits for. */
function asDigits(text: string): string {
  return text.replace(/(?<!\w)[\dOoIl]{1,2}([-/.])[\dOoIl]{1,2}\1[\dOoIl]{2,4}(?!\w)/g, (date) =>
    (date.match(/\d/g)?.length ?? 0) < 4 ? date : date.replace(/[Oo]/g, '0').replace(/[Il]/g, '1'),
  );
}

function toIso(match: RegExpExecArray, order: DayOrder, pivot: number): string | undefined {
  const groups = match.groups!;
  const year = groups.y!.length === 4 ? Number(groups.y) : Number(groups.y) + (Number(groups.y) > pivot ? 1900 : 2000);
  let [month, day] = [Number(groups.m), Number(groups.d)];
  if (groups.w) {
    const word = groups.w.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    month = monthOf.get(word) ?? monthOf.get(word.slice(0, 3)) ?? 0;
  } else if (groups.a) {
    const [a, b] = [Number(groups.a), Number(groups.b)];
    const decided = a > 12 ? 'day-first' : b > 12 ? 'month-first' : a === b ? 'day-first' : order;
    if (decided === 'undecided') return undefined;
    [day, month] = decided === 'day-first' ? [a, b] : [b, a];
  }
  const date = new Date(Date.UTC(year, month - 1, day));
  if (month < 1 || month > 12 || date.getUTCDate() !== day) return undefined;
  const iso = date.toISOString().slice(0, 10);
  const at = toTime(match);
  return at ? `${iso}T${at}` : iso;
}

/** A time of day at the beginning of the text, as HH:MM; undefined where none stands there. */
export function findTime(text: string): string | undefined {
  const match =
    timeOnly.exec(text) ??
    /^\W*(\d{1,2})\.(\d{2})()()()()\W*$/.exec(text) ??
    /^\W*([01]\d|2[0-3])([0-5]\d)()()()()(?:\W*$|\s*(?:hrs|hours|h|uhr|local|[ecmp][sd]?t)\b)/i.exec(text);
  return match ? toTime(match) : undefined;
}

/** The time among the last six groups of a match: four of `clock`, two of `military`. */
function toTime(match: RegExpExecArray): string | undefined {
  const [clockHour, clockMinute, , half, bareHour, bareMinute] = match.slice(-6);
  const [hour, minute] = [bareHour || clockHour, bareMinute || clockMinute];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return undefined;
  const afternoon = half?.toLowerCase().startsWith('p');
  const shifted =
    afternoon && Number(hour) < 12 ? Number(hour) + 12 : half && !afternoon && Number(hour) === 12 ? 0 : Number(hour);
  return `${String(shifted).padStart(2, '0')}:${minute}`;
}

/**
 * Decides once for a document: from dates that can be read in one way only, then from the day on which it was filed
 * (what it tells lies shortly before), then from its words.
 */
export function decideDayOrder(text: string, filed?: string): DayOrder {
  let [dayFirst, monthFirst] = [0, 0];
  for (const [, a, separator, b] of text.matchAll(/\b(\d{1,2})([-/.])(\d{1,2})\2(?:19|20)?\d{2}\b/g)) {
    if (separator === '.') dayFirst += Number(b) <= 12 ? 1 : 0;
    else if (Number(a) > 12 && Number(b) <= 12) dayFirst++;
    else if (Number(b) > 12 && Number(a) <= 12) monthFirst++;
  }
  if (dayFirst > monthFirst) return 'day-first';
  if (monthFirst > dayFirst) return 'month-first';
  const byFiling = filed ? nearestTo(filed, text) : undefined;
  if (byFiling) return byFiling;
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  if (dayFirstWords.test(plain)) return 'day-first';
  return monthFirstSigns.test(text) ? 'month-first' : 'undecided';
}

/** Words of the Romance languages and of German; British and Indian spellings and institutions. */
const dayFirstWords =
  /\b(?:geb\.|befund|entnahme|abnahme|fecha|prelevement|nee? le|ne\(e\) le|resultado|ergebnis|resultat|recu le|nhs|paciente|untersuchung|prelievo|referto|paziente|nato il|nata il|colheita|coleta|nascimento|utente|laudo|uhid|nabl|lakhs?|gstin|haem[ao]\w+|leucocytes?|oestradiol|paediatric\w*|litre)\b|\+(?:91|44|61|33|34|39|49|351|55)[ -]?\d/i;

/** Counts in thousands per microlitre by these spellings, ZIP codes, telephone and CLIA numbers: the United States. */
const monthFirstSigns =
  /\b(?:CLIA|ZIP|SSN)\b|,\s?[A-Z]{2}\s\d{5}\b|\(\d{3}\)\s?\d{3}-\d{4}\b|\b[KM]\/[uµμ]L\b|10E[36]\/uL|Thousand\/uL|\b(?:Basic|Comp(?:rehensive)?\.?) Metabolic|\(NIH\)/;

/** The order under which some date of the text lies in the six weeks before the filing, when only one order does so. */
function nearestTo(filed: string, text: string): DayOrder | undefined {
  const limit = Date.parse(filed.slice(0, 10)) + 86_400_000;
  const lies = (order: DayOrder) =>
    [...text.matchAll(/\b\d{1,2}([-/.])\d{1,2}\1(?:19|20)?\d{2}\b/g)].some(([printed]) => {
      const at = Date.parse(findDate(printed, order)?.iso ?? '');
      return at <= limit && at > limit - 43 * 86_400_000;
    });
  const [day, month] = [lies('day-first'), lies('month-first')];
  return day === month ? undefined : day ? 'day-first' : 'month-first';
}
