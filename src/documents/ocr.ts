import { generalScore, legibility } from './legible.ts';
import type { Page, Word } from './page.ts';
import type { Answers } from './reading.ts';
import type { PageMode } from './recogniser.ts';
import type { Ask } from './thread.ts';
import { upright } from './upright.ts';

export interface OcrOptions {
  /**
   * How much of a recognised page makes sense; higher is better, on any scale. Compared between passes over the same
   * page only. Default: characters in sensible words, weighted with the recogniser's confidence.
   */
  readonly score?: (words: readonly Word[]) => number;
  /** Time for one page: no further pass is started after it. */
  readonly millisecondsPerPage?: number;
}

type Pass = Answers['recognise'];
type Quarter = 0 | 90 | 180 | 270;

/** Whether the words are so plain that the page cannot be upside down. */
function upstanding(words: readonly Word[]): boolean {
  const long = words.filter((word) => /[\p{L}\d]{2}/u.test(word.text));
  const confidence = long.reduce((sum, word) => sum + word.confidence, 0) / Math.max(1, long.length);
  return long.length >= 3 && confidence > 0.6 && legibility(words) > 0.6;
}

/** Whether a second way of reading the page could hardly do better. */
function sound(words: readonly Word[]): boolean {
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  const confidence = words.reduce((sum, word) => sum + word.confidence * word.text.length, 0) / Math.max(1, characters);
  return confidence > 0.75 && legibility(words) > 0.7;
}

/**
 * Reads one page from its picture: finds the orientation, and despeckles where the page is noisy. Ordinary pages are read
 * once; a poor result is tried in other ways, and the pass that scores best is kept. Boxes are those of the page as given.
 */
export async function recognisePage(ask: Ask, page: Page, options: OcrOptions = {}): Promise<Page> {
  const score = options.score ?? generalScore;
  const end = performance.now() + (options.millisecondsPerPage ?? 20_000);
  const { sideways, blank, speckle } = await ask({ kind: 'prepare', page: page.number });
  const asOcr: Page = {
    number: page.number,
    width: page.width,
    height: page.height,
    unit: page.unit,
    source: 'ocr',
    words: [],
  };
  if (blank) {
    return asOcr;
  }
  const noisy = speckle > 0.02;
  const pass = (quarter: Quarter, mode: PageMode, despeckle: boolean): Promise<Pass> =>
    ask({ kind: 'recognise', quarter, mode, despeckle });

  const quarters: readonly Quarter[] = sideways ? [270, 90, 0, 180] : [0, 180, 90, 270];
  let quarter = quarters[0]!;
  let best = await pass(quarter, '4', noisy);
  if (!upstanding(best.words)) {
    for (const other of quarters.slice(1)) {
      const found = await pass(other, '4', noisy);
      // Upside down, letters still look like letters: the general judge is fairer here than one that looks for words.
      if (generalScore(found.words) > generalScore(best.words)) {
        best = found;
        quarter = other;
      }
      if (upstanding(best.words) || performance.now() > end) {
        break;
      }
    }
  }
  const further: readonly (readonly [PageMode, boolean])[] = [
    ['6', noisy],
    ['4', !noisy],
  ];
  const judged = (found: Pass) => score(upright({ ...asOcr, ...found }).words);
  let bestScore: number | undefined;
  for (const [mode, despeckle] of further) {
    if (sound(best.words) || performance.now() > end) {
      break;
    }
    bestScore ??= judged(best);
    const found = await pass(quarter, mode, despeckle);
    const foundScore = judged(found);
    if (foundScore > bestScore) {
      best = found;
      bestScore = foundScore;
    }
  }
  return { ...asOcr, ...best };
}
