import type { Box, Page, Word } from './page.ts';

/** Centre, width and height of a box after a clockwise turn by a multiple of 90 degrees and then by a small angle. */
function turn(box: Box, page: Page, degrees: number): Box {
  const quarter = Math.round(degrees / 90) * 90;
  const small = ((degrees - quarter) * Math.PI) / 180;
  const sideways = Math.abs(quarter % 180) === 90;
  const outWidth = sideways ? page.height : page.width;
  const outHeight = sideways ? page.width : page.height;
  const angle = (degrees * Math.PI) / 180;
  const x = (box[0] + box[2]) / 2 - page.width / 2;
  const y = (box[1] + box[3]) / 2 - page.height / 2;
  const cx = x * Math.cos(angle) - y * Math.sin(angle) + outWidth / 2;
  const cy = x * Math.sin(angle) + y * Math.cos(angle) + outHeight / 2;
  const boundWidth = sideways ? box[3] - box[1] : box[2] - box[0];
  const boundHeight = sideways ? box[2] - box[0] : box[3] - box[1];
  // The box on the page is the bound of the tilted word: W = w·cos + h·sin, H = w·sin + h·cos.
  const cos = Math.cos(Math.abs(small));
  const sin = Math.sin(Math.abs(small));
  const determinant = cos * cos - sin * sin;
  const width = Math.max((boundWidth * cos - boundHeight * sin) / determinant, 1e-3);
  const height = Math.max((boundHeight * cos - boundWidth * sin) / determinant, 1e-3);
  return [cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2];
}

/**
 * The page turned so that its text runs from left to right: words in the same order, so that word i of the result is
 * word i of the page. Rows and columns are to be found on this page, evidence is to be shown with the boxes of the
 * given one. The page itself when it is upright.
 */
export function upright(page: Page): Page {
  const { uprightBy, ...rest } = page;
  if (uprightBy === undefined || uprightBy === 0) {
    return page;
  }
  const sideways = Math.abs((Math.round(uprightBy / 90) * 90) % 180) === 90;
  return {
    ...rest,
    width: sideways ? page.height : page.width,
    height: sideways ? page.width : page.height,
    words: page.words.map((word): Word => ({ ...word, box: turn(word.box, page, uprightBy) })),
  };
}
