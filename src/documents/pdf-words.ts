import type { Word } from './page.ts';

/** One run of a text layer in the space of the page's viewport at scale 1 (origin top left, y down). */
export interface TextRun {
  readonly text: string;
  /** Start of the baseline. */
  readonly x: number;
  readonly y: number;
  /** Along the direction of writing. */
  readonly width: number;
  readonly fontSize: number;
  /** Direction of writing in degrees, clockwise; 0 is left to right. */
  readonly angle: number;
  readonly bold: boolean;
}

/** Relative advance of a character in a common sans-serif face: runs are split in these proportions. */
function advance(character: string): number {
  if (/[ijl|.,:;'!I]/.test(character)) return 0.27;
  if (/[ftr()[\]/\\ -]/.test(character)) return 0.33;
  if (/[mwMW@%]/.test(character)) return 0.87;
  return /[A-Z&]/.test(character) ? 0.69 : 0.55;
}

interface Piece extends TextRun {
  /** A space stood before or after the piece in its own run. */
  readonly spaceBefore: boolean;
  readonly spaceAfter: boolean;
}

function pieces(run: TextRun): readonly Piece[] {
  const advances = [...run.text].map(advance);
  const total = advances.reduce((sum, value) => sum + value, 0) || 1;
  const starts: number[] = [0];
  for (const value of advances) {
    starts.push(starts.at(-1)! + value);
  }
  const text = [...run.text];
  const out: Piece[] = [];
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    const blank = index === text.length || /\s/.test(text[index]!);
    if (!blank && start < 0) {
      start = index;
    } else if (blank && start >= 0) {
      const from = (starts[start]! / total) * run.width;
      const to = (starts[index]! / total) * run.width;
      const radians = (run.angle * Math.PI) / 180;
      out.push({
        ...run,
        text: text.slice(start, index).join(''),
        x: run.x + from * Math.cos(radians),
        y: run.y + from * Math.sin(radians),
        width: to - from,
        spaceBefore: start > 0,
        spaceAfter: index < text.length,
      });
      start = -1;
    }
  }
  return out;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Pieces on one baseline, closer than a fifth of an em and without a space between them, are one word. */
function join(sorted: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of sorted) {
    const last = out.at(-1);
    const gap = last ? piece.x - (last.x + last.width) : Number.POSITIVE_INFINITY;
    const em = piece.fontSize;
    if (
      last &&
      !last.spaceAfter &&
      !piece.spaceBefore &&
      Math.abs(last.y - piece.y) < 0.1 * em &&
      Math.abs(last.fontSize - em) < 0.1 * em &&
      gap < 0.16 * em &&
      gap > -0.25 * em
    ) {
      out[out.length - 1] = {
        ...last,
        text: last.text + piece.text,
        width: piece.x + piece.width - last.x,
        bold: last.bold && piece.bold,
        spaceAfter: piece.spaceAfter,
      };
    } else {
      out.push(piece);
    }
  }
  return out;
}

/** The same text printed twice a fraction of a point apart is how some programs print bold. */
function mergeDoubles(sorted: readonly Piece[]): readonly Piece[] {
  const out: Piece[] = [];
  for (const piece of sorted) {
    const twin = out.findLastIndex(
      (other, index) =>
        index >= out.length - 4 &&
        other.text === piece.text &&
        Math.abs(other.x - piece.x) < 0.12 * piece.fontSize &&
        Math.abs(other.y - piece.y) < 0.12 * piece.fontSize,
    );
    if (twin >= 0) {
      out[twin] = { ...out[twin]!, bold: true };
    } else {
      out.push(piece);
    }
  }
  return out;
}

/** Groups pieces, sorted from top to bottom, by baseline; each group from left to right. */
function baselines(sorted: readonly Piece[]): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [];
  for (const piece of sorted) {
    const line = lines.at(-1);
    if (line && Math.abs(line[0]!.y - piece.y) <= 0.12 * piece.fontSize) {
      line.push(piece);
    } else {
      lines.push([piece]);
    }
  }
  return lines.map((line) => line.sort((a, b) => a.x - b.x));
}

/** Direction in which most of the text is written: 0, 90, 180 or 270. */
function mainDirection(runs: readonly TextRun[]): number {
  const weight = new Map<number, number>();
  for (const run of runs) {
    const quarter = (((Math.round(run.angle / 90) * 90) % 360) + 360) % 360;
    if (Math.abs(run.angle - Math.round(run.angle / 90) * 90) < 3) {
      weight.set(quarter, (weight.get(quarter) ?? 0) + run.text.length);
    }
  }
  return [...weight].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

const rotate = (x: number, y: number, degrees: number): readonly [number, number] => {
  const quarter = ((degrees % 360) + 360) % 360;
  return quarter === 90 ? [-y, x] : quarter === 180 ? [-x, -y] : quarter === 270 ? [y, -x] : [x, y];
};

/**
 * Words of a text layer. Runs in another direction than most of the text, and runs several times larger than the body
 * (watermarks, both), are dropped: they would land inside value cells. Boxes reach from the ascent to the descent.
 */
export function pdfWords(runs: readonly TextRun[]): { readonly words: readonly Word[]; readonly direction: number } {
  const written = runs.filter((run) => run.text.trim() !== '' && run.fontSize > 0 && run.width > 0);
  const direction = mainDirection(written);
  const body = median(written.flatMap((run) => Array(run.text.length).fill(run.fontSize) as number[]));
  const kept = written
    .filter((run) => Math.abs(((run.angle - direction + 540) % 360) - 180) < 3 && run.fontSize <= 4 * body)
    .flatMap(pieces)
    // Turn into a space where the text runs left to right, so that joining is the same for every direction.
    .map((piece) => {
      const [x, y] = rotate(piece.x, piece.y, -direction);
      return { ...piece, x, y };
    })
    .sort((a, b) => a.y - b.y);
  const words = baselines(kept)
    .flatMap((line) => join(mergeDoubles(line)))
    .map((piece): Word => {
      const corners = [
        rotate(piece.x, piece.y - 0.8 * piece.fontSize, direction),
        rotate(piece.x + piece.width, piece.y + 0.22 * piece.fontSize, direction),
      ] as const;
      return {
        text: piece.text,
        box: [
          Math.min(corners[0][0], corners[1][0]),
          Math.min(corners[0][1], corners[1][1]),
          Math.max(corners[0][0], corners[1][0]),
          Math.max(corners[0][1], corners[1][1]),
        ],
        confidence: 1,
        fontSize: piece.fontSize,
        bold: piece.bold,
      };
    });
  return { words, direction };
}
