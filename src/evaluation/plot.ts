import type { Figure } from './figures.ts';
import type { Reliability } from './reliability.ts';
import { type EvaluationReport, groupings } from './report.ts';

const ink = '#1f2933';
const soft = '#c5ccd3';
const mark = '#1b6ca8';
const left = 200;
const wide = 320;
const step = 18;
const side = 260;

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const label = (x: number, y: number, text: string, anchor = 'start', weight = 'normal') =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}">${escaped(text)}</text>`;
const stroke = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1) =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${colour}" stroke-width="${width}"/>`;
const dot = (x: number, y: number, radius: number) =>
  `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${mark}"/>`;

/** An SVG picture: row3 F1 with its interval for every group, and confidence beside the share of rows that are right. */
export function plotOf(report: EvaluationReport): string {
  const lines = [
    { text: 'all', figure: report.total.figures.row3F1, head: false },
    ...groupings.flatMap((grouping) => {
      const groups = Object.entries(report.groups[grouping]);
      return groups.length === 0
        ? []
        : [
            { text: grouping, figure: undefined, head: true },
            ...groups.map(([text, { figures }]) => ({ text, figure: figures.row3F1, head: false })),
          ];
    }),
  ];
  const height = Math.max(lines.length * step + 80, side + 110);
  const width = left + wide + 90 + side + 40;
  const parts = [groupPlot(lines, 50), report.reliability ? diagram(report.reliability, left + wide + 90, 50) : ''];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11" fill="${ink}"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}

interface PlotLine {
  readonly text: string;
  readonly figure: Figure | undefined;
  readonly head: boolean;
}

function groupPlot(lines: readonly PlotLine[], top: number): string {
  const at = (value: number) => left + value * wide;
  const bottom = top + lines.length * step;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (value) =>
      stroke(at(value), top - 8, at(value), bottom, soft) + label(at(value), bottom + 16, value.toFixed(1), 'middle'),
  );
  const rows = lines.map(({ text, figure, head }, index) => {
    const y = top + index * step + 4;
    const name = label(
      left - 10,
      y + 4,
      text.length > 30 ? `${text.slice(0, 29)}…` : text,
      'end',
      head ? 'bold' : 'normal',
    );
    if (!figure || figure.value === null) return name;
    const { value, low, high } = figure;
    const bar = low === null || high === null ? '' : stroke(at(low), y, at(high), y, mark, 2);
    return name + bar + dot(at(value), y, 3.5) + label(at(1) + 8, y + 4, value.toFixed(3));
  });
  return label(left, top - 24, 'row3 F1, 95 % interval', 'start', 'bold') + grid.join('') + rows.join('');
}

function diagram({ bins, brier, expectedError, rows }: Reliability, x: number, top: number): string {
  const at = (confidence: number, right: number) => [x + confidence * side, top + (1 - right) * side] as const;
  const grid = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((value) => [
    stroke(x + value * side, top, x + value * side, top + side, soft),
    stroke(x, top + value * side, x + side, top + value * side, soft),
    label(x + value * side, top + side + 16, value.toFixed(1), 'middle'),
    label(x - 6, top + (1 - value) * side + 4, value.toFixed(1), 'end'),
  ]);
  const points = bins.map((bin) => {
    const [cx, cy] = at(bin.meanConfidence, bin.right);
    return dot(cx, cy, 2.5 + 7 * Math.sqrt(bin.rows / rows));
  });
  return [
    label(x, top - 24, 'confidence and share right (row3)', 'start', 'bold'),
    ...grid,
    stroke(x, top + side, x + side, top, ink),
    ...points,
    label(
      x,
      top + side + 36,
      `Brier ${brier.toFixed(3)}, expected calibration error ${expectedError.toFixed(3)}, ${rows} rows`,
    ),
  ].join('');
}
