/** One test as the model gives it; the keys are those of the paper's prompt. Nothing in it is believed as it stands. */
export interface SaidTest {
  readonly name: string | null;
  readonly result: string | null;
  readonly unit?: string | null;
  readonly range?: string | null;
  readonly panel?: string | null;
  readonly method?: string | null;
  readonly specimen?: string | null;
  /** DD-MM-YYYY HH:MM:SS */
  readonly sample_collection_time?: string | null;
}

const keys = [
  'name',
  'result',
  'unit',
  'range',
  'panel',
  'method',
  'specimen',
  'sample_collection_time',
] as const satisfies readonly (keyof SaidTest)[];

/** A list of tests, bounded: a picture of 25 lines with two tables side by side has 50, and a model may go in circles. */
const list = (required: readonly string[]) => ({
  type: 'array',
  maxItems: 64,
  items: {
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key, { type: ['string', 'null'], maxLength: 160 }])),
    required,
    additionalProperties: false,
  },
});

/** What the reply is constrained to where the backend can do that: every key, in the order of the prompt. */
export const askedFor = list(keys);

/** What is accepted: a model that nothing constrains leaves out what is not printed. */
export const accepted = list(['name', 'result']);
