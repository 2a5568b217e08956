import { axes, figureLines, ink, label, picture, stroke, top } from '../svg.ts';
import type { PairReport } from './pair-report.ts';

const colours = { accuracy: '#1b6ca8', macroAccuracy: '#b3541e' } as const;
const look = { left: 230, wide: 300, step: 20, letters: 36, digits: 2, colour: colours.macroAccuracy } as const;
const side = 260;

/** An SVG picture: macro accuracy of reader, baselines and findings with intervals; accuracy against coverage beside it. */
export function pairPlotOf(report: PairReport): string {
  const lines = [
    { text: `reader ${report.reader.id}`, figure: report.total.figures.macroAccuracy },
    ...Object.entries(report.baselines).map(([text, { macroAccuracy }]) => ({ text, figure: macroAccuracy })),
    ...[report.targets, report.groups].flatMap((groups) => {
      const own = Object.entries(groups).map(([text, { figures }]) => ({ text, figure: figures.macroAccuracy }));
      return own.length < 2 ? [] : own;
    }),
  ];
  const chance = look.left + look.wide / 3;
  const x = look.left + look.wide + 100;
  return picture(x + side + 40, Math.max(lines.length * look.step + 110, side + 120), [
    label(look.left, top - 24, 'macro accuracy, 95 % interval by patient; a third is chance'),
    stroke(chance, top - 8, chance, top + lines.length * look.step, ink),
    ...figureLines(lines, look),
    ...(report.curve.length > 0 ? curve(report, x) : []),
  ]);
}

function curve({ curve: points }: PairReport, x: number): readonly string[] {
  const path = (name: 'accuracy' | 'macroAccuracy'): string =>
    `<polyline fill="none" stroke="${colours[name]}" stroke-width="2" points="${points
      .map((point) => `${(x + point.coverage * side).toFixed(1)},${(top + (1 - point[name]) * side).toFixed(1)}`)
      .join(' ')}"/>`;
  return [
    label(x, top - 24, 'right among the surest share of labels'),
    ...axes(x, side),
    path('accuracy'),
    path('macroAccuracy'),
    label(x, top + side + 36, 'accuracy', { colour: colours.accuracy }),
    label(x + 80, top + side + 36, 'macro accuracy', { colour: colours.macroAccuracy }),
    label(x + side, top + side + 36, 'coverage', { anchor: 'end' }),
  ];
}
