import { codedValue } from '../../terminology/coded-values.ts';
import { deriveFlag, parseFlag } from '../../terminology/flags.ts';
import { critical, plausible, resolveTest } from '../../terminology/lab-dictionary.ts';
import { decideLocale, type NumberLocale, type ParsedValue, parseValue } from '../../terminology/numbers.ts';
import { type PrintedRange, parseRange } from '../../terminology/ranges.ts';
import { toUcum } from '../../terminology/units.ts';
import type { LabFinding, LabRow, LabValue, UnreadRow } from './finding.ts';
import type { ReadPages } from './read-pages.ts';
import { clean, type RawRow } from './rows.ts';

/**
 * Rows as printed → values, units, ranges and codes. What cannot be a result goes to `unread` with its reason. `printed` are
 * all rows of the document, also those not taken, which show its decimal sign: 250.000 means what its neighbours say.
 */
export function toFinding(read: ReadPages, printed: readonly RawRow[] = read.rows): LabFinding {
  const locale = decideLocale(printed.flatMap((row) => [row.value.text, row.range?.text ?? '']));
  const rows: LabRow[] = [];
  const unread: UnreadRow[] = [...read.unread];
  const used = new Map<string, number>();
  for (const raw of read.rows) {
    const row = toRow(raw, locale, read.scanned.has(raw.page));
    if (typeof row === 'string') {
      unread.push({
        text: raw.line.cells
          .map(({ text }) => text)
          .join('  ')
          .slice(0, 400),
        page: raw.page,
        box: raw.line.box,
        reason: row,
      });
      continue;
    }
    const base = itemOf(row.name, row.specimen);
    const ordinal = used.get(base) ?? 0;
    used.set(base, ordinal + 1);
    rows.push({ ...row, item: `${base}.${ordinal}` });
  }
  const { reported, collected, received, laboratory, patient } = read.facts;
  const said = unread.filter((one) => worthSaying(one, rows));
  const caveats = [
    ...(patient.name || patient.birthDate || patient.identifier
      ? []
      : ['The document names no patient: it was taken to be of this chart because it is filed there.']),
    ...(collected ? [] : ['No collection time is printed.']),
    ...(locale === 'unknown' && rows.some(({ issues }) => issues.includes('number-ambiguous'))
      ? ['It could not be decided whether numbers are written with a decimal point or comma.']
      : []),
    ...(said.length > 0
      ? [`${said.length} ${said.length === 1 ? 'line' : 'lines'} that may hold a result could not be read.`]
      : []),
  ];
  return {
    document: {
      ...(reported ? { reported } : {}),
      ...(collected ? { collected } : {}),
      ...(received ? { received } : {}),
      ...(laboratory ? { laboratory: laboratory.slice(0, 400) } : {}),
      decimal: locale === 'comma' ? 'comma' : 'dot',
      patient,
      caveats,
    },
    rows,
    unread: said,
  };
}

/** An address over the table or a notice without a number is no result that was missed. */
function worthSaying({ reason, text, page, box }: UnreadRow, rows: readonly LabRow[]): boolean {
  if (reason !== 'no-name' && reason !== 'not-a-result') return true;
  return /\d/.test(text) && rows.some((row) => row.page < page || (row.page === page && row.boxes.name[1] < box[1]));
}

const notResults =
  /^(?:page|seite|p[aá]gina|age|dob|sex|phone|tel|fax|mrn|total pages|accession|account|order|room|zip|version|rev|copyright|clia|iso|nabl|\d+)\b/i;

