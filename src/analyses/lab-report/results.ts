import { decideLocale } from '../../terminology/numbers.ts';
import type { LabFinding, LabRow, UnreadRow } from './finding.ts';
import type { ReadPages } from './read-pages.ts';
import { toRow } from './row-result.ts';
import type { RawRow } from './rows.ts';

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
    const sameDay = raw.collected?.length === 10 && read.facts.collected?.startsWith(raw.collected) === true;
    const row = toRow(sameDay ? { ...raw, collected: undefined } : raw, locale, read.scanned.has(raw.page));
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
  const { reported, received, laboratory, patient } = read.facts;
  // The date over the only column of current values is that of the document.
  const times = new Set(rows.map((row) => row.collected));
  const collected = read.facts.collected ?? (times.size === 1 ? [...times][0] : undefined);
  const said = unread.filter((one) => worthSaying(one, rows));
  const caveats = [
    ...(patient.name || patient.birthDate || patient.identifier
      ? []
      : ['The document names no patient: it was taken to be of this chart because it is filed there.']),
    ...(collected ? [] : ['No collection time is printed.']),
    ...(read.facts.collectedUnsaid
      ? ['The time is the only date on the report, which does not say what it is of.']
      : []),
    ...(locale === 'unknown' && rows.some(({ issues }) => issues.includes('number-ambiguous'))
      ? ['It could not be decided whether numbers are written with a decimal point or comma.']
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
