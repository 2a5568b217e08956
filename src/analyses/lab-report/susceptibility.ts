import { clean, fieldOf } from './groups.ts';
import { joined, type Line, type PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import type { Token } from './tokens.ts';

const verdict =
  /^(?:S|I|R|SDD|NS|sensitive|sensible|susceptible|intermediate|intermediär|intermedio|resistant|resistent|resistente|résistant)$/i;
const concentration = /^(?:[<>≤≥]=?\s?)?\d+(?:[.,/]\d+)*$/;
const missing = /^[-–—.]+$/;

/** One antibiotic with its concentration or verdict for one isolate. */
interface Cell {
  readonly at: Line['cells'][number];
  readonly kind: 'verdict' | 'concentration' | 'missing';
}

/**
 * Antibiograms: lines of an antibiotic and S, I or R, for one isolate or for several side by side. The verdict is the value,
 * or the flag where a minimum inhibitory concentration stands before it; the isolate becomes the panel.
 */
export function readSusceptibility({ page, lines }: PageLayout, names: Names): readonly RawRow[] {
  const read = lines.map((line) => ({ line, cells: cellsOf(line, names) }));
  const drugs = read.filter(({ line, cells }) => cells && names.isAntibiotic(clean(line.cells[0]!.text)));
  if (drugs.length < 2) return [];
  return read.flatMap(({ line, cells }, index): readonly RawRow[] => {
    if (!cells) return [];
    const heads = isolatesOver(lines, index, names);
    return isolatesOf(cells)
      .map((isolate, at): RawRow | undefined => {
        const tokens = (cell: Cell): readonly Token[] => line.tokens.slice(cell.at.from, cell.at.to);
        const value =
          isolate.find(({ kind }) => kind === 'concentration') ?? isolate.find(({ kind }) => kind === 'verdict');
        if (!value) return undefined;
        const flag = isolate.find((cell) => cell.kind === 'verdict' && cell !== value);
        const field = fieldOf(tokens(value));
        return {
          page: page.number,
          name: fieldOf(line.tokens.slice(line.cells[0]!.from, line.cells[0]!.to)),
          value: field,
          ...(flag ? { flag: fieldOf(tokens(flag)) } : {}),
          outOfRange: false,
          ...((heads[at] ?? heads.at(-1)) ? { panel: heads[at] ?? heads.at(-1)! } : {}),
          susceptibility: true,
          confidence: Math.min(...field.tokens.map(({ confidence }) => confidence)) * 0.9,
          line,
        };
      })
      .filter((row) => row !== undefined);
  });
}

/** The cells behind a name, when all of them can stand in an antibiogram and one is a verdict. */
function cellsOf(line: Line, names: Names): readonly Cell[] | undefined {
  const [name, ...rest] = line.cells;
  if (!name || rest.length === 0 || !names.isTest(clean(name.text))) return undefined;
  const cells = rest.map((at): Cell | undefined => {
    const text = at.text.trim();
    if (verdict.test(text)) return { at, kind: 'verdict' };
    if (missing.test(text)) return { at, kind: 'missing' };
    return concentration.test(text) ? { at, kind: 'concentration' } : undefined;
  });
  const known = cells.filter((cell) => cell !== undefined);
  return known.length === cells.length && known.some(({ kind }) => kind === 'verdict') ? known : undefined;
}

/** A concentration belongs to the verdict that follows it. */
function isolatesOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const isolates: Cell[][] = [[]];
  for (const cell of cells) {
    isolates.at(-1)!.push(cell);
    if (cell.kind !== 'concentration') isolates.push([]);
  }
  // "Ampicillin   R   >=32": a concentration behind its verdict is no isolate of its own.
  return isolates.filter((isolate) => isolate.some(({ kind }) => kind !== 'concentration'));
}

/** The nearest line above that is no row: names of the isolates, one a column. */
function isolatesOver(lines: readonly Line[], index: number, names: Names): readonly string[] {
  for (let at = index - 1; at >= 0 && at >= index - 40; at--) {
    const line = lines[at]!;
    if (cellsOf(line, names)) continue;
    const organisms = line.cells
      .map(({ text }) => text)
      .filter((text) => /^(?:\d\)\s*)?\p{Lu}\p{L}+\.?\s\p{Ll}{3,}/u.test(text));
    if (organisms.length > 0) return organisms.map((text) => text.replace(/^\d\)\s*/, ''));
    if (joined(line.tokens).length > 60) return [];
  }
  return [];
}
