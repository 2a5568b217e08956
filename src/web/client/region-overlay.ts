import type { Region } from '../../fhir/result-draft.ts';
import { h, s } from './dom.ts';
import type { Matrix } from './film-geometry.ts';

/** A box on a picture, linked with the row of the list that it belongs to. */
export interface Mark {
  readonly row: string;
  readonly label: string;
  readonly tone: string;
  readonly region: Region;
}

export interface Selection {
  /** A row is pointed at or focused; undefined: none. */
  point(row: string | undefined): void;
  /** A row is chosen by click or Enter. */
  choose(row: string): void;
}

/**
 * A picture with boxes over it. Each box has its own coordinate space, so each gets its own view box, stretched over the
 * whole picture: 10 of 100 pixels of an original are at a tenth of the width, whatever size the picture is shown at.
 * Boxes are for the pointer; the keyboard and screen readers have the list, which says the same.
 */
export function markedPicture(
  image: { readonly src: string; readonly alt: string },
  marks: readonly Mark[],
  selection: Selection,
): HTMLElement {
  return h(
    'div',
    { class: 'picture' },
    h('img', { src: image.src, alt: image.alt }),
    marks.map((mark) => overlay(mark, selection)),
  );
}

/** Boxes over a film that is moved and zoomed; `place` lays them where the film lies, in pixels of the panel. */
export function markLayer(
  marks: readonly Mark[],
  film: { readonly width: number; readonly height: number },
  selection: Selection,
) {
  const groups = marks.flatMap((mark) => {
    const { box, width, height } = mark.region;
    return box && width && height
      ? [
          s(
            'g',
            { transform: `scale(${film.width / width} ${film.height / height})` },
            markBox(mark, box, 0, selection),
          ),
        ]
      : [];
  });
  const root = s('g', {}, groups);
  return {
    element: s('svg', { class: 'overlay', 'aria-hidden': 'true' }, root),
    place([a, b, c, d, e, f]: Matrix): void {
      root.setAttribute('transform', `matrix(${a} ${d} ${b} ${e} ${c} ${f})`);
    },
  };
}

function overlay(mark: Mark, selection: Selection): SVGSVGElement | undefined {
  const { box, width, height } = mark.region;
  if (!box || !width || !height) {
    return undefined;
  }
  return s(
    'svg',
    { class: 'overlay', 'aria-hidden': 'true', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
    markBox(mark, box, Math.max(width, height) * 0.002, selection),
  );
}

function markBox(
  { row, label, tone }: Mark,
  box: readonly [number, number, number, number],
  pad: number,
  selection: Selection,
): SVGRectElement {
  return s(
    'rect',
    {
      class: `mark ${tone}`,
      'data-row': row,
      x: box[0] - pad,
      y: box[1] - pad,
      width: Math.max(1, box[2] - box[0] + 2 * pad),
      height: Math.max(1, box[3] - box[1] + 2 * pad),
      'vector-effect': 'non-scaling-stroke',
      onmouseenter: () => selection.point(row),
      onmouseleave: () => selection.point(undefined),
      onclick: () => selection.choose(row),
    },
    s('title', {}, label),
  );
}
