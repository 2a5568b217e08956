/** The tokens of one model as a constraint sees them. */
export interface Vocabulary {
  /** Ids run from 0 to size − 1. */
  readonly size: number;
  /** UTF-8 bytes that a token adds to the reply; undefined for control tokens, which no constraint ever allows. */
  bytes(id: number): Uint8Array | undefined;
  /** The model's own way to write a text that must come, without control tokens. */
  encode(text: string): readonly number[];
  /** Tokens that end a reply. */
  readonly end: readonly number[];
}

/** What may come next. */
export type Next =
  /** Exactly these tokens, in this order: they can be fed together. Never empty. */
  | { readonly kind: 'forced'; readonly ids: readonly number[] }
  | {
      readonly kind: 'allowed';
      /** Any token whose bit is set: bit `id & 31` of word `id >> 5`. Shared between calls; do not change it. */
      readonly mask: Uint32Array;
      /** What the schema would allow without the limit; only where the limit leaves something out. */
      readonly free?: Uint32Array;
    }
  /** The reply is whole, only an end token can follow. */
  | { readonly kind: 'end' };

/** The state of one reply under one schema. */
export interface Constraint {
  /**
   * @param remaining Tokens that may still be written, the end token not counted. What cannot be closed within them is not
   *   offered, so that a reply is valid at every limit of at least `least`. With fewer than closing takes (0: close at
   *   once), the shortest closing comes as forced tokens.
   */
  next(remaining: number): Next;
  /**
   * Takes the token that was chosen (one call for each forced token too). Throws `internal` for one that was not offered.
   * @param wish What the model would have chosen from `free`. It tells a reply that fits by itself from one that was
   *   held back; without it every choice for which `free` was given counts as held back.
   */
  accept(id: number, wish?: number): void;
  /** Whether the limit has held the model back: the reply is valid, and yet maybe not all that the model had to say. */
  readonly cut: boolean;
}

/** Schemas for one vocabulary. Compiling is cheap, and masks are kept between replies. */
export interface ConstraintEngine {
  /** Throws `schema-unsupported`, naming the keyword. */
  compile(schema: object): CompiledSchema;
}

export interface CompiledSchema {
  /** Tokens that the shortest valid reply takes. */
  readonly least: number;
  start(): Constraint;
}
