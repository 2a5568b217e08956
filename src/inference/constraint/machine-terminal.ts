import type { Machine } from './machine.ts';
import type { Terminal } from './terminal.ts';

/** @param id Tells this machine from all others of the same engine */
export function machineTerminal(machine: Machine, id: string): Terminal {
  const { classes, samples, width, table, accepts } = machine;
  const size = classes.reduce((count, of) => count.set(of, (count.get(of) ?? 0) + 1), new Map<number, number>());
  const ways = towardsEnd(machine);
  const only = accepts.map((_, state) => {
    const open = samples.flatMap((_, of) => (table[state * width + of]! >= 0 ? [of] : []));
    return open.length === 0 ? -1 : open.length === 1 && size.get(open[0]!) === 1 ? samples[open[0]!]! : -2;
  });
  return {
    start: 0,
    step: (state, byte) => table[state * width + classes[byte]!]!,
    accepts: (state) => accepts[state]!,
    only: (state) => only[state]!,
    shortest(from) {
      const bytes: number[] = [];
      for (let state = from; !accepts[state]; ) {
        const way = ways[state]!;
        bytes.push(samples[way]!);
        state = table[state * width + way]!;
      }
      return Uint8Array.from(bytes);
    },
    tail: (state) => state,
    name: (state) => `${id} ${state}`,
  };
}

/** By state: the class of bytes that leads to an end the soonest. */
function towardsEnd({ width, table, accepts }: Machine): Int16Array {
  const before: [from: number, way: number][][] = accepts.map(() => []);
  table.forEach((to, index) => {
    if (to >= 0) before[to]!.push([Math.floor(index / width), index % width]);
  });
  const ways = new Int16Array(accepts.length).fill(-1);
  const todo = accepts.flatMap((is, state) => (is ? [state] : []));
  for (const state of todo) {
    for (const [from, way] of before[state]!) {
      if (ways[from]! < 0 && !accepts[from]) {
        ways[from] = way;
        todo.push(from);
      }
    }
  }
  return ways;
}
