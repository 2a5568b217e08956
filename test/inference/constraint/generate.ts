import type { CompiledSchema, Vocabulary } from '../../../src/inference/constraint/constraint.ts';

/** Picks one of the tokens of a mask, after those that the reply has so far. */
export type Choose = (mask: Uint32Array, before: readonly number[]) => number;

export interface Generated {
  readonly text: string;
  readonly ids: readonly number[];
  readonly cut: boolean;
  readonly forced: number;
}

/** What an engine does with a constraint, without a model. */
export function generate(schema: CompiledSchema, vocabulary: Vocabulary, cap: number, choose: Choose): Generated {
  const constraint = schema.start();
  const ids: number[] = [];
  let forced = 0;
  while (true) {
    const next = constraint.next(cap - ids.length);
    if (next.kind === 'end') break;
    if (next.kind === 'forced') {
      for (const id of next.ids) constraint.accept(id);
      ids.push(...next.ids);
      forced += next.ids.length;
      continue;
    }
    const wish = next.free && choose(next.free, ids);
    const id = wish !== undefined && has(next.mask, wish) ? wish : choose(next.mask, ids);
    constraint.accept(id, wish);
    if (vocabulary.end.includes(id)) break;
    ids.push(id);
  }
  const bytes = Buffer.concat(ids.map((id) => vocabulary.bytes(id)!));
  return {
    text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    ids,
    cut: constraint.cut,
    forced,
  };
}

export function has(mask: Uint32Array, id: number): boolean {
  return (mask[id >> 5]! & (1 << (id & 31))) !== 0;
}

export function idsOf(mask: Uint32Array): readonly number[] {
  const ids: number[] = [];
  for (let word = 0; word < mask.length; word++) {
    for (let bits = mask[word]!; bits !== 0; bits &= bits - 1) ids.push(word * 32 + 31 - Math.clz32(bits & -bits));
  }
  return ids;
}

/** Any token of the mask, all alike. */
export function uniform(random: () => number): Choose {
  return (mask) => {
    // Most masks hold nearly all tokens or nearly none.
    for (let draw = 0; draw < 20; draw++) {
      const id = Math.floor(random() * mask.length * 32);
      if (has(mask, id)) return id;
    }
    const ids = idsOf(mask);
    return ids[Math.floor(random() * ids.length)]!;
  };
}
