const months: readonly (readonly string[])[] = [
  ['jan', 'ene', 'janv', 'gen', 'januar', 'january', 'enero', 'janvier', 'gennaio'],
  ['feb', 'fev', 'fevr', 'february', 'februar', 'febrero', 'fevrier', 'febbraio'],
  ['mar', 'mrz', 'maer', 'mars', 'march', 'marz', 'marzo', 'maerz'],
  ['apr', 'abr', 'avr', 'april', 'abril', 'avril', 'aprile'],
  ['may', 'mai', 'mayo', 'mag', 'maggio'],
  ['jun', 'juin', 'giu', 'june', 'juni', 'junio', 'giugno'],
  ['jul', 'juil', 'lug', 'july', 'juli', 'julio', 'juillet', 'luglio'],
  ['aug', 'ago', 'aou', 'aout', 'august', 'agosto'],
  ['sep', 'set', 'sept', 'september', 'septiembre', 'septembre', 'settembre'],
  ['oct', 'okt', 'ott', 'october', 'oktober', 'octubre', 'octobre', 'ottobre'],
  ['nov', 'november', 'noviembre', 'novembre'],
  ['dec', 'dez', 'dic', 'december', 'dezember', 'diciembre', 'decembre', 'dicembre'],
];
const monthOf = new Map(months.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

/** Day and month order of a document; undecided reads 03/04 as nothing rather than guess. */
export type DayOrder = 'day-first' | 'month-first' | 'undecided';

const time = String.raw`(?:[T,\s]*(?:at|um|a las|à)?\s*(\d{1,2})[:h.](\d{2})(?:[:.](\d{2}))?\s*(am|pm)?(?:\s*(?:uhr|h|hrs))?)?`;
const forms: readonly RegExp[] = [
  new RegExp(String.raw`\b(?<y>(?:19|20)\d{2})[-/.](?<m>\d{1,2})[-/.](?<d>\d{1,2})${time}`, 'i'),
  new RegExp(String.raw`\b(?<a>\d{1,2})[-/.](?<b>\d{1,2})[-/.](?<y>(?:19|20)\d{2}|\d{2})(?!\d)${time}`, 'i'),
  new RegExp(
    String.raw`\b(?<d>\d{1,2})(?:st|nd|rd|th)?[\s./-]*(?:de\s+)?(?<w>\p{L}{3,10})\.?[\s,./-]*(?:de\s+)?(?<y>(?:19|20)\d{2}|\d{2})(?!\d)${time}`,
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

/** The first date in the text. 2-digit years above `pivot` (the current one, plus none) belong to the last century. */
export function findDate(text: string, order: DayOrder, pivot = 40): PrintedDate | undefined {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '');
  const source = plain.length === text.length ? plain : text.normalize('NFC');
  let found: PrintedDate | undefined;
  for (const form of forms) {
    const match = form.exec(source);
    if (!match || (found && found.index <= match.index)) continue;
    const iso = toIso(match, order, pivot);
    if (iso) found = { iso, index: match.index, length: match[0].trimEnd().length };
  }
  return found;
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
  const [hour, minute, , half] = match.slice(-4);
  const iso = date.toISOString().slice(0, 10);
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) return iso;
  const shifted =
    half?.toLowerCase() === 'pm' && Number(hour) < 12
      ? Number(hour) + 12
      : half?.toLowerCase() === 'am' && Number(hour) === 12
        ? 0
        : Number(hour);
  return `${iso}T${String(shifted).padStart(2, '0')}:${minute}`;
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
  if (
    /\b(?:geb\.|befund|entnahme|abnahme|fecha|prelevement|ne\(?e?\)? le|resultado|ergebnis|resultat|recu le|nhs|paciente|untersuchung)/i.test(
      plain,
    )
  )
    return 'day-first';
  // Counts in thousands per microlitre by these spellings, ZIP codes and CLIA numbers: a report of the United States.
  if (/\b(?:CLIA|ZIP|SSN)\b|,\s?[A-Z]{2}\s\d{5}\b|\b[KM]\/[uµμ]L\b|10E[36]\/uL|Thousand\/uL/.test(text))
    return 'month-first';
  return 'undecided';
}

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
