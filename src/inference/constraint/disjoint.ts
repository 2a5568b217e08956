import { isDeepStrictEqual } from 'node:util';
import type { Node } from './grammar.ts';

const tooDeep = 16;

/** Whether no value can be valid under both (`oneOf`). False where that cannot be told. */
export function areDisjoint(nodes: readonly Node[], one: number, other: number, depth = 0): boolean {
  const [a, b] = [nodes[one]!, nodes[other]!];
  if (depth > tooDeep) return false;
  if (a.kind === 'any') return a.options.every((option) => areDisjoint(nodes, option, other, depth + 1));
  if (b.kind === 'any') return areDisjoint(nodes, other, one, depth + 1);
  if (a.kind === 'terminal' && b.kind === 'terminal' && 'values' in a.is && 'values' in b.is) {
    const { values } = b.is;
    return !a.is.values.some((value) => values.some((its) => isDeepStrictEqual(value, its)));
  }
  if (!typesOf(a).some((type) => typesOf(b).includes(type))) return true;
  if (a.kind !== 'object' || b.kind !== 'object') return false;
  // A property that both need tells them apart by its value, or each needs one that the other never writes.
  const told = a.properties.some((mine) => {
    const same = b.properties.find(({ key }) => key === mine.key);
    return mine.required && same?.required && areDisjoint(nodes, mine.value, same.value, depth + 1);
  });
  const lacks = (its: typeof a, own: typeof a) =>
    its.properties.some(({ key, required }) => required && !own.properties.some((property) => property.key === key));
  return told || (lacks(a, b) && lacks(b, a));
}

function typesOf(node: Exclude<Node, { kind: 'any' }>): readonly string[] {
  if (node.kind !== 'terminal') return [node.kind];
  if ('type' in node.is) return [node.is.type];
  return node.is.values.map((value) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value));
}
