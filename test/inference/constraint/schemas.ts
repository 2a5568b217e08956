const text = { type: ['string', 'null'] };

/** The list that MedGemma's report asks of a lab report: eight keys a row. */
export const labList = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Lab results',
  type: 'array',
  items: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 80 },
      result: { type: ['string', 'null'], maxLength: 40 },
      unit: text,
      range: text,
      panel: text,
      method: text,
      specimen: text,
      sample_collection_time: text,
    },
    required: ['name', 'result', 'unit', 'range', 'panel', 'method', 'specimen', 'sample_collection_time'],
    additionalProperties: false,
  },
  maxItems: 40,
};

const answer = { $ref: '#/$defs/answer' };

/** One answer for each finding of a pair of radiographs. */
export const longitudinal = {
  type: 'object',
  properties: {
    consolidation: answer,
    effusion: answer,
    edema: answer,
    pneumonia: answer,
    pneumothorax: answer,
    comment: { type: 'string', maxLength: 60 },
  },
  required: ['consolidation', 'effusion', 'edema', 'pneumonia', 'pneumothorax'],
  additionalProperties: false,
  $defs: { answer: { enum: ['Improved', 'Stable', 'Worsened', 'indeterminate'] } },
};

/** One of each kind, and of what they are combined to. */
export const others: Readonly<Record<string, object>> = {
  tree: {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: {
          label: { type: 'string', maxLength: 8 },
          children: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        required: ['label'],
      },
    },
  },
  numbers: {
    type: 'array',
    minItems: 2,
    maxItems: 30,
    items: {
      anyOf: [
        { type: 'integer', minimum: -37, maximum: 1205 },
        { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        { type: 'array', items: { type: 'integer', minimum: 0, maximum: 1000 }, minItems: 4, maxItems: 4 },
        { type: ['number', 'boolean', 'null'] },
      ],
    },
  },
  patterns: {
    type: 'object',
    properties: {
      date: { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[0-2])-[0-3]\\d(T\\d\\d:\\d\\d)?$' },
      line: { type: 'string', pattern: '^\\S[^\\n\\r]*$', maxLength: 12 },
      anywhere: { type: 'string', pattern: 'a+b', minLength: 5, maxLength: 20 },
      word: { type: 'string', pattern: '^(?:\\w|[À-ÿ°µ"\\\\/])+$' },
    },
    required: ['date', 'anywhere'],
  },
  optional: {
    type: 'object',
    properties: Object.fromEntries(
      ['a', 'b', 'c', 'ü "', 'e'].map((key) => [key, { type: 'string', minLength: 2, maxLength: 9 }]),
    ),
    required: ['c'],
  },
  told: {
    type: 'array',
    minItems: 1,
    items: {
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'text' }, text: { type: 'string' } },
          required: ['kind', 'text'],
        },
        {
          type: 'object',
          properties: { kind: { const: 'box' }, box: { type: 'array', items: { type: 'integer' }, maxItems: 2 } },
          required: ['kind', 'box'],
        },
      ],
    },
  },
  overlapping: {
    type: 'array',
    items: {
      anyOf: [
        { type: 'object', properties: { a: { enum: ['é', 'è', 'ê', 1, null, [1, { b: 'x' }]] } }, required: ['a'] },
        { type: 'object', properties: { a: { type: 'string' }, b: { type: 'null' } }, required: ['a'] },
      ],
    },
  },
  scalar: { type: ['integer', 'string'], maxLength: 5 },
  nothing: { type: 'object' },
};
