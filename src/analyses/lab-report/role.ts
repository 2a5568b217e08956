/** What a token is on a report, in the order of the model's outputs. */
export const roles = [
  'name',
  'value',
  'unit',
  'range',
  'flag',
  'previous',
  'specimen',
  'date',
  'heading',
  'comment',
  'other',
] as const;
export type Role = (typeof roles)[number];

/** A role that the rules gave to a token, and how strongly; `never` is what the header forbids it to be. */
export interface RuledRole {
  readonly role: Role;
  readonly weight: number;
  readonly never?: readonly Role[];
  /** The column that holds the value when the column itself is the flag. */
  readonly outOfRange?: boolean;
  readonly date?: string;
  /** One of several numbers of which nothing says which is current: only together may they be taken for something else. */
  readonly rival?: boolean;
  /** Stands in a column for methods, or for the time at which the specimen was taken. */
  readonly method?: boolean;
  readonly sampled?: boolean;
  /** Stands in a column that names the panel of each row. */
  readonly panel?: boolean;
}

/** What the rules ask of the dictionary. */
export interface Names {
  /** Whether this printed text is the name of a known test. */
  isTest(text: string): boolean;
  /** Whether it is an antibiotic, as antibiograms list them. */
  isAntibiotic(text: string): boolean;
}

/** One object for all tokens: what speaks of an earlier value is one thing. */
export const earlierValue: RuledRole = {
  role: 'previous',
  weight: 9,
  never: ['value', 'unit', 'name', 'range', 'flag', 'specimen', 'date'],
};

/** What says that a value is an earlier one. */
export const previousWords =
  /^\(?(?:prev(?:ious)?|prior|last|was|vorwert|vor|anterior|ant\.|préc|precedent|antériorité)\b/i;

/** "(calc)" in the place of a unit. */
export const calculated = /^\(?calc(?:ulated|\.)?\)?$/i;

/** Where something stands from left to right. */
export interface Extent {
  readonly x0: number;
  readonly x1: number;
}
