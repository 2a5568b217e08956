import type { Mark } from './ink.ts';
import type { Box } from './page.ts';
import type { Found } from './recogniser.ts';

/** Where a word stands: its box, its base line and the height of capitals and digits in its line, all in pixels. */
export interface Standing {
  readonly box: Box;
  readonly baseline: number;
  readonly capital: number;
}

const middle = (values: readonly number[], share = 0.5) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))];

/** Letters and digits among the marks under a box: as high as letters, and with their centre inside. */
function lettersIn(box: Box, marks: readonly Mark[], letter: number): readonly Mark[] {
  return marks.filter(({ x0, y0, x1, y1 }) => {
    const [x, y, height] = [(x0 + x1) / 2, (y0 + y1) / 2, y1 - y0];
    const inside = x > box[0] - 1 && x < box[2] + 1 && y > box[1] && y < box[3];
    return inside && height >= 0.5 * letter && height <= 3.5 * letter;
  });
}

/**
 * Base line and height of each word from the ink itself: boxes of recognition also hold what is left of lines and
 * noise. `scale` is pixels of the words' boxes for one of the marks'; the result is in pixels of the marks.
 */
export function standing(
  found: readonly Found[],
  scale: number,
  marks: readonly Mark[],
  letter: number,
): readonly Standing[] {
  // Rows of marks, so that a word is not compared with all marks of the page.
  const rows = new Map<number, Mark[]>();
  const rowOf = (y: number) => Math.floor(y / 64);
  for (const mark of marks) {
    const row = rowOf((mark.y0 + mark.y1) / 2);
    const list = rows.get(row);
    if (list) list.push(mark);
    else rows.set(row, [mark]);
  }
  const boxes = found.map(({ box }): Box => [box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale]);
  const letters = boxes.map((box) => {
    const near: Mark[] = [];
    for (let row = rowOf(box[1]); row <= rowOf(box[3]); row++) near.push(...(rows.get(row) ?? []));
    return lettersIn(box, near, letter);
  });
  const lines = new Map<number, Mark[]>();
  found.forEach(({ line }, index) => {
    lines.set(line, [...(lines.get(line) ?? []), ...letters[index]!]);
  });
  return boxes.map((box, index) => {
    const own = letters[index]!;
    const line = lines.get(found[index]!.line)!;
    const lineBase = middle(line.map(({ y1 }) => y1));
    const high = line.filter(({ y1 }) => lineBase !== undefined && Math.abs(y1 - lineBase) < 0.3 * letter);
    const capital = Math.max(
      5,
      middle(
        high.map(({ y0, y1 }) => y1 - y0),
        0.85,
      ) ?? letter,
    );
    // Of a word whose letters agree with the line the line is trusted; of another its own letters.
    const ownBase = middle(own.map(({ y1 }) => y1));
    const baseline =
      ownBase === undefined
        ? lineBase !== undefined && lineBase > box[1] && lineBase < box[3] + capital
          ? lineBase
          : box[3]
        : lineBase !== undefined && Math.abs(ownBase - lineBase) < 0.35 * capital
          ? lineBase
          : ownBase;
    return { box, baseline, capital };
  });
}
