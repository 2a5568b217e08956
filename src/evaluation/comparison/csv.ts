import { refuseDataset } from '../refuse.ts';

/** Cells of one row by the name of their column. */
export type CsvRow = Readonly<Record<string, string>>;

/**
 * RFC 4180 with a header: quoted cells may hold commas, line ends and doubled quotes. Empty lines are skipped. Throws
 * `dataset-invalid` where a quote does not end, a row has another number of cells, a column has no name or one twice.
 */
export function parseCsv(text: string, file: string): readonly CsvRow[] {
  const [head, ...rows] = cellsOf(text.replace(/^\uFEFF/, ''), file).filter((row) => row.length > 1 || row[0] !== '');
  if (!head) {
    throw refuseDataset(file, 'is empty.');
  }
  if (head.includes('') || new Set(head).size < head.length) {
    throw refuseDataset(file, 'a column has no name, or two have one.');
  }
  return rows.map((row, at) => {
    if (row.length !== head.length) {
      throw refuseDataset(file, `row ${at + 2} has ${row.length} cells, the header ${head.length}.`);
    }
    return Object.fromEntries(head.map((name, n) => [name, row[n]!.trim()]));
  });
}

function cellsOf(text: string, file: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    rows.at(-1)!.push(cell);
    cell = '';
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quoted) {
      if (character !== '"') {
        cell += character;
      } else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else {
        quoted = false;
      }
    } else if (character === '"' && cell === '') {
      quoted = true;
    } else if (character === ',') {
      endCell();
    } else if (character === '\n') {
      cell = cell.replace(/\r$/, '');
      endCell();
      rows.push([]);
    } else {
      cell += character;
    }
  }
  if (quoted) {
    throw refuseDataset(file, 'a quoted cell does not end.');
  }
  cell = cell.replace(/\r$/, '');
  endCell();
  return rows;
}
