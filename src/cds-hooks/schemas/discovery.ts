import { text } from './primitive.ts';

/** CDS Hooks 2.0.1, "Discovery". */
export const discoverySchema = {
  type: 'object',
  required: ['services'],
  properties: {
    services: {
      type: 'array',
      items: {
        type: 'object',
        required: ['hook', 'id', 'description'],
        properties: {
          hook: text,
          id: { type: 'string', pattern: '^[A-Za-z0-9\\-.]+$' },
          title: text,
          description: text,
          usageRequirements: text,
          prefetch: { type: 'object', minProperties: 1, additionalProperties: text },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const;
