/**
 * What is read byte by byte without nesting: a string, a number, a word of the grammar. A deterministic automaton; states
 * are small non-negative integers.
 */
export interface Terminal {
  readonly start: number;
  /** The state behind a byte, or −1 where the byte cannot come. From every state an accepting one can be reached. */
  step(state: number, byte: number): number;
  accepts(state: number): boolean;
  /** The one byte that can follow; −1 when none can, −2 when several can. */
  only(state: number): number;
  /** The fewest bytes that lead from the state to an accepting one. */
  shortest(state: number): Uint8Array;
  /** States with the same number have the same `shortest`. */
  tail(state: number): number;
  /**
   * States of the same name allow the same tokens, among all terminals of one engine.
   * @param longest Code points of the longest token
   */
  name(state: number, longest: number): string;
}

/** A text that comes as it is. Not empty. */
export function literalTerminal(text: string): Terminal {
  const bytes = new TextEncoder().encode(text);
  return {
    start: 0,
    step: (state, byte) => (bytes[state] === byte ? state + 1 : -1),
    accepts: (state) => state === bytes.length,
    only: (state) => bytes[state] ?? -1,
    shortest: (state) => bytes.subarray(state),
    tail: (state) => state,
    name: (state) => `literal ${state} ${text}`,
  };
}
