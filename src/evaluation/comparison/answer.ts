import type { Change, ComparisonFinding, FindingChange } from '../../analyses/chest-xray-comparison/finding.ts';
import type { Target } from './labelled-pair.ts';

/** What a reader says of one target of a label. */
export interface Answer {
  readonly change: Change;
  /** Signed measure of the change, where one was made; positive is worse. */
  readonly difference?: number;
  /** 0 to 1, where the reader has one. */
  readonly confidence?: number;
}

/**
 * `own`: what the reader says of that finding. `density`: the change of opacity in both lungs answers for every finding
 * that shows as opacity, for research on labels that the embedded reader does not judge by themselves.
 */
export type AnswerRule = 'own' | 'density';

const opacities: ReadonlySet<Target> = new Set([
  ...(['overall', 'lung-opacity', 'consolidation', 'pulmonary-edema', 'pneumonia', 'pleural-effusion'] as const),
]);

/** Undefined where the reader does not judge the target. */
export function answerOf(finding: ComparisonFinding, target: Target, rule: AnswerRule = 'own'): Answer | undefined {
  if (target === 'overall' || (rule === 'density' && opacities.has(target))) {
    const { change, difference, confidence } = finding.overall;
    return { change, difference, ...(confidence === undefined ? {} : { confidence }) };
  }
  const sides = finding.findings.filter((one) => one.finding === target);
  if (sides.length > 0) {
    return bothSides(sides);
  }
  // neither changed nor there on either film, unless the reader says that it did not look
  return finding.notJudged.some((one) => one.finding === target) ? undefined : { change: 'stable' };
}

/** Labels have no side: the side that changed speaks for both; two that go apart are no change of the whole. */
function bothSides(sides: readonly FindingChange[]): Answer {
  const moved = new Set(sides.map(({ change }) => change).filter((change) => change !== 'stable'));
  const [only] = moved;
  const change: Change = moved.size === 1 ? only! : 'stable';
  const differences = sides.flatMap(({ measure }) => (measure ? [measure.current - measure.prior] : []));
  const said = sides.filter((one) => one.change === change);
  const confidences = (said.length > 0 ? said : sides).flatMap(({ confidence }) => confidence ?? []);
  return {
    change,
    ...(differences.length > 0 ? { difference: differences.reduce((sum, one) => sum + one, 0) } : {}),
    ...(confidences.length > 0 ? { confidence: Math.max(...confidences) } : {}),
  };
}
