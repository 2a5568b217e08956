import type { Box, Page, Word } from './page.ts';

const middle = ([x0, y0, x1, y1]: Box): readonly [number, number] => [(x0 + x1) / 2, (y0 + y1) / 2];
const holds = ([x0, y0, x1, y1]: Box, [x, y]: readonly [number, number]) => x > x0 && x < x1 && y > y0 && y < y1;

/** Small angles are those of a picture that was laid a little askew. */
const skew = 5;

/**
 * A page whose text layer says one part and a picture another: the words of the text, and those that were recognised
 * inside the pictures where no text stands. It counts as recognised, so that its numbers are doubted like those of any
 * scan. The text alone when the picture lies another way round: both cannot stand in the same lines.
 */
export function merged(text: Page, recognised: Page, pictures: readonly Box[]): Page {
  const turn = (((recognised.uprightBy ?? 0) - (text.uprightBy ?? 0) + 540) % 360) - 180;
  if (Math.abs(turn) > skew) {
    return text;
  }
  const isNew = ({ box }: Word) => {
    const at = middle(box);
    return pictures.some((picture) => holds(picture, at)) && !text.words.some((word) => overlap(word.box, box) > 0.3);
  };
  const found = recognised.words.filter(isNew);
  return found.length === 0 ? text : { ...text, source: 'ocr', words: [...text.words, ...found] };
}

/** Share of the smaller of two boxes that lies in the other. */
function overlap(a: Box, b: Box): number {
  const across = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const down = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const area = (box: Box) => (box[2] - box[0]) * (box[3] - box[1]);
  return across <= 0 || down <= 0 ? 0 : (across * down) / Math.min(area(a), area(b));
}
