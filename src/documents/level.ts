import sharp from 'sharp';
import { withoutRules, withoutSpecks } from './clean.ts';
import { inkOf, letterHeight, type Mark, marksOf } from './ink.ts';
import type { Grey } from './picture.ts';
import { turned, workingScale } from './prepare.ts';

/** Neighbourhood of a pixel that decides what is ink: about a line of print at 200 dpi. */
export const inkRadius = 20;
/** Letters of a page on which too few marks were found to tell, in pixels. */
const usualLetter = 18;

/** A page turned level and cleaned, ready for recognition. */
export interface Level {
  /** At the size of the page's picture: what single words are read from. */
  readonly fine: Grey;
  /** At the size of letters that page recognition likes. */
  readonly picture: Grey;
  /** Pixels of `picture` for one of `fine`. */
  readonly scale: number;
  /** Connected parts of the ink of `fine`, and the usual height of its letters in pixels. */
  readonly marks: readonly Mark[];
  readonly letter: number;
  /** Clockwise turn from the page's picture. */
  readonly degrees: number;
}

/** Turns a page by `degrees` clockwise, takes speckle away where asked, and the lines of its tables. */
export async function levelled(grey: Grey, degrees: number, despeckle: boolean): Promise<Level> {
  const straight = await turned(despeckle ? withoutSpecks(grey, inkOf(grey, inkRadius)) : grey, 1, degrees);
  const ink = inkOf(straight, inkRadius);
  const first = letterHeight(marksOf(ink).marks) ?? usualLetter;
  const cleaned = withoutRules(straight, ink, first);
  const fine = cleaned.grey;
  const { marks } = marksOf(cleaned.ink);
  const letter = letterHeight(marks) ?? first;
  const scale = workingScale(fine.width, fine.height, letter);
  const level = { fine, marks, letter, scale, degrees };
  if (scale === 1) {
    return { ...level, picture: fine };
  }
  const { data, info } = await sharp(fine.data, { raw: { width: fine.width, height: fine.height, channels: 1 } })
    .resize({ width: Math.round(fine.width * scale), height: Math.round(fine.height * scale), fit: 'fill' })
    .toColourspace('b-w')
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { ...level, picture: { data, width: info.width, height: info.height } };
}
