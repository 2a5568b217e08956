import type { UnreadRow } from './finding.ts';
import type { Field } from './groups.ts';
import type { Line } from './layout.ts';
import type { Region } from './regions.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';

/** What holds from line to line while rows are put together. */
export interface State {
  /** "Result:" and the like, whatever the word: what so many lines begin with is a label, no test. */
  readonly labels: ReadonlySet<string>;
  panel?: string;
  specimen?: string;
  /** The specimen follows from the name of a panel. */
  implied?: boolean;
  /** Of all rows until the next heading. */
  method?: string;
  /** What the head of the document, or the label over several panels, names, until a heading names another. */
  head?: string;
  /** The specimen that a label named, and how many rows there were then. */
  told?: { readonly specimen: string; readonly rows: number };
  /** The last line that belongs to the last row. */
  last?: Line;
  /** A line that may be the first half of a name, and what stands between it and the value. */
  pending?: Pending;
}

interface Pending {
  readonly field: Field;
  readonly line: Line;
  /** What held before the line was taken for a heading. */
  readonly panel?: string;
  readonly specimen?: string;
  readonly range?: Field;
  readonly method?: string;
}

/** Where a line that holds no value goes. */
export interface Place {
  readonly region: Region;
  readonly state: State;
  readonly names: Names;
  readonly when: (printed: string) => string | undefined;
  readonly rows: RawRow[];
  readonly unread: UnreadRow[];
}

/** Right below, with at most `ems` of blank between; the next line of the same strip. */
export function follows(above: Line, below: Line, region: Region, ems = 0.9): boolean {
  return (
    above.page === below.page &&
    above.strip === below.strip &&
    below.box[1] - above.box[3] < ems * region.layout.fontSize &&
    below.box[1] >= above.box[1]
  );
}
