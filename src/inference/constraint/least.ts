import type { Node } from './grammar.ts';
import { unsupported } from './scalars.ts';

/** By node: the shortest text of such a value. Throws `schema-unsupported` where a value would have no end. */
export function leastTexts(nodes: readonly Node[]): readonly string[] {
  nodes.forEach((_, index) => {
    if (meets(nodes, index, index, new Set())) throw unsupported('$ref', 'leads back to itself');
  });
  const least: (string | undefined)[] = nodes.map(() => undefined);
  for (let changed = true; changed; ) {
    changed = false;
    nodes.forEach((node, index) => {
      const found = textOf(node, least);
      if (found !== undefined && found.length < (least[index]?.length ?? Number.POSITIVE_INFINITY)) {
        least[index] = found;
        changed = true;
      }
    });
  }
  return least.map((text) => {
    if (text === undefined) throw unsupported('$ref', 'asks for a value without end');
    return text;
  });
}

function textOf(node: Node, least: readonly (string | undefined)[]): string | undefined {
  if (node.kind === 'terminal') return Buffer.from(node.terminal.shortest(node.terminal.start)).toString();
  if (node.kind === 'any') {
    const texts = node.options.flatMap((option) => least[option] ?? []);
    return texts.sort((one, other) => one.length - other.length)[0];
  }
  if (node.kind === 'array') {
    const item = node.min === 0 ? '' : least[node.item];
    return item === undefined ? undefined : `[${new Array<string>(node.min).fill(item).join(',')}]`;
  }
  const parts = node.properties
    .filter(({ required }) => required)
    .map(({ key, value }) => ({ key, text: least[value] }));
  if (parts.some(({ text }) => text === undefined)) return undefined;
  return `{${parts.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

/** Whether a choice leads back to a node before anything is written. */
function meets(nodes: readonly Node[], from: number, target: number, seen: Set<number>): boolean {
  const node = nodes[from]!;
  if (node.kind !== 'any' || seen.has(from)) return false;
  seen.add(from);
  return node.options.some((option) => option === target || meets(nodes, option, target, seen));
}
