import { resolveTest } from '../../terminology/lab-dictionary.ts';
import { fold, headerPhrases } from './header-words.ts';
import type { Names } from './role.ts';

/** The lab dictionary as layout reading asks it; answers are kept for the length of one document. */
export function createNames(): Names {
  const known = new Map<string, boolean>();
  return {
    isTest(text) {
      let answer = known.get(text);
      if (answer === undefined) {
        answer =
          text.length >= 1 &&
          text.length <= 80 &&
          /\p{L}/u.test(text) &&
          !headerPhrases.has(fold(text)) &&
          resolveTest({ name: text }) !== undefined;
        known.set(text, answer);
      }
      return answer;
    },
    isAntibiotic: (text) => resolveTest({ name: text })?.entry.panel.includes('susceptibility') === true,
  };
}
