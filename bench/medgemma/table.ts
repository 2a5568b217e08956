import type { Figures, Outcome } from './measure.ts';

interface Row {
  readonly label: string;
  readonly of: (figures: Figures) => number | undefined;
  readonly digits: number;
  /** Whether more is better. */
  readonly isRate: boolean;
}

const rows: readonly Row[] = [
  { label: 'load, s', of: (one) => one.loadSeconds, digits: 1, isRate: false },
  { label: 'resident after load, MB', of: (one) => one.residentMb, digits: 0, isRate: false },
  { label: 'most resident with text, MB', of: (one) => one.peakMb, digits: 0, isRate: false },
  { label: 'prompt of 600, tokens/s', of: (one) => one.prefill600, digits: 1, isRate: true },
  { label: 'prompt of 1,024, tokens/s', of: (one) => one.prefill1024, digits: 1, isRate: true },
  { label: 'reply after 0, tokens/s', of: (one) => one.decode0, digits: 2, isRate: true },
  { label: 'reply after 1,024, tokens/s', of: (one) => one.decode1024, digits: 2, isRate: true },
  { label: 'one image, s', of: (one) => one.imageSeconds, digits: 1, isRate: false },
  { label: 'most resident with images, MB', of: (one) => one.imagePeakMb, digits: 0, isRate: false },
];

/** Of two settings of one rival the better figure is taken, row by row. */
const rivals = [
  ['llama.cpp', /^llama/],
  ['transformers.js', /^transformers/],
] as const;

/**
 * One line a figure, with the ratio of ours to theirs.
 * @param bandwidth GB/s that memory gives in this run
 */
export function tableOf(outcomes: Readonly<Record<string, Outcome>>, bandwidth: number): string {
  const ours = outcomes.interval?.figures ?? {};
  const best = (row: Row, names: RegExp) => {
    const values = Object.entries(outcomes).flatMap(([name, { figures }]) =>
      names.test(name) ? (row.of(figures) ?? []) : [],
    );
    if (values.length === 0) return undefined;
    return row.isRate ? Math.max(...values) : Math.min(...values);
  };
  const shown = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '–';
  const ratio = (own: number | undefined, other: number | undefined) => (own && other ? (own / other).toFixed(2) : '–');

  const lines = ['| | better is | Interval | llama.cpp | ours / theirs | transformers.js | ours / theirs |'];
  lines.push('|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const own = row.of(ours);
    const cells = rivals.flatMap(([, names]) => {
      const theirs = best(row, names);
      return [shown(theirs, row.digits), ratio(own, theirs)];
    });
    lines.push(`| ${[row.label, row.isRate ? 'more' : 'less', shown(own, row.digits), ...cells].join(' | ')} |`);
  }
  lines.push('', `Memory gives ${bandwidth.toFixed(1)} GB/s. Of it a reply uses:`, '');
  for (const [name, { figures }] of Object.entries(outcomes)) {
    const share = (bytes?: number, rate?: number) =>
      bytes && rate ? `${(bytes / 1e9).toFixed(2)} GB a token, ${((bytes * rate) / 1e9 / bandwidth).toFixed(2)}` : '';
    const [none, long] = [share(figures.bytes0, figures.decode0), share(figures.bytes1024, figures.decode1024)];
    if (none || long) lines.push(`- ${name}: after 0 tokens ${none}; after 1,024 ${long}`);
  }
  return lines.join('\n');
}
