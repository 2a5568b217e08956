import type { Tensor, TensorModel } from '../../inference/model.ts';
import { type Role, type RuledRole, roles } from './role.ts';

/** Probabilities of the roles per token, row-major [tokens, roles]; undefined without a model. */
export async function modelRoles(
  model: TensorModel,
  features: Tensor,
  neighbours: Tensor,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { probabilities } = await model.run({ features, neighbours }, signal);
  return probabilities!.data as Float32Array;
}

/** How much a natural logarithm of the model's probability counts against one unit of a rule's weight. */
const modelWeight = 1;

/**
 * Rules and model vote on the tokens of one span together; what the rules forbid stays forbidden. `offsets` are where the
 * probabilities of the tokens begin.
 */
export function vote(
  ruled: RuledRole | undefined,
  probabilities: Float32Array | undefined,
  offsets: readonly number[],
): Role {
  let best: Role = ruled?.role ?? 'other';
  let highest = Number.NEGATIVE_INFINITY;
  roles.forEach((role, index) => {
    const said = probabilities
      ? offsets.reduce((sum, offset) => sum + Math.log(Math.max(probabilities[offset + index]!, 0.01)), 0) /
        offsets.length
      : 0;
    const score =
      (ruled?.role === role ? ruled.weight : 0) + modelWeight * said - (ruled?.never?.includes(role) ? 100 : 0);
    if (score > highest) {
      highest = score;
      best = role;
    }
  });
  return best;
}
