import type { Word } from './page.ts';

/** A word, a number, a unit or a sign as documents print them; not glyph garbage, not scraps of a picture. */
function sensible(text: string): boolean {
  if (/[\p{Co}\p{Cc}\ufffd]/u.test(text)) {
    return false;
  }
  if (
    /^[([]?[<>≤≥=~±+-]{0,2}\d[\d.,:/x^*%–-]*[)\]*HL%:]{0,3}$/.test(text) ||
    /^[-–—+*<>≤≥=%/:()[\]|.]{1,3}$/.test(text)
  ) {
    return true;
  }
  const bare = text.replace(/^[("'[]+|[)"'\].,:;*]+$/g, '');
  if (/^[A-Za-zµμ%]{1,5}(?:\/[\d.]*[A-Za-zµμ]{0,5}\d?)+$/.test(bare)) {
    return true;
  }
  const letters = bare.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2) {
    return letters === bare.length && letters === 1;
  }
  const others = bare.length - letters - (bare.match(/[-'’/.&0-9]/g)?.length ?? 0);
  const mixedCase = /\p{Ll}\p{Lu}\p{Ll}*\p{Lu}\p{Ll}/u.test(bare);
  const latin = /\p{Script=Latin}/u.test(bare);
  const vowel = /[aeiouyäöüáéíóúàèêâôûœæ]/i.test(bare);
  return others === 0 && !mixedCase && (!latin || vowel || letters <= 5 || !/^\p{L}+$/u.test(bare));
}

/** Dots or lines that lead the eye from a name to its value say nothing, for or against. */
const leader = (text: string) => /^[.…·_=-]{3,}$/.test(text);

/** Share of the characters that stand in sensible words, 0 to 1; 0 without words. */
export function legibility(words: readonly Word[]): number {
  let good = 0;
  let all = 0;
  for (const word of words) {
    if (leader(word.text)) {
      continue;
    }
    all += word.text.length;
    good += sensible(word.text) ? word.text.length : 0;
  }
  return all === 0 ? 0 : good / all;
}

/**
 * Whether a text layer may say something else than the page shows: much of it is no words, or its letters are not those
 * of a language. A font without a proper table gives each letter as another one, and vowels become rare. Laboratory
 * reports are legible to 0.97 and more with vowels around two fifths.
 */
export function suspicious(words: readonly Word[]): boolean {
  if (words.length === 0) {
    return false;
  }
  const letters = words.flatMap(({ text }) => text.match(/\p{Script=Latin}{4,}/gu) ?? []).join('');
  const vowels = letters.normalize('NFD').match(/[aeiouy]/gi)?.length ?? 0;
  return legibility(words) < 0.75 || (letters.length >= 60 && vowels / letters.length < 0.22);
}

/** The default judge of a recognised page: characters in sensible words, weighted with the recogniser's confidence. */
export function generalScore(words: readonly Word[]): number {
  return words.reduce((sum, { text, confidence }) => {
    const worth = leader(text) ? 0 : sensible(text) ? confidence : -0.5;
    return sum + worth * text.length;
  }, 0);
}
