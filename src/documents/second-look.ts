import { agrees, decimalSigns, lacksSigns } from './decimal-signs.ts';
import type { Word } from './page.ts';
import type { Grey } from './picture.ts';
import type { Recogniser } from './recogniser.ts';
import { inkThreshold } from './skew.ts';

/**
 * Numbers whose picture has more points than their text are read again, alone and larger. A reading with the same
 * digits and as many points as the picture replaces the first; otherwise the word keeps its text and hardly any
 * confidence. No point is ever put where no reading has one.
 */
export async function secondLook(reader: Recogniser, picture: Grey, words: readonly Word[]): Promise<readonly Word[]> {
  const threshold = inkThreshold(picture);
  const out: Word[] = [];
  for (const word of words) {
    const signs = /\d\D*\d/.test(word.text) ? decimalSigns(picture, word.box, threshold) : 0;
    if (!lacksSigns(word.text, signs)) {
      out.push(word);
      continue;
    }
    let better: string | undefined;
    for (const scale of [1, 3, 2, 1.5]) {
      const reading = await reader.readLine(picture, word.box, scale);
      if (agrees(reading, word.text, signs)) {
        better = reading;
        break;
      }
    }
    out.push(
      better === undefined
        ? { ...word, confidence: Math.min(word.confidence, 0.2) }
        : {
            ...word,
            text: better.replace(/(?<=\d) (?=[.,]\d)|(?<=\d[.,]) (?=\d)/g, ''),
            confidence: Math.min(word.confidence, 0.75),
          },
    );
  }
  return out;
}
