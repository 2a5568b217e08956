import type { Facts } from './facts.ts';
import { fold } from './header-words.ts';
import type { PageLayout } from './layout.ts';
import type { RawRow } from './rows.ts';
import { specimenLabel, specimenOf } from './specimens.ts';

/** A specimen that is named beside what the document says of itself, and where. */
interface HeadSpecimen {
  readonly specimen: string;
  readonly page: number;
  readonly y: number;
}

/** The one specimen that the heads name; none where they name several. */
export function onlySpecimen(named: readonly HeadSpecimen[]): string | undefined {
  return new Set(named.map(({ specimen }) => specimen)).size === 1 ? named[0]!.specimen : undefined;
}

/** Specimens behind, beside or under their labels in lines that hold facts or stand among such, in reading order. */
export function headSpecimens({ lines }: Facts, layouts: readonly PageLayout[]): readonly HeadSpecimen[] {
  return layouts.flatMap((layout) =>
    layout.lines.flatMap((line, at) => {
      const [before, next] = [layout.lines[at - 1], layout.lines[at + 1]];
      if (![before, line, next].some((one) => one && lines.has(one))) return [];
      return line.cells.flatMap((cell, index) => {
        const [, label = cell.text, said] = /^([^:]{3,40}?)\s*:\s*(\S.*)$/.exec(cell.text) ?? [];
        if (!specimenLabel.test(fold(label.replace(/\s*:\s*$/, '').trim()))) return [];
        const beside = line.cells[index + 1]?.text.replace(/^\s*:\s*/, '');
        const under = next?.cells.find(({ box }) => box[0] < cell.box[2] && box[2] > cell.box[0])?.text;
        // "SAMPLE TYPE: ARTERIAL SITE: LT RADIAL": what follows the next label is another thing.
        const own = said?.replace(/\s+\p{L}+:\s.*$/u, '');
        const specimen = [own, beside, under].map((text) => text && oneSpecimen(text)).find((one) => one);
        return specimen ? [{ specimen, page: line.page, y: line.box[1] }] : [];
      });
    }),
  );
}

/** "Serum / blood" names two, and so none for any row. */
function oneSpecimen(text: string): string | undefined {
  const parts = new Set(text.split(/[/,+&;]| (?:and|und|et|y|e) /).flatMap((part) => specimenOf(part) ?? []));
  return parts.size > 1 ? undefined : specimenOf(text);
}

/** A row without a specimen of its own is of the one that the heads of several pages or parts name last above it. */
export function withSpecimen(row: RawRow, named: readonly HeadSpecimen[]): RawRow {
  if (row.specimen) return row;
  const above = named.findLast(({ page, y }) => page < row.page || (page === row.page && y <= row.line.box[1]));
  // At the foot of its page, where all feet say the same.
  const specimen = above?.specimen ?? onlySpecimen(named);
  return specimen ? { ...row, specimen } : row;
}
