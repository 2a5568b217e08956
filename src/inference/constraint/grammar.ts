import { literalTerminal, type Terminal } from './terminal.ts';

/** A kind of JSON value; others are named by their index in the grammar. */
export type Node =
  | { readonly kind: 'terminal'; readonly terminal: Terminal; readonly is: TerminalKind }
  | { readonly kind: 'array'; readonly item: number; readonly min: number; readonly max?: number }
  | { readonly kind: 'object'; readonly properties: readonly Property[] }
  | { readonly kind: 'any'; readonly options: readonly number[] };

export interface Property {
  readonly key: string;
  readonly required: boolean;
  readonly value: number;
}

/** What a terminal may be, as far as it must be told from others. */
export type TerminalKind =
  | { readonly type: 'string' | 'number' | 'boolean' | 'null' }
  | { readonly values: readonly unknown[] };

export interface Grammar {
  readonly nodes: readonly Node[];
  readonly root: number;
  /** By node: the shortest text of such a value. */
  readonly least: readonly string[];
}

/** One way to read the reply so far: inside a terminal, and what comes behind it (nothing, at the end of the reply). */
export interface Thread {
  readonly terminal: Terminal;
  readonly state: number;
  readonly then?: Frame;
}

/** What follows once a terminal is whole. */
export interface Frame {
  /** The shortest text from here to the end of the reply. */
  readonly rest: string;
  /** The same threads each time, so that threads which have met can be told to be one. */
  next(): readonly Thread[];
}

/** Every way to read the reply so far. */
export interface State {
  readonly threads: readonly Thread[];
  /** Whether the reply may end here. */
  readonly whole: boolean;
}

export interface Reading {
  start(): State;
  /** Undefined where the byte cannot come. */
  advance(state: State, byte: number): State | undefined;
}

/**
 * Reads a grammar from left to right by all its ways at once. Frames are made as they are needed; those of what is closed
 * are dropped, so that a state is as large as what is open.
 */
export function createReading({ nodes, root, least }: Grammar): Reading {
  const literals = new Map<string, Terminal>();
  const literal = (text: string, then: Frame | undefined): Thread => {
    const terminal = literals.get(text) ?? literalTerminal(text);
    literals.set(text, terminal);
    return { terminal, state: terminal.start, then };
  };

  function value(index: number, then: Frame | undefined): readonly Thread[] {
    const node = nodes[index]!;
    if (node.kind === 'terminal') return [{ terminal: node.terminal, state: node.terminal.start, then }];
    if (node.kind === 'any') return node.options.flatMap((option) => value(option, then));
    return node.kind === 'array' ? [literal('[', items(node, 0, then))] : [literal('{', fields(node, -1, then))];
  }

  /** A value to come, then more. */
  function valueThen(index: number, after: Frame): Frame {
    return frame(
      () => least[index]! + after.rest,
      () => value(index, after),
    );
  }

  /** Behind `done` items; they are counted no further than the limits ask for. */
  function items(node: Extract<Node, { kind: 'array' }>, done: number, then: Frame | undefined): Frame {
    const { item, min, max } = node;
    const missing = Math.max(0, min - done);
    return frame(
      () => {
        const texts = new Array<string>(missing).fill(least[item]!).join(',');
        return `${done > 0 && missing > 0 ? ',' : ''}${texts}]${then?.rest ?? ''}`;
      },
      () => {
        const threads = missing === 0 ? [literal(']', then)] : [];
        if (max !== undefined && done >= max) return threads;
        const after = items(node, max === undefined ? Math.min(done + 1, Math.max(min, 1)) : done + 1, then);
        return [...threads, ...(done === 0 ? value(item, after) : [literal(',', valueThen(item, after))])];
      },
    );
  }

  /** Behind the property at index `last`, −1 for none yet. */
  function fields(node: Extract<Node, { kind: 'object' }>, last: number, then: Frame | undefined): Frame {
    const { properties } = node;
    const missing = properties.filter(({ required }, index) => required && index > last);
    const opening = ({ key }: Property) => `${JSON.stringify(key)}:`;
    return frame(
      () => {
        const texts = missing.map((property) => opening(property) + least[property.value]!).join(',');
        return `${last >= 0 && missing.length > 0 ? ',' : ''}${texts}}${then?.rest ?? ''}`;
      },
      () => {
        const threads = missing.length === 0 ? [literal('}', then)] : [];
        for (let index = last + 1; index < properties.length; index++) {
          const property = properties[index]!;
          const behind = valueThen(property.value, fields(node, index, then));
          threads.push(literal((last < 0 ? '' : ',') + opening(property), behind));
          if (property.required) break;
        }
        return threads;
      },
    );
  }

  function advance({ threads }: State, byte: number): State | undefined {
    const next: Thread[] = [];
    let whole = false;
    for (const { terminal, state, then } of threads) {
      const reached = terminal.step(state, byte);
      if (reached < 0) continue;
      if (terminal.only(reached) !== -1) add(next, { terminal, state: reached, then });
      if (!terminal.accepts(reached)) continue;
      if (then === undefined) whole = true;
      else for (const thread of then.next()) add(next, thread);
    }
    return next.length > 0 || whole ? { threads: next, whole } : undefined;
  }

  return { start: () => ({ threads: value(root, undefined), whole: false }), advance };
}

function add(threads: Thread[], thread: Thread): void {
  const { terminal, state, then } = thread;
  const known = threads.some((one) => one.terminal === terminal && one.state === state && one.then === then);
  if (!known) threads.push(thread);
}

function frame(rest: () => string, next: () => readonly Thread[]): Frame {
  let text: string | undefined;
  let threads: readonly Thread[] | undefined;
  return {
    get rest() {
      text ??= rest();
      return text;
    },
    next() {
      threads ??= next();
      return threads;
    },
  };
}

/** What must come, up to the last whole character: only one byte can follow each byte. */
export function unique(reading: Reading, from: State): { readonly bytes: Uint8Array; readonly state: State } {
  const bytes: number[] = [];
  let state = from;
  let settled = { length: 0, state };
  let open = 0;
  while (true) {
    const byte = onlyByte(state);
    if (byte < 0) break;
    open = (byte & 0xc0) === 0x80 ? open - 1 : byte < 0xc0 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // Begun in the middle of a character: no text.
    if (open < 0) break;
    state = reading.advance(state, byte)!;
    bytes.push(byte);
    if (open === 0) settled = { length: bytes.length, state };
  }
  return { bytes: Uint8Array.from(bytes.slice(0, settled.length)), state: settled.state };
}

function onlyByte({ threads, whole }: State): number {
  if (whole || threads.length === 0) return -1;
  const first = threads[0]!.terminal.only(threads[0]!.state);
  return threads.every(({ terminal, state }) => terminal.only(state) === first) ? first : -1;
}
