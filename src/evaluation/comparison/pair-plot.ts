import type { Figure } from '../figures.ts';
import type { PairReport } from './pair-report.ts';

const ink = '#1f2933';
const soft = '#c5ccd3';
const colours = { accuracy: '#1b6ca8', macroAccuracy: '#b3541e' } as const;
const left = 230;
const wide = 300;
const step = 20;
const side = 260;
const top = 50;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const label = (x: number, y: number, text: string, anchor = 'start', colour = ink): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${escaped(text)}</text>`;
const stroke = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="${width}"/>`;

/** An SVG picture: macro accuracy of reader, baselines and findings with intervals; accuracy against coverage beside it. */
export function pairPlotOf(report: PairReport): string {
  const lines: readonly (readonly [string, Figure])[] = [
    [`reader ${report.reader.id}`, report.total.figures.macroAccuracy],
    ...Object.entries(report.baselines).map(([name, { macroAccuracy }]) => [name, macroAccuracy] as const),
    ...[report.targets, report.groups].flatMap((groups) =>
      Object.entries(groups).length < 2
        ? []
        : Object.entries(groups).map(([name, { figures }]) => [name, figures.macroAccuracy] as const),
    ),
  ];
  const height = Math.max(lines.length * step + 110, side + 120);
  const width = left + wide + 100 + side + 40;
  const parts = [...bars(lines), ...(report.curve.length > 0 ? curve(report, left + wide + 100) : [])];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${ink}"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

function bars(lines: readonly (readonly [string, Figure])[]): readonly string[] {
  const at = (value: number): number => left + value * wide;
  const bottom = top + lines.length * step;
  return [
    label(left, top - 24, 'macro accuracy, 95 % interval by patient; a third is chance'),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
      stroke(at(value), top - 8, at(value), bottom, soft),
      label(at(value), bottom + 16, value.toFixed(1), 'middle'),
    ]),
    stroke(at(1 / 3), top - 8, at(1 / 3), bottom, ink),
    ...lines.flatMap(([name, { value, low, high }], n) => {
      const y = top + n * step + 4;
      const title = label(left - 10, y + 4, name.length > 36 ? `${name.slice(0, 35)}…` : name, 'end');
      return value === null
        ? [title]
        : [
            title,
            low === null || high === null ? '' : stroke(at(low), y, at(high), y, colours.macroAccuracy, 2),
            `<circle cx="${at(value).toFixed(1)}" cy="${y}" r="3.5" fill="${colours.macroAccuracy}"/>`,
            label(at(1) + 8, y + 4, value.toFixed(2)),
          ];
    }),
  ];
}

function curve({ curve: points }: PairReport, x: number): readonly string[] {
  const path = (name: 'accuracy' | 'macroAccuracy'): string =>
    `<polyline fill="none" stroke="${colours[name]}" stroke-width="2" points="${points
      .map((point) => `${(x + point.coverage * side).toFixed(1)},${(top + (1 - point[name]) * side).toFixed(1)}`)
      .join(' ')}"/>`;
  return [
    label(x, top - 24, 'right among the surest share of labels'),
    ...[0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
      stroke(x, top + (1 - value) * side, x + side, top + (1 - value) * side, soft),
      label(x - 6, top + (1 - value) * side + 4, value.toFixed(1), 'end'),
      label(x + value * side, top + side + 16, value.toFixed(1), 'middle'),
    ]),
    path('accuracy'),
    path('macroAccuracy'),
    label(x, top + side + 36, 'accuracy', 'start', colours.accuracy),
    label(x + 80, top + side + 36, 'macro accuracy', 'start', colours.macroAccuracy),
    label(x + side, top + side + 36, 'coverage', 'end'),
  ];
}
