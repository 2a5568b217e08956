import type { Reliability } from './reliability.ts';
import { type EvaluationReport, groupings } from './report.ts';
import { axes, dot, type FigureLine, figureLines, ink, label, picture, stroke, top, uprights } from './svg.ts';

const look = { left: 200, wide: 320, step: 18, letters: 30, digits: 3, colour: '#1b6ca8' } as const;
const side = 260;

/** An SVG picture: row3 F1 with its interval for every group, and confidence beside the share of rows that are right. */
export function plotOf(report: EvaluationReport): string {
  const lines: readonly FigureLine[] = [
    { text: 'all', figure: report.total.figures.row3F1 },
    ...groupings.flatMap((grouping) => {
      const groups = Object.entries(report.groups[grouping]);
      const own = groups.map(([text, { figures }]) => ({ text, figure: figures.row3F1 }));
      return own.length === 0 ? [] : [{ text: grouping }, ...own];
    }),
  ];
  const x = look.left + look.wide + 90;
  return picture(x + side + 40, Math.max(lines.length * look.step + 80, side + 110), [
    label(look.left, top - 24, 'row3 F1, 95 % interval', { bold: true }),
    ...figureLines(lines, look),
    ...(report.reliability ? diagram(report.reliability, x) : []),
  ]);
}

function diagram({ bins, brier, expectedError, rows }: Reliability, x: number): readonly string[] {
  const under = `Brier ${brier.toFixed(3)}, expected calibration error ${expectedError.toFixed(3)}, ${rows} rows`;
  return [
    label(x, top - 24, 'confidence and share right (row3)', { bold: true }),
    ...uprights(x, side),
    ...axes(x, side),
    stroke(x, top + side, x + side, top, ink),
    ...bins.map(({ meanConfidence, right, rows: own }) =>
      dot(x + meanConfidence * side, top + (1 - right) * side, 2.5 + 7 * Math.sqrt(own / rows), look.colour),
    ),
    label(x, top + side + 36, under),
  ];
}