function toRow(raw: RawRow, locale: NumberLocale, scanned: boolean): Omit<LabRow, 'item'> | string {
  const issues: string[] = [];
  const name = clean(raw.name.text);
  if (name.length < 1 || !/\p{L}/u.test(name) || name.length > 120 || notResults.test(name) || codedValue(name))
    return 'no-name';
  const printed = splitFlag(raw.value.text);
  const parsed = parseValue(printed.text, locale);
  const unitCell = splitUnit(raw.unit?.text.replace(/^[[(]|[\])]$/g, ''));
  let unitText = unitCell.unit;
  let flagText = raw.flag?.text ?? unitCell.flag ?? printed.flag;
  const rest = 'rest' in parsed ? parsed.rest : undefined;
  if (rest) {
    // What stands behind the number in the value cell: a flag, a unit, or both.
    for (const part of rest.split(/\s+(?=[(*HLA↑↓]+\)?$)/)) {
      if (!flagText && parseFlag(part)) flagText = part;
      else if (!unitText && toUcum(part)) unitText = part;
      else if (/\d/.test(part) && !toUcum(part) && !/^[[(]/.test(part)) return 'value-not-understood';
    }
  }
  const rangeText = raw.range && withoutLabel(raw.range.text);
  const range = rangeText ? parseRange(rangeText, locale) : undefined;
  if (!unitText && range?.unit && toUcum(range.unit)) unitText = range.unit;
  const query = {
    name,
    specimen: raw.specimen,
    panel: raw.panel,
    valueKind:
      parsed.kind === 'quantity' ? ('quantity' as const) : parsed.kind === 'coded' ? ('coded' as const) : undefined,
  };
  const resolved = resolveTest({ ...query, unit: unitText && repaired(unitText, scanned) });
  const entry = resolved?.entry;
  const unit = unitText ? toUcum(repaired(unitText, scanned), entry ? { test: entry.key } : {}) : undefined;
  const value = toValue(parsed, printed.text);
  if (!value) return 'value-not-understood';
  // "1.O4", "37." or "S" beside a unit or numeric limits is a number that was misread, not a word.
  const numeric = unit !== undefined || range?.low !== undefined || range?.high !== undefined;
  if (value.kind === 'text' && numeric && !codedValue(value.text)) return 'value-not-understood';
  if (!resolved && !plausibleRow(raw, value, unit?.code, range)) return 'not-a-result';
  let confidence = raw.confidence;
  if (!resolved) {
    issues.push('test-unknown');
    confidence *= 0.8;
  } else if (resolved.ambiguous) {
    issues.push(`test-ambiguous-${resolved.ambiguous}`);
    confidence *= 0.85;
  }
  if (unitText && !unit) {
    issues.push('unit-unknown');
    confidence *= 0.85;
  }
  if (
    !unitText &&
    value.kind === 'quantity' &&
    resolved?.variant &&
    resolved.variant.units.length > 0 &&
    !resolved.variant.units.includes('1')
  )
    issues.push('unit-missing');
  if (parsed.kind === 'quantity' && parsed.alternative !== undefined) {
    const likely = entry && unit ? plausible(entry, parsed.value, unit.code) : undefined;
    const other = entry && unit ? plausible(entry, parsed.alternative, unit.code) : undefined;
    if (!(likely === true && other === false)) {
      issues.push('number-ambiguous');
      confidence *= 0.6;
    }
  }
  const flagCode = flagText ? parseFlag(flagText.trim()) : undefined;
  const flag = flagText
    ? { text: flagText.trim(), ...(flagCode ? { code: flagCode } : {}) }
    : raw.outOfRange
      ? { text: 'Out of range', code: 'A' }
      : undefined;
  const derived = derive(range, parsed, entry, unit?.code);
  return {
    name,
    value,
    ...(unitText ? { unit: unitText } : {}),
    ...(unit ? { ucum: unit.code } : {}),
    ...(range
      ? {
          range: {
            text: range.text.slice(0, 400),
            ...(range.low === undefined ? {} : { low: range.low }),
            ...(range.high === undefined ? {} : { high: range.high }),
          },
        }
      : {}),
    ...(flag && flag.text !== '' ? { flag } : {}),
    ...(derived ? { flagDerived: derived } : {}),
    ...(raw.specimen ? { specimen: raw.specimen.slice(0, 80) } : {}),
    ...(raw.panel ? { panel: raw.panel.slice(0, 200) } : {}),
    ...(raw.method ? { method: raw.method.slice(0, 200) } : {}),
    ...(raw.collected ? { collected: raw.collected } : {}),
    ...(resolved?.loinc && !resolved.ambiguous ? { loinc: resolved.loinc, display: resolved.display } : {}),
    page: raw.page,
    boxes: {
      name: raw.name.box,
      value: raw.value.box,
      ...(raw.unit ? { unit: raw.unit.box } : {}),
      ...(raw.range ? { range: raw.range.box } : {}),
      ...(raw.flag ? { flag: raw.flag.box } : {}),
    },
    confidence: Math.round(Math.max(0, Math.min(1, confidence)) * 1000) / 1000,
    issues,
  };
}

const flagSigns = String.raw`(?:HH|LL|H|L|A|ABN|\*{1,2}|[↑↓⇑⇓]+|\((?:HH|LL|H|L|A)\))`;

/** "Trace *" → Trace and its flag; numbers are taken apart where they are parsed. */
function splitFlag(text: string): { readonly text: string; readonly flag?: string } {
  const match = new RegExp(`^(\\D*\\S) ?(${flagSigns})$`).exec(text);
  return match && codedValue(match[1]!.trim()) ? { text: match[1]!.trim(), flag: match[2]! } : { text };
}

/** "mmol/LHH", "H %", "H" in the place of a unit: the flag is taken out where a unit remains, or nothing else is there. */
function splitUnit(text: string | undefined): { readonly unit?: string; readonly flag?: string } {
  if (!text || toUcum(text)) return text ? { unit: text } : {};
  if (new RegExp(`^${flagSigns}$`).test(text)) return { flag: text };
  const before = new RegExp(`^(${flagSigns})\\s+(.+)$`).exec(text);
  if (before && toUcum(before[2]!)) return { flag: before[1]!, unit: before[2]! };
  const after = new RegExp(`^(.+?)\\s?(${flagSigns})$`).exec(text);
  return after && toUcum(after[1]!) ? { unit: after[1]!, flag: after[2]! } : { unit: text };
}

/** "(ref. 0.50 - 1.10)" → "0.50 - 1.10"; the label says nothing about the range. */
function withoutLabel(text: string): string {
  const labelled =
    /^([[(]?)\s*(?:ref(?:erence|erenz(?:bereich)?)?|normal|norm|vn|nv|v\.?r|r[ai]nge|reference range|reference interval|normal range)\b[.:]*\s*:?\s*(.*?)([\])]?)$/i.exec(
      text.trim(),
    );
  if (!labelled || !/\d/.test(labelled[2]!)) return text;
  return labelled[1] && labelled[3] ? labelled[2]! : `${labelled[2]}${labelled[3]}`;
}

/** A row of an unknown test must look like a result beyond doubt: a unit, a range or a coded value beside its name. */
function plausibleRow(
  raw: RawRow,
  value: LabValue,
  ucum: string | undefined,
  range: PrintedRange | undefined,
): boolean {
  if (value.kind === 'quantity' || value.kind === 'range')
    return ucum !== undefined || range?.low !== undefined || range?.high !== undefined;
  if (value.kind === 'ratio') return true;
  return range !== undefined || codedValue(value.text) !== undefined || raw.unit !== undefined;
}

function toValue(parsed: ParsedValue, text: string): LabValue | undefined {
  switch (parsed.kind) {
    case 'quantity':
      return {
        kind: 'quantity',
        text: withoutRest(text, parsed.rest),
        number: parsed.value,
        ...(parsed.comparator ? { comparator: parsed.comparator } : {}),
      };
    case 'ratio':
      return {
        kind: 'ratio',
        text,
        numerator: parsed.numerator,
        denominator: parsed.denominator,
        ...(parsed.comparator ? { comparator: parsed.comparator } : {}),
      };
    case 'coded':
      return { kind: 'text', text };
    case 'absent':
      return { kind: 'absent', text, reason: parsed.reason };
    case 'text':
      if (parsed.range) return { kind: 'range', text, low: parsed.range[0], high: parsed.range[1] };
      if (severalWords(text) || /[[\]]/.test(text)) return undefined;
      return /\d[-/.]\d+[-/.]\d|^\W*$/.test(text) || text.length > 120 ? undefined : { kind: 'text', text };
  }
}

/** "Reactive Non-Reactive": a result and what is expected, or an earlier result; not one result of two words. */
function severalWords(text: string): boolean {
  const words = text.split(/\s+/);
  const known = (part: readonly string[]) => codedValue(part.join(' ')) !== undefined;
  return words.some((_, at) => at > 0 && known(words.slice(0, at)) && known(words.slice(at)));
}

function withoutRest(text: string, rest: string | undefined): string {
  if (!rest) return text;
  const at = text.lastIndexOf(rest);
  return at > 0 ? text.slice(0, at).trim() : text;
}

/** The power sign of `10^3/uL` is what a scan loses most often; the digits must stand as they are. */
function repaired(unit: string, scanned: boolean): string {
  return scanned
    ? unit.replace(/^[x×]?\s?10["'%°^*~+©®“”‘’´`]?([369]|12)\/\s?/i, '10^$1/').replace(/\/[pyj]l$/i, '/uL')
    : unit;
}

type Entry = NonNullable<ReturnType<typeof resolveTest>>['entry'];

/** H, L, A or N from range and value; HH and LL where the value lies beyond a default critical limit. */
function derive(
  range: PrintedRange | undefined,
  parsed: ParsedValue,
  entry: Entry | undefined,
  ucum: string | undefined,
): string | undefined {
  if (parsed.kind === 'quantity') {
    const limit = entry && ucum ? critical(entry, parsed.value, ucum, parsed.comparator) : undefined;
    if (limit && limit !== 'none') return limit;
    return range
      ? deriveFlag(range, { value: parsed.value, ...(parsed.comparator ? { comparator: parsed.comparator } : {}) })
      : undefined;
  }
  return parsed.kind === 'coded' && range ? deriveFlag(range, { code: parsed.value.code }) : undefined;
}

/** Normalised printed name for the result key; the ordinal is added by the caller. */
export function itemOf(name: string, specimen: string | undefined): string {
  const slug = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .replace(/ß/g, 'ss')
      .replace(/%/g, ' percent ')
      .replace(/#/g, ' number ')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
  const base = slug(name) || 'result';
  const other = specimen && !/serum|plasma|blood/i.test(specimen) ? `-${slug(specimen)}` : '';
  return `${base}${other}`.slice(0, 72);
}
