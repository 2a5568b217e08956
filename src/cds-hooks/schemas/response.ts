import { text, url } from './primitive.ts';

const coding = {
  type: 'object',
  required: ['system', 'code', 'display'],
  properties: { system: text, code: text, display: text },
} as const;

const resource = { type: 'object', required: ['resourceType'], properties: { resourceType: text } } as const;

/** Description is always sent although 3.0 makes it optional for system actions. */
const action = {
  type: 'object',
  required: ['type', 'description'],
  properties: {
    type: { enum: ['create', 'update', 'delete'] },
    description: text,
    resource,
    resourceId: { type: 'string', pattern: '^[A-Za-z]+/.+$' },
  },
  additionalProperties: false,
  oneOf: [
    { properties: { type: { const: 'create' } }, required: ['resource'], not: { required: ['resourceId'] } },
    {
      properties: { type: { const: 'update' }, resource: { required: ['id'] } },
      required: ['resource'],
      not: { required: ['resourceId'] },
    },
    { properties: { type: { const: 'delete' } }, required: ['resourceId'], not: { required: ['resource'] } },
  ],
} as const;

const suggestion = {
  type: 'object',
  required: ['label', 'uuid'],
  properties: {
    label: text,
    uuid: text,
    isRecommended: { type: 'boolean' },
    actions: { type: 'array', minItems: 1, items: action },
  },
  additionalProperties: false,
} as const;

const link = {
  type: 'object',
  required: ['label', 'url', 'type'],
  properties: {
    label: text,
    url,
    type: { enum: ['absolute', 'smart'] },
    appContext: text,
    autolaunchable: { type: 'boolean' },
  },
  additionalProperties: false,
  if: { properties: { type: { const: 'absolute' } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  then: { not: { required: ['appContext'] } },
} as const;

/** CDS Hooks 2.0.1, "Card Attributes"; what Interval promises beyond it (uuid, topic) is required too. */
export const cardSchema = {
  type: 'object',
  required: ['uuid', 'summary', 'indicator', 'source'],
  properties: {
    uuid: text,
    summary: { type: 'string', minLength: 1, maxLength: 139 },
    detail: { type: 'string', minLength: 1, maxLength: 4000 },
    indicator: { enum: ['info', 'warning', 'critical'] },
    source: {
      type: 'object',
      required: ['label', 'topic'],
      properties: { label: text, url, icon: url, topic: coding },
      additionalProperties: false,
    },
    suggestions: { type: 'array', minItems: 1, items: suggestion },
    selectionBehavior: { enum: ['at-most-one', 'any'] },
    overrideReasons: { type: 'array', minItems: 1, items: coding },
    links: { type: 'array', minItems: 1, items: link },
  },
  dependentRequired: { suggestions: ['selectionBehavior'] },
  additionalProperties: false,
} as const;

export const responseSchema = {
  type: 'object',
  required: ['cards'],
  properties: { cards: { type: 'array', items: cardSchema } },
  additionalProperties: false,
} as const;
