import { numberPattern } from '../../terminology/numbers.ts';
import { toUcum } from '../../terminology/units.ts';
import { clean, type Field, fieldOf } from './groups.ts';
import { joined, type Line, type PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import type { Token } from './tokens.ts';

/** What may stand between the name of a test and its value in a sentence; any other word makes it no statement of a result. */
const links: ReadonlySet<string> = new Set(
  `is was were are of at = : level levels value result results measured came returned back as to with a an the and
  low high elevated raised normal reduced decreased increased slightly mildly markedly significantly borderline critically
  very today now current currently bei betrug betragt liegt lag war ist mit erhoht erniedrigt etait est a fue es era esta
  en un una de di era risulta risultato pari foi esta`.split(/\s+/),
);
const raised = /^(?:high|elevated|raised|increased|erhoht)$/;
const lowered = /^(?:low|reduced|decreased|erniedrigt)$/;
/** Before a name these say that the value is an earlier one, or a wish. */
const notCurrent =
  /^(?:previous|previously|prior|last|earlier|baseline|target|goal|vorher|vorwert|previa|anterior|precedent)$/i;
const number = new RegExp(`^(?:[<>≤≥]=?)?${numberPattern}$`);

/** Confidence of a row out of a sentence against one of a table. */
const inSentence = 0.8;

/**
 * Results in running text: "Sodium was 138 mmol/L (135-145), potassium 6.7 mmol/L". Name, only words that state, number,
 * unit; without a unit only the items of a list ("Na 112 LL, K 2.5 LL"). Lines are read on, since sentences wrap. `stated` counts those with a verb.
 */
export function readNarrative(
  layout: PageLayout,
  names: Names,
): { readonly rows: readonly RawRow[]; readonly stated: number } {
  const lines = layout.lines.filter(({ cells }) => cells.length <= 3);
  const text = lines.flatMap((line) => line.tokens.map((token) => ({ token, line })));
  const rows: RawRow[] = [];
  let stated = 0;
  for (let at = 0; at < text.length; ) {
    const row = resultAt(text, at, names, layout);
    if (row) rows.push(row.row);
    if (row?.stated) stated++;
    at = row ? row.next : at + 1;
  }
  return { rows, stated };
}

type Placed = { readonly token: Token; readonly line: Line };

function resultAt(
  text: readonly Placed[],
  at: number,
  names: Names,
  { page }: PageLayout,
): { readonly row: RawRow; readonly next: number; readonly stated: boolean } | undefined {
  const before = text[at - 1]?.token.text.replace(/\W+$/, '') ?? '';
  if (notCurrent.test(before)) return undefined;
  const named = nameAt(text, at, names);
  if (!named) return undefined;
  let next = named;
  let flag: Token | undefined;
  for (; next < text.length && next < named + 7; next++) {
    const word = plain(text[next]!.token.text);
    if (!links.has(word)) break;
    if (raised.test(word) || lowered.test(word)) flag = text[next]!.token;
  }
  const bare = bareToken(text[next]?.token);
  if (!bare || !number.test(bare.text)) return undefined;
  const ends = /[,;.]$/.test(text[next]!.token.text);
  const unit = (ends ? undefined : unitAt(text, next + 1)) ?? (next === named ? endOfItem(text, next) : undefined);
  if (!unit) return undefined;
  const nameTokens = text.slice(at, named).map(({ token }) => token);
  const { line } = text[next]!;
  const range = rangeAt(text, unit.next);
  const field = (tokens: readonly Token[]): Field => fieldOf(tokens);
  const row: RawRow = {
    page: page.number,
    name: field(trimmed(nameTokens)),
    value: field([bare]),
    ...(unit.tokens.length > 0 ? { unit: field(unit.tokens) } : {}),
    ...(range ? { range: field(range.tokens) } : {}),
    ...((flag ?? unit.flag) ? { flag: field([(flag ?? unit.flag)!]) } : {}),
    outOfRange: false,
    confidence: inSentence * bare.confidence,
    line,
  };
  const words = text.slice(named, next).filter(({ token }) => /\p{L}/u.test(token.text));
  return { row, next: range?.next ?? unit.next, stated: words.length > 0 || unit.tokens.length === 0 };
}

/** Index behind the longest known test name that begins here. */
function nameAt(text: readonly Placed[], at: number, names: Names): number | undefined {
  for (let end = Math.min(text.length, at + 6); end > at; end--) {
    const tokens = text.slice(at, end).map(({ token }) => token);
    if (links.has(plain(tokens[0]!.text)) || !/^\p{L}|^\d+-/u.test(tokens[0]!.text)) return undefined;
    const name = clean(joined(tokens)).replace(/[,;]$/, '');
    if (/\p{L}/u.test(name) && !links.has(plain(tokens.at(-1)!.text)) && names.isTest(name)) return end;
  }
  return undefined;
}

/** "Na 112 LL, K 2.5 (was 2.6),": without a unit only as an item of a list, with its flag. */
function endOfItem(text: readonly Placed[], at: number): Measured | undefined {
  const [value, after] = [text[at]!, text[at + 1]];
  if (/[,;.]$/.test(value.token.text) || after?.line !== value.line) return { tokens: [], next: at + 1 };
  if (/^\((?:was|prev)/i.test(after.token.text)) return { tokens: [], next: at + 1 };
  const flag = bareToken(after.token)!;
  if (!/^(?:HH|LL|H|L)$/.test(flag.text)) return undefined;
  const ends =
    /[,;.]$/.test(after.token.text) || text[at + 2]?.line !== value.line || /^\(/.test(text[at + 2]!.token.text);
  return ends ? { tokens: [], next: at + 2, flag } : undefined;
}

interface Measured {
  readonly tokens: readonly Token[];
  readonly next: number;
  readonly flag?: Token;
}

/** The unit behind a value, of up to three tokens of its line. */
function unitAt(text: readonly Placed[], at: number): Measured | undefined {
  for (let end = Math.min(text.length, at + 3); end > at; end--) {
    const tokens = trimmed(text.slice(at, end).map(({ token }) => token));
    const printed = joined(tokens);
    if (
      /[\p{L}%]/u.test(printed) &&
      !/^(?:HH|LL|H|L)$/.test(printed) &&
      !/\s\p{L}{3,}/u.test(printed) &&
      toUcum(printed)
    )
      return { tokens, next: end };
  }
  return undefined;
}

/** "(135-145)", "(ref 3.5 - 5.1)" right behind the unit. */
function rangeAt(
  text: readonly Placed[],
  at: number,
): { readonly tokens: readonly Token[]; readonly next: number } | undefined {
  if (!/^[([]/.test(text[at]?.token.text ?? '')) return undefined;
  const end = text.findIndex(({ token }, index) => index >= at && index < at + 6 && /[)\]][.,;]?$/.test(token.text));
  if (end < 0) return undefined;
  const tokens = text.slice(at, end + 1).map(({ token }) => token);
  const inside = joined(tokens);
  if (/prev|prior|last|was|before|vor/i.test(inside) || !/\d\s?(?:-|–|to|bis|à|a)\s?\d|[<>≤≥]/.test(inside))
    return undefined;
  return { tokens: trimmed(tokens), next: end + 1 };
}

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[,;.]+$/, '');

/** A number without the punctuation of its sentence; its box without it too. */
function bareToken(token: Token | undefined): Token | undefined {
  if (!token) return undefined;
  const text = token.text.replace(/[,;.]+$/, '');
  const width = (token.box[2] - token.box[0]) / Math.max(1, token.text.length);
  const [x0, y0, , y1] = token.box;
  return { ...token, text, box: [x0, y0, x0 + width * text.length, y1] };
}

/** Tokens without the comma or stop at their end. */
function trimmed(tokens: readonly Token[]): readonly Token[] {
  const last = bareToken(tokens.at(-1));
  return last ? [...tokens.slice(0, -1), last].filter(({ text }) => text !== '') : tokens;
}
