import type { Range, Rule } from './rule.ts';
import type { Terminal } from './terminal.ts';

/** A deterministic automaton over bytes, as a table; 0 is where it starts, and from every state it can come to an end. */
export interface Machine {
  /** Bytes that no rule tells apart share a class. */
  readonly classes: Uint8Array;
  /** The lowest byte of each class. */
  readonly samples: readonly number[];
  /** Number of classes. */
  readonly width: number;
  /** [states, width]: the next state, or −1. */
  readonly table: Int16Array;
  readonly accepts: readonly boolean[];
}

/** Beyond these a rule is too large. */
const mostStates = 4096;
const mostLinks = 20_000;

/** Undefined when the rule matches nothing. Throws a RangeError when it is too large. */
export function machineOf(rule: Rule): Machine | undefined {
  const { links, silent, final } = linksOf(rule);
  const { classes, samples } = classesOf(links.flatMap((from) => from.map(({ range }) => range)));
  /** With all that can be reached without a byte; of these, the states that matter. */
  const closure = (from: Iterable<number>) => {
    const reached = new Set(from);
    for (const state of reached) for (const to of silent[state]!) reached.add(to);
    return [...reached].filter((state) => state === final || links[state]!.length > 0).sort((a, b) => a - b);
  };
  return explore(
    closure([0]),
    (states) => states.join(),
    (states, byte) => {
      const to = new Set<number>();
      for (const state of states) {
        for (const link of links[state]!) if (link.range[0] <= byte && byte <= link.range[1]) to.add(link.to);
      }
      return to.size === 0 ? undefined : closure(to);
    },
    (states) => states.includes(final),
    classes,
    samples,
  );
}

/** What both allow, where `other` tells no bytes apart that the machine takes and does not tell apart itself. */
export function both(machine: Machine, other: Terminal): Machine | undefined {
  const { classes, width, samples } = machine;
  return explore<readonly [number, number]>(
    [0, other.start],
    (pair) => pair.join(),
    ([one, two], byte) => {
      const next = machine.table[one * width + classes[byte]!]!;
      const beside = next < 0 ? -1 : other.step(two, byte);
      return beside < 0 ? undefined : [next, beside];
    },
    ([one, two]) => machine.accepts[one]! && other.accepts(two),
    classes,
    samples,
  );
}

interface Link {
  readonly range: Range;
  readonly to: number;
}

/** Thompson's construction: states with links that take a byte and links that take none. */
function linksOf(rule: Rule) {
  const links: Link[][] = [];
  const silent: number[][] = [];
  const state = () => {
    if (links.length >= mostLinks) throw new RangeError('The rule is too large.');
    links.push([]);
    silent.push([]);
    return links.length - 1;
  };
  function add(part: Rule, from: number): number {
    if (part.kind === 'sequence') return part.parts.reduce((at, next) => add(next, at), from);
    if (part.kind === 'byte') {
      const to = state();
      links[from]!.push(...part.ranges.map((range) => ({ range, to })));
      return to;
    }
    if (part.kind === 'choice') {
      const to = state();
      for (const option of part.options) silent[add(option, from)]!.push(to);
      return to;
    }
    let at = from;
    for (let i = 0; i < part.min; i++) at = add(part.part, at);
    const to = state();
    if (part.max === undefined) {
      silent[at]!.push(to);
      silent[add(part.part, to)]!.push(to);
      return to;
    }
    for (let i = part.min; i < part.max; i++) {
      silent[at]!.push(to);
      at = add(part.part, at);
    }
    silent[at]!.push(to);
    return to;
  }
  const begin = state();
  const final = add(rule, begin);
  return { links, silent, final };
}

/** Cuts the bytes wherever a range begins or ends. */
function classesOf(ranges: readonly Range[]) {
  const cuts = new Set([0, ...ranges.flatMap(([low, high]) => [low, high + 1])]);
  const classes = new Uint8Array(256);
  const samples: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    if (cuts.has(byte)) samples.push(byte);
    classes[byte] = samples.length - 1;
  }
  return { classes, samples };
}

/** Numbers the states that can be reached, then takes out those from which there is no end. */
function explore<State>(
  start: State,
  nameOf: (state: State) => string,
  step: (state: State, byte: number) => State | undefined,
  isFinal: (state: State) => boolean,
  classes: Uint8Array,
  samples: readonly number[],
): Machine | undefined {
  const numbers = new Map([[nameOf(start), 0]]);
  const states = [start];
  const rows: number[][] = [];
  for (let number = 0; number < states.length; number++) {
    rows.push(
      samples.map((byte) => {
        const to = step(states[number]!, byte);
        if (to === undefined) return -1;
        const name = nameOf(to);
        const known = numbers.get(name);
        if (known !== undefined) return known;
        if (states.length >= mostStates) throw new RangeError('The rule is too large.');
        numbers.set(name, states.length);
        return states.push(to) - 1;
      }),
    );
  }
  const accepts = states.map(isFinal);
  const alive = backwards(rows, accepts);
  if (!alive[0]) return undefined;
  const width = samples.length;
  const table = Int16Array.from(rows.flatMap((row) => row.map((to) => (to >= 0 && alive[to] ? to : -1))));
  return { classes, samples, width, table, accepts };
}

function backwards(rows: readonly (readonly number[])[], accepts: readonly boolean[]): readonly boolean[] {
  const before: number[][] = rows.map(() => []);
  rows.forEach((row, from) => {
    for (const to of row) if (to >= 0) before[to]!.push(from);
  });
  const alive = [...accepts];
  const todo = accepts.flatMap((is, state) => (is ? [state] : []));
  for (const state of todo) {
    for (const from of before[state]!) {
      if (!alive[from]) {
        alive[from] = true;
        todo.push(from);
      }
    }
  }
  return alive;
}
