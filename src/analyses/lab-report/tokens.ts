import type { Box, Page, Word } from '../../documents/page.ts';

/** Part of a word that has one role: "138mmol/L" is two tokens. */
export interface Token {
  /** Index of the word in its page. */
  readonly word: number;
  /** Offset of the first character within the word. */
  readonly start: number;
  readonly text: string;
  readonly box: Box;
  readonly bold: boolean;
  readonly fontSize: number;
  readonly confidence: number;
  /** A ruler of dots or a bar stood before this token: a cell ends there. */
  readonly afterBreak: boolean;
}

const number = String.raw`[+-]?\d[\d.,'’]*(?:[eE][+-]?\d+)?`;
const flagWord = String.raw`(?:HH|LL|H|L|A|N|\*{1,2}|[↑↓⇑⇓]+|\((?:HH|LL|H|L|A|N|\*)\))`;
const unitStart = String.raw`(?:[a-zA-Zµμ°‰%/\[][^\s]*|10[\^*E]\d.*|[x×]10.*)`;
const gluedFlag = new RegExp(`^([<>≤≥]?=?${number})(${flagWord})$`);
const gluedUnit = new RegExp(`^([<>≤≥]?=?${number})(${unitStart})$`);
const gluedRangeUnit = new RegExp(`^(${number}[-–—]${number})([a-zA-Zµμ%/][^\\s]*)$`);
const leadingFlag = new RegExp(`^(\\*{1,2}|[↑↓⇑⇓]+)([<>≤≥]?=?${number})$`);
const keyValue = new RegExp(`^([^\\d:][^:]*:|[A-Za-z][A-Za-z0-9]*=)([<>≤≥]?=?${number}.*)$`);
const gluedRange = new RegExp(`^([<>≤≥]?=?${number}[^\\s(\\[]*)([(\\[].*\\d.*)$`);
/** What follows a number without a space and is no unit: ordinals, exponents, dates, times. */
const notUnit = /^(?:st|nd|rd|th|e|E|x|X|\/\d|h\d)/;

/** Splits the words of a page where two roles are printed without a space, and drops rulers. */
export function tokenise(page: Page): readonly Token[] {
  return page.words.flatMap((word, index) => {
    const tokens: Token[] = [];
    let breakBefore = false;
    for (const part of segments(word.text)) {
      // Scraps of rulings and specks that recognition takes for signs.
      const limit = part.text === '=' && /^(?:or|oder|ou|o|<|>)$/i.test(page.words[index - 1]?.text ?? '');
      const note = /^[¹²³⁴-⁹†‡§]+$/.test(part.text) && index > 0;
      const scrap = page.source === 'ocr' && !limit && /^[=~_“”„"'`´‘’.,;:|¦•·«»\\]+$/.test(part.text);
      if (part.ruler || scrap || note) {
        breakBefore ||= part.ruler;
        continue;
      }
      tokens.push({
        word: index,
        start: part.start,
        text: part.text,
        box: slice(word, part.start, part.text.length),
        bold: word.bold,
        fontSize: word.fontSize,
        confidence: word.confidence,
        afterBreak: breakBefore,
      });
      breakBefore = false;
    }
    return tokens;
  });
}

/** True for a word that is only a ruler; the next word on its line begins a cell. */
export function isRuler(text: string): boolean {
  return /^(?:[.…·]+|[_\-=*~]{3,}|\+[-=+]*[-=][-=+]*|[|¦│]+|[.…]{2,})$/.test(text);
}

interface Segment {
  readonly start: number;
  readonly text: string;
  readonly ruler: boolean;
}

function segments(text: string): readonly Segment[] {
  const found: Segment[] = [];
  let offset = 0;
  for (const piece of text.split(/([.…·_]{3,}|…+|[|¦│]+)/)) {
    if (piece === '') continue;
    if (isRuler(piece)) {
      found.push({ start: offset, text: piece, ruler: true });
    } else {
      let start = offset;
      for (const part of unglue(piece)) {
        found.push({ start, text: part, ruler: false });
        start += part.length;
      }
    }
    offset += piece.length;
  }
  return found;
}

function unglue(text: string): readonly string[] {
  // A g that recognition took for a digit.
  if (/^m?[89]\/[dDlLiI1|-]{1,3}$/.test(text)) return [text];
  if (/^10[\^*E]\d/.test(text) || /^\d+[-/.]\d+[-/.]\d+/.test(text)) {
    return [text];
  }
  const flag = gluedFlag.exec(text);
  if (flag) return [flag[1]!, flag[2]!];
  const leading = leadingFlag.exec(text);
  if (leading) return [leading[1]!, ...unglue(leading[2]!)];
  const pair = keyValue.exec(text);
  if (pair) return [pair[1]!, ...unglue(pair[2]!)];
  const range = gluedRange.exec(text);
  if (range) return [...unglue(range[1]!), range[2]!];
  const rangeUnit = gluedRangeUnit.exec(text);
  if (rangeUnit) return [rangeUnit[1]!, rangeUnit[2]!];
  const unit = gluedUnit.exec(text);
  if (unit && !notUnit.test(unit[2]!)) {
    const tail = /^(.+?)(\((?:HH|LL|H|L|A|N)\)|\*{1,2}|[↑↓⇑⇓]+)$/.exec(unit[2]!);
    return tail ? [unit[1]!, tail[1]!, tail[2]!] : [unit[1]!, unit[2]!];
  }
  return [text];
}

/** The box of some characters of a word, as if all were equally wide. */
function slice(word: Word, start: number, length: number): Box {
  const [x0, y0, x1, y1] = word.box;
  const width = (x1 - x0) / Math.max(1, word.text.length);
  return [x0 + start * width, y0, x0 + (start + length) * width, y1];
}
