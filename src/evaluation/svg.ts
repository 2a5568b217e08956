import type { Figure } from './bootstrap.ts';

export const ink = '#1f2933';
export const soft = '#c5ccd3';
/** Height of the title and of what stands above a plot. */
export const top = 50;
const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export function label(
  x: number,
  y: number,
  text: string,
  {
    anchor = 'start',
    bold = false,
    colour = ink,
  }: { anchor?: 'start' | 'middle' | 'end'; bold?: boolean; colour?: string } = {},
): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}"${bold ? ' font-weight="bold"' : ''}>${escaped(text)}</text>`;
}

export const stroke = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="${width}"/>`;

export const dot = (x: number, y: number, radius: number, colour: string) =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${colour}"/>`;

export const picture = (width: number, height: number, parts: readonly string[]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${ink}"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;

export interface FigureLine {
  readonly text: string;
  /** Absent: a heading. */
  readonly figure?: Figure;
}

/** Figures from 0 to 1 below each other, each with its interval. */
export function figureLines(
  lines: readonly FigureLine[],
  look: { left: number; wide: number; step: number; letters: number; digits: number; colour: string },
): readonly string[] {
  const { left, wide, step, letters, digits, colour } = look;
  const at = (value: number): number => left + value * wide;
  const bottom = top + lines.length * step;
  return [
    ...ticks.flatMap((value) => [
      stroke(at(value), top - 8, at(value), bottom, soft),
      label(at(value), bottom + 16, value.toFixed(1), { anchor: 'middle' }),
    ]),
    ...lines.flatMap(({ text, figure }, n) => {
      const y = top + n * step + 4;
      const short = text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
      const name = label(left - 10, y + 4, short, { anchor: 'end', bold: figure === undefined });
      if (!figure || figure.value === null) return [name];
      const { value, low, high } = figure;
      return [
        name,
        low === null || high === null ? '' : stroke(at(low), y, at(high), y, colour, 2),
        dot(at(value), y, 3.5, colour),
        label(at(1) + 8, y + 4, value.toFixed(digits)),
      ];
    }),
  ];
}

/** Both axes of a square plot from 0 to 1, with lines across. */
export function axes(x: number, side: number): readonly string[] {
  return ticks.flatMap((value) => [
    stroke(x, top + (1 - value) * side, x + side, top + (1 - value) * side, soft),
    label(x - 6, top + (1 - value) * side + 4, value.toFixed(1), { anchor: 'end' }),
    label(x + value * side, top + side + 16, value.toFixed(1), { anchor: 'middle' }),
  ]);
}

/** The lines up and down that a square plot may have besides. */
export const uprights = (x: number, side: number): readonly string[] =>
  ticks.map((value) => stroke(x + value * side, top, x + value * side, top + side, soft));
