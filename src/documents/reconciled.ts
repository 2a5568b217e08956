import { decimalSigns } from './decimal-signs.ts';
import type { Word } from './page.ts';
import type { Grey } from './picture.ts';
import type { Standing } from './standing.ts';
import type { Reading } from './word-reader.ts';

/** Below this confidence of the word reader its reading of a number is no better than the other. */
const fair = 0.5;

const digitsOf = (text: string) => text.replace(/\D/g, '');
const signsOf = (text: string) => text.match(/(?<=\d) ?[.,](?= ?\d)/g)?.length ?? 0;
const folded = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether the second text is the first with letters left out: how the word reader loses one of a double letter. */
function lacksLetters(whole: string, part: string): boolean {
  let at = 0;
  for (const char of whole) {
    if (char === part[at]) at++;
  }
  return part.length < whole.length && at === part.length;
}

type Choice = Reading;

/** Two readings of a number that differ. `signs`: points and commas that the picture has by its marks. */
function number(page: Reading, own: Reading, signs: () => number): Choice {
  if (digitsOf(page.text) === digitsOf(own.text) && signsOf(page.text) !== signsOf(own.text)) {
    const seen = signs();
    const supported = [own, page].filter(({ text }) => seen > 0 && signsOf(text) === seen);
    // Both readings and the marks must not leave a power of ten in doubt.
    return supported.length === 1
      ? { text: supported[0]!.text, confidence: Math.min(0.8, supported[0]!.confidence) }
      : { text: own.text, confidence: Math.min(own.confidence, own.confidence > 0.95 ? 0.7 : 0.3) };
  }
  // "45o" against "450": letters do not stand inside numbers.
  if (/[A-Za-z]/.test(own.text) && /^[\d.,<>()-]+$/.test(page.text) && page.text.length === own.text.length) {
    return { text: page.text, confidence: Math.min(0.8, page.confidence) };
  }
  return own.confidence >= fair
    ? { text: own.text, confidence: own.confidence > 0.95 ? 0.9 : 0.75 * own.confidence }
    : { text: page.text, confidence: Math.min(page.confidence, 0.35) };
}

/** Two readings of letters that differ. */
function letters(page: Reading, own: Reading): Choice {
  const [a, b] = [folded(page.text), folded(own.text)];
  if (a === b) {
    const accents = page.text.toLowerCase() !== own.text.toLowerCase();
    return {
      text: accents || /\//.test(own.text) ? own.text : page.text,
      confidence: Math.max(page.confidence, own.confidence),
    };
  }
  const signs = /[/%µ^°<>≤≥*+]/.test(own.text);
  if (signs && own.confidence >= fair) {
    return { text: own.text, confidence: own.confidence * 0.9 };
  }
  if (page.confidence > fair && b.length >= 3 && lacksLetters(a, b) && /^\p{L}+$/u.test(page.text)) {
    return page;
  }
  return own.confidence > 0.9 || own.confidence > page.confidence
    ? { text: own.text, confidence: own.confidence * 0.9 }
    : page;
}

/**
 * One text for each word from two readings, that of the page and that of the word alone. Where they agree the word is
 * sure. Where they differ the word reader has the say in numbers and units, if it is at all certain: page recognition
 * knows no µ, no ≥, no power signs, and drops points at full confidence. Every text is one of the two readings.
 */
export function reconciled(
  words: readonly Word[],
  readings: readonly Reading[],
  picture: Grey,
  places: readonly Standing[],
  threshold: number,
): readonly Word[] {
  return words
    .map((word, index): Word => {
      const own = readings[index]!;
      if (own.text === word.text) {
        return { ...word, confidence: Math.max(0.9, word.confidence, own.confidence) };
      }
      if (own.text === '') {
        return { ...word, confidence: word.confidence * 0.5 };
      }
      const page = { text: word.text, confidence: word.confidence };
      const numeric = /\d/.test(own.text) || /\d/.test(word.text);
      const chosen = numeric
        ? number(page, own, () => decimalSigns(picture, places[index]!.box, threshold))
        : letters(page, own);
      return { ...word, ...chosen };
    })
    .flatMap((word) => parted(word));
}

/** A text with spaces becomes words, each with its share of the box by its number of characters. */
function parted(word: Word): readonly Word[] {
  const parts = word.text.split(' ');
  if (parts.length === 1) {
    return [word];
  }
  const width = (word.box[2] - word.box[0]) / word.text.length;
  let at = 0;
  return parts.flatMap((text) => {
    const from = word.box[0] + at * width;
    at += text.length + 1;
    return text === ''
      ? []
      : [{ ...word, text, box: [from, word.box[1], from + text.length * width, word.box[3]] as const }];
  });
}
