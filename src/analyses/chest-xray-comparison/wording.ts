import type { Change, ComparisonFinding, FindingChange, FindingCode } from './finding.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** In a sentence, with what the measure can and cannot tell. */
const spoken: Readonly<Record<FindingCode, string>> = {
  'lung-opacity': 'lung opacity',
  'pleural-effusion': 'basal opacity (compatible with pleural effusion)',
  cardiomegaly: 'heart size',
  consolidation: 'consolidation',
  'pulmonary-edema': 'pulmonary edema',
  pneumonia: 'pneumonia',
  pneumothorax: 'pneumothorax',
  atelectasis: 'atelectasis',
  'pulmonary-nodule': 'pulmonary nodules',
};

/** `14 Nov 2026`, as the dateTime says it in its own zone. */
export function dayOf(dateTime: string | undefined): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(dateTime ?? '');
  return match
    ? `${Number(match[3])} ${months[Number(match[2]) - 1] ?? '?'} ${match[1]}`
    : (dateTime ?? 'unknown date');
}

/** `left lower lung opacity`, `right basal opacity (…)`, `heart size`. */
export function nameOf(one: Pick<FindingChange, 'finding' | 'side'> & { readonly zones?: readonly string[] }): string {
  const thirds = (one.zones ?? []).map((zone) => zone.split('-')[1]!);
  const named = one.finding === 'lung-opacity' && thirds.length > 0 && thirds.length < 3 ? thirds.join(' and ') : '';
  // Without a side nobody measured a base: the model was asked for the finding by its name.
  const plain = one.finding === 'pleural-effusion' && !one.side ? 'pleural effusion' : spoken[one.finding];
  return [one.side, named, plain].filter(Boolean).join(' ');
}

/** Stable, and nobody knows whether there is anything: not to be told like an effusion that stayed. */
export function isOpen({ change, presence }: Pick<FindingChange, 'change' | 'presence'>): boolean {
  return change === 'stable' && presence.prior === 'indeterminate' && presence.current === 'indeterminate';
}

/** What is known to be there with its change, then the rest together: `pneumonia worsened`, `no change in edema, …`. */
export function changesInWords(
  changes: readonly Pick<FindingChange, 'finding' | 'side' | 'zones' | 'change' | 'presence'>[],
): readonly string[] {
  const open = changes.filter(isOpen).map(nameOf);
  return [
    ...byWeight(changes.filter((one) => !isOpen(one))).map((one) => `${nameOf(one)} ${one.change}`),
    ...(open.length > 0 ? [`no change in ${open.join(', ')}`] : []),
  ];
}

/** Worsened first, then improved, then stable. */
export function byWeight<T extends { readonly change: Change }>(changes: readonly T[]): readonly T[] {
  const rank: Readonly<Record<Change, number>> = { worsened: 0, improved: 1, stable: 2 };
  return changes.toSorted((one, other) => rank[one.change] - rank[other.change]);
}

/** The report's conclusion. */
export function concludes(finding: ComparisonFinding, since: string): string {
  if (finding.sameFilm) {
    return `Both studies show the same exposure; nothing can have changed since ${since}.`;
  }
  const [first, ...rest] = changesInWords(finding.findings);
  const sentence = [first ?? 'no measurable lung opacity on either film', ...rest].join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${first ? ` since ${since}` : `, no change since ${since}`}.`;
}
