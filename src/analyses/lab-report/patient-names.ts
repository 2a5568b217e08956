import { labelOf } from './fact-labels.ts';
import { fold } from './header-words.ts';
import type { Line, PageLayout } from './layout.ts';

/** What stands before a name that has no label of its own. */
export const introduction =
  /^\W*(?:patient(?:in)?|paciente|paziente|utente|nom|name|re|results? (?:for|of)|report (?:for|of)|resultats de|resultados de|befund (?:für|von))\b[:\s]*/i;
const titles = String.raw`mr|mrs|ms|miss|master|dr|herr|frau|fr|hr|sr|sra|srta|dña|don|doña|mme|mlle|m|monsieur|madame|sig|sig\.ra|signor|signora|senhor|senhora`;
const address = new RegExp(String.raw`^\W*(?:${titles})\b\.?\s+`, 'iu');
const leadingTitles = new RegExp(String.raw`^(?:\W*(?:${titles})\b\.?\s+)+`, 'iu');
/** Where a name ends that goes on with something else. */
const nameEnds =
  /\s{2,}|\s[-|/(]\s|\(|\d|[,;\s]+(?:dob|d\.o\.b|born|geb|n[eé]e?|nat[oa]|nacid[oa]|nascid[oa]|mrn|nhs|sex|age|chart|id)\b/iu;
const particle = /^(?:de|da|do|dos|di|del|von|van|der|la|du|le)$/;
const place =
  /\b(?:lab\w*|serum|plasma|blood|urine|biochem\w*|chemistry|ha?emat\w*|profile|panel|count|street|road|avenue|director|clinic|hospital|nowhere|suite|ward|station|sample|specimen (?:type|no)|report|results?|page|final|prof|medical|health|pathology|summary|notification)\b/i;

/** The name at the beginning of a text, without titles; undefined where none can stand there. */
export function personName(text: string): string | undefined {
  const cut = text.split(nameEnds)[0]!.replace(leadingTitles, '').trim().replace(/[,;]$/, '');
  return /^\p{L}[\p{L}'’., -]{1,60}$/u.test(cut) && cut.split(/\s+/).length <= 6 ? cut : undefined;
}

/** Two to five capitalised words that are no place, heading or physician. */
export function fullName(text: string): string | undefined {
  if (/^\W*(?:dr|prof|dott)\b/i.test(text)) return undefined;
  const name = personName(text.replace(/[,;\s–—-]+$/, ''));
  const words = name?.split(/[\s,]+/).filter((word) => word.length > 1) ?? [];
  const right =
    words.length >= 2 &&
    words.length <= 5 &&
    words.every((word) => /^\p{Lu}/u.test(word) || particle.test(word)) &&
    !place.test(name!) &&
    !labelOf.has(fold(words[0]!));
  return right ? name : undefined;
}

/**
 * "Marsh, Elena, born …", "Patient Elena Marsh   DOB: …": the name before the first fact of its line.
 * @param before text before that fact, where it stands within a text; else the first cell is looked at
 */
export function nameBefore(line: Line, before: string | undefined): string | undefined {
  const first = line.cells[0]!.text;
  const pieces = (before ?? (first.includes(':') ? '' : first)).split(/\s{2,}/);
  return pieces.map((piece) => fullName(piece.replace(introduction, ''))).findLast((name) => name !== undefined);
}

/** A name without a label, on or right beside a line that says when somebody was born or which number they have. */
export function bareName(
  layout: PageLayout | undefined,
  facts: ReadonlySet<Line>,
): { readonly text: string; readonly line: Line } | undefined {
  const lines = layout?.lines.slice(0, 20) ?? [];
  for (const [index, line] of lines.entries()) {
    const beside = [line, lines[index - 1], lines[index + 1]].some((one) => one !== undefined && facts.has(one));
    const name = beside ? line.cells.map(({ text }) => bareCell(text)).find((text) => text !== undefined) : undefined;
    if (name) return { text: name, line };
  }
  return undefined;
}

/** "Marsh, Elena", "Madame MARTIN Anna", "Results for Elena Marsh". */
function bareCell(text: string): string | undefined {
  if (text.length >= 60) return undefined;
  if (introduction.test(text) || address.test(text)) return fullName(text.replace(introduction, ''));
  const comma = /^\p{L}[\p{L}'’-]+,\s?\p{L}[\p{L}'’. -]+$/u.test(text);
  return comma && !place.test(text) ? personName(text) : undefined;
}
