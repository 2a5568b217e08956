import type { Box, Page } from '../../documents/page.ts';
import { upright } from '../../documents/upright.ts';
import type { Field } from './groups.ts';
import { around } from './layout.ts';
import type { RawRow } from './rows.ts';

/** The row with boxes of the page as it was given, where that had to be turned to be read. */
export function rowAsGiven(row: RawRow, page: Page): RawRow {
  if (!page.uprightBy) {
    return row;
  }
  const field = (one: Field): Field => ({ ...one, box: around(one.tokens.map(({ word }) => page.words[word]!.box)) });
  const { name, value, unit, range, flag, line } = row;
  return {
    ...row,
    name: field(name),
    value: field(value),
    unit: unit && field(unit),
    range: range && field(range),
    flag: flag && field(flag),
    line: { ...line, box: boxAsGiven(line.box, page) },
  };
}

/** Around the words that stand in a box of the turned page. */
export function boxAsGiven(box: Box, page: Page): Box {
  if (!page.uprightBy) {
    return box;
  }
  const inside = upright(page).words.flatMap(({ box: [x0, y0, x1, y1] }, index) => {
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    return x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] ? [page.words[index]!.box] : [];
  });
  return inside.length > 0 ? around(inside) : [0, 0, page.width, page.height];
}
