import { IntervalError } from '../errors.ts';
import type { DocumentLimits } from './limits.ts';
import type { Page } from './page.ts';

/** Longest word and most words at one height that print can have; what is beyond is data, and costs its square to read. */
const wordLength = 1000;
const wordsOfLine = 1000;

/** Refuses what no printed report can hold. Throws `document-too-large`, `document-unreadable`. */
export function refuseCrowded(pages: readonly Page[], limits: DocumentLimits): void {
  const count = pages.reduce((sum, { words }) => sum + words.length, 0);
  if (count > limits.words) {
    throw new IntervalError('document-too-large', `The document has ${count} words; at most ${limits.words} are read.`);
  }
  for (const { number, words } of pages) {
    const lines = new Map<number, number>();
    for (const { text, box } of words) {
      const height = Math.round(box[1]);
      const crowd = (lines.get(height) ?? 0) + 1;
      lines.set(height, crowd);
      if (text.length > wordLength || crowd > wordsOfLine) {
        throw new IntervalError('document-unreadable', `Page ${number} has a word or a line longer than print can be.`);
      }
    }
  }
}
