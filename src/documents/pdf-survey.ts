import { OPS, Util } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { Box } from './page.ts';

/** What a page draws besides its words, from the list of its operators. */
export interface PdfSurvey {
  /** Pictures that could hold text, in the units of the viewport, cut to the page. */
  readonly pictures: readonly Box[];
  /** Lines, curves and letters that are drawn as outlines. */
  readonly paths: number;
  /** Share of the glyphs that are written but not drawn, 0 to 1: what programs that recognise scans leave behind. */
  readonly invisible: number;
  /** What the page writes, in the order of painting; characters that are not drawn are not `seen`. */
  readonly written: readonly { readonly text: string; readonly seen: boolean }[];
}

interface Glyph {
  readonly unicode?: string;
}

type Matrix = readonly number[];

const saves = new Set([OPS.save, OPS.paintFormXObjectBegin, OPS.beginGroup]);
const restores = new Set([OPS.restore, OPS.paintFormXObjectEnd, OPS.endGroup]);
/** Pictures closer than this are one: scanners cut pages into strips. */
const touching = 2;
/** More pictures than this are patterns or letters drawn as pictures; they are not put together. */
const manyPictures = 500;

interface Viewport {
  readonly width: number;
  readonly height: number;
  readonly transform: readonly number[];
}

/** The unit square under a matrix, which is where a picture is drawn. */
function squareBox(matrix: Matrix, { width, height }: Viewport): Box {
  const [a, b, c, d, e, f] = matrix as [number, number, number, number, number, number];
  const xs = [e, e + a, e + c, e + a + c];
  const ys = [f, f + b, f + d, f + b + d];
  return [
    Math.max(0, Math.min(...xs)),
    Math.max(0, Math.min(...ys)),
    Math.min(width, Math.max(...xs)),
    Math.min(height, Math.max(...ys)),
  ];
}

/** Matrices under which an operator draws pictures; pdfjs joins what is drawn in a row. */
function pictureMatrices(operator: number, args: readonly unknown[]): readonly Matrix[] {
  switch (operator) {
    case OPS.paintImageXObject:
    case OPS.paintInlineImageXObject:
    case OPS.paintImageMaskXObject:
      return [[1, 0, 0, 1, 0, 0]];
    case OPS.paintImageXObjectRepeat: {
      const [, scaleX, scaleY, positions] = args as [unknown, number, number, ArrayLike<number>];
      return Array.from({ length: positions.length / 2 }, (_, at) => [
        scaleX,
        0,
        0,
        scaleY,
        positions[2 * at]!,
        positions[2 * at + 1]!,
      ]);
    }
    case OPS.paintInlineImageXObjectGroup: {
      const [, map] = args as [unknown, readonly { readonly transform: Matrix }[]];
      return map.map(({ transform }) => transform);
    }
    default:
      return [];
  }
}

/** Boxes that touch as one, until none do. */
function united(boxes: readonly Box[]): readonly Box[] {
  const out: Box[] = [];
  for (const box of boxes) {
    let [x0, y0, x1, y1] = box;
    for (let at = out.length - 1; at >= 0; at--) {
      const [a0, b0, a1, b1] = out[at]!;
      if (a0 <= x1 + touching && a1 >= x0 - touching && b0 <= y1 + touching && b1 >= y0 - touching) {
        [x0, y0, x1, y1] = [Math.min(x0, a0), Math.min(y0, b0), Math.max(x1, a1), Math.max(y1, b1)];
        out.splice(at, 1);
        // The larger box may reach others that were passed already.
        at = out.length;
      }
    }
    out.push([x0, y0, x1, y1]);
  }
  return out;
}

/** Where pictures stand on a page, and how its text is drawn. */
export function surveyPdf(
  { fnArray, argsArray }: { readonly fnArray: readonly number[]; readonly argsArray: readonly unknown[] },
  viewport: Viewport,
): PdfSurvey {
  const pictures: Box[] = [];
  const saved: { readonly matrix: Matrix; readonly mode: number }[] = [];
  let matrix: Matrix = viewport.transform;
  let mode = 0;
  let paths = 0;
  const written: { text: string; seen: boolean }[] = [];
  fnArray.forEach((operator, index) => {
    const args = (argsArray[index] ?? []) as readonly unknown[];
    if (saves.has(operator)) {
      saved.push({ matrix, mode });
    }
    if (restores.has(operator)) {
      ({ matrix, mode } = saved.pop() ?? { matrix, mode });
    } else if (operator === OPS.transform) {
      matrix = Util.transform([...matrix], [...(args as Matrix)]) as Matrix;
    } else if (operator === OPS.paintFormXObjectBegin && args[0]) {
      matrix = Util.transform([...matrix], [...(args[0] as Matrix)]) as Matrix;
    } else if (operator === OPS.setTextRenderingMode) {
      mode = args[0] as number;
    } else if (operator === OPS.showText) {
      const text = (args[0] as readonly (Glyph | number | null)[])
        .map((glyph) => (typeof glyph === 'object' ? (glyph?.unicode ?? '') : ''))
        .join('');
      written.push({ text, seen: mode !== 3 && mode !== 7 });
    } else if (operator === OPS.constructPath) {
      paths++;
    } else {
      for (const own of pictureMatrices(operator, args)) {
        pictures.push(squareBox(Util.transform([...matrix], [...own]) as Matrix, viewport));
      }
    }
  });
  const drawn = pictures.filter(([x0, y0, x1, y1]) => x1 > x0 && y1 > y0);
  return {
    pictures: drawn.length > manyPictures ? drawn : united(drawn),
    paths,
    invisible: shareUnseen(written),
    written,
  };
}

const bare = (text: string) => text.normalize('NFKC').replace(/\s+/g, '');

function shareUnseen(written: PdfSurvey['written']): number {
  const length = (all: PdfSurvey['written']) => all.reduce((sum, { text }) => sum + bare(text).length, 0);
  const all = length(written);
  return all === 0 ? 0 : length(written.filter(({ seen }) => !seen)) / all;
}

/**
 * Whether each run of the text layer is drawn, for the runs in the order of painting. Undefined when the layer does not
 * say what the operators write, so that nothing tells which run is which.
 */
export function seenRuns(runs: readonly string[], written: PdfSurvey['written']): readonly boolean[] | undefined {
  const all = written.map(({ text, seen }) => ({ text: bare(text), seen }));
  const texts = runs.map(bare);
  if (texts.join('') !== all.map(({ text }) => text).join('')) {
    return undefined;
  }
  const unseenAt = new Set<number>();
  let at = 0;
  for (const { text, seen } of all) {
    for (let end = at + text.length; at < end; at++) {
      if (!seen) unseenAt.add(at);
    }
  }
  let from = 0;
  return texts.map((text) => {
    const start = from;
    from += text.length;
    return !unseenAt.has(start);
  });
}
