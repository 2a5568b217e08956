import { isYearless, timeAlone, wholeDate } from './column-dates.ts';
import { findDate, findTime } from './dates.ts';
import type { Label } from './fact-labels.ts';
import type { Found } from './fact-times.ts';
import { fold } from './header-words.ts';
import type { Cell, Line, PageLayout } from './layout.ts';

/** What a date is of, by stems of the words beside it; the first that is found counts. Folded, six languages and more. */
const kinds: readonly (readonly [Label, RegExp])[] = [
  [
    'birthDate',
    /\bd\.?o\.?b\b|birth|\bborn|\bgeb\b|geb\.|geburt|\bnac\b|nacid|nacim|naiss|\bnee?\b|nasc|\bnat[oa]\b|fodd|gebor/,
  ],
  [
    'other',
    /expir|\bdue\b|next|previous|prior|\blast\b|vor(?:befund|wert)|vorherig|anterior|precedent|ultim|calibr|\bqc\b|\blot\b|dose|visit|discharg|surgery|\blmp\b|vaccin|version|effective|accredit|valid (?:until|to)/,
  ],
  [
    'received',
    /recei|\brec'?v?d\b|regist|\breg\b|book|accession|eingang|eingeg|annahme|recep|recib|recu|ingres|entrad|enreg|ricev|ricez|accett|arriv|cadastr|admis|order|request|auftrag|anforder|solicit|petic|demande|richiest|requis|prescri|ankomst/,
  ],
  [
    'reported',
    /report|issue|result|author|valid|verif|releas|complet|final|sign|approv|befund|ausgang|freigab|freigeg|erstell|inform|emis|emit|emes|edit|laudo|liber|refert|rendu|publish|dispatch|svar/,
  ],
  ['printed', /print|druck|impr[ie]|stamp/],
  [
    'collected',
    /\bcol{1,2}(?:\b|[ent.])|\bdraw|drawn|sampl|specimen|taken|obtain|\bd\.?o\.?c\b|abnahme|abgenommen|\babn\b|entnahme|entnommen|\bentn\b|gewinnung|gewonnen|\bprobe|extra[ck]|\bextr\b|\btoma|tomad|muestra|obten|recog|prelev|\bprel\b|colheit|colet|colhid|preliev|raccol|campion|provtag|afname|phlebot|puncture|observ|measured|analy[sz]ed|\brun\b|performed|messzeit|gemessen/,
  ],
];

/** What a folded phrase says that a date is of; undefined where it says nothing of it. */
export function dateKind(phrase: string): Label | undefined {
  return kinds.find(([, stems]) => stems.test(phrase))?.[0];
}

interface Captioned extends Found {
  /** Nothing beside it says what it is of. */
  readonly bare: boolean;
}

/**
 * Dates with what stands before, left of or above them, for pages whose labels are not in the list of labels. A date is
 * what is looked for and its words are judged by their stems, so that "Sample Draw Dt/Tm" is one too.
 */
export function captionedDates(layouts: readonly PageLayout[]): readonly Captioned[] {
  return layouts.flatMap(({ lines, page }) =>
    lines.flatMap((line, at) =>
      (isGridHead(line, lines[at - 1]) ? [] : line.cells).flatMap((cell, index) =>
        datesIn(cell.text).flatMap(({ before, text, rest }): readonly Captioned[] => {
          const next = line.cells[index + 1]?.text ?? '';
          const whole =
            findTime(text.replace(/^.*\d{4}/, '')) || rest !== '' || !findTime(next) ? text : `${text} ${next}`;
          const captions = captionsOf(before, line, index, lines.slice(Math.max(0, at - 2), at).reverse());
          for (const phrase of captions) {
            const label = dateKind(phrase);
            if (label) return [{ label, phrase, text: whole, page: page.number, y: line.box[1], bare: false }];
          }
          return [{ label: 'other', phrase: '', text: whole, page: page.number, y: line.box[1], bare: true }];
        }),
      ),
    ),
  );
}

/**
 * "Date collected   11/23/25   11/24/25": dates, or times, side by side without a word between head columns of results,
 * unless each has its own caption over it.
 */
export function isGridHead({ cells }: Line, above: Line | undefined): boolean {
  const alone = ({ text }: Cell) => {
    const [date, second] = datesIn(text);
    return timeAlone(text)
      ? 'time'
      : isYearless(wholeDate(text, 'undecided')?.readings[0] ?? '')
        ? 'day'
        : date && !second && !/\p{L}{4}|:/u.test(date.before + date.rest) && !dateKind(fold(date.before))
          ? 'date'
          : undefined;
  };
  const captioned = (cell: Cell) =>
    above?.cells.some(
      ({ text, box }) =>
        box[0] < cell.box[2] &&
        box[2] > cell.box[0] &&
        dateKind(fold(text)) !== undefined &&
        datesIn(text).length === 0,
    ) ?? false;
  const kindsOf = cells.map(alone);
  return cells.some(
    (cell, at) => kindsOf[at] && kindsOf[at] === kindsOf[at + 1] && !(captioned(cell) && captioned(cells[at + 1]!)),
  );
}

/** Whether a line tells of two dates or more what each is of, in its own words. */
export function tellsDates(line: Line): boolean {
  const told = line.cells.flatMap(({ text }) => datesIn(text)).filter(({ before }) => dateKind(fold(before)));
  return told.length >= 2;
}

/** Each date of a text with what stands before it, back to the date before. */
function datesIn(text: string): readonly { readonly before: string; readonly text: string; readonly rest: string }[] {
  const found: { before: string; text: string; rest: string }[] = [];
  for (let rest = text; ; ) {
    // Only whether a date stands there: its order does not matter yet.
    const date = findDate(rest, 'day-first') ?? findDate(rest, 'month-first');
    if (!date) return found;
    const end = date.index + date.length;
    found.push({ before: rest.slice(0, date.index), text: rest.slice(date.index, end), rest: rest.slice(end).trim() });
    rest = rest.slice(end);
  }
}

/** Words that may say what a date is of, the nearest first. */
function captionsOf(before: string, line: Line, index: number, above: readonly Line[]): readonly string[] {
  const words = (text: string) => fold(text).replaceAll('’', "'").trim();
  const own = words(before);
  if (/\p{L}{2}/u.test(own))
    return [words(before.split(/[,;|•·]/).at(-1)!), own].filter((text) => /\p{L}{2}/u.test(text));
  const dateless = (cell: Cell | undefined) =>
    cell !== undefined && /\p{L}{2}/u.test(cell.text) && datesIn(cell.text).length === 0;
  const left = line.cells[index - 1];
  const box = line.cells[index]!.box;
  const over = above
    .map(({ cells }) => cells.find((cell) => cell.box[0] < box[2] && cell.box[2] > box[0]))
    .find((cell) => cell !== undefined);
  return [left, over].filter(dateless).map((cell) => words(cell!.text));
}
