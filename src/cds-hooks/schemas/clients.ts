import { text } from './primitive.ts';

const strings = { type: 'array', items: text, uniqueItems: true } as const;

/** The file that setting `clients` names: the EHRs that may call. */
export const clientsSchema = {
  type: 'object',
  required: ['clients'],
  properties: {
    clients: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['id', 'issuer', 'fhirServers'],
        properties: {
          id: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,63}$' },
          issuer: text,
          jwks: {
            type: 'object',
            required: ['keys'],
            properties: { keys: { type: 'array', minItems: 1, items: { type: 'object' } } },
          },
          jwksFile: text,
          jku: strings,
          algorithms: { type: 'array', minItems: 1, items: { enum: ['ES384', 'RS384', 'ES256', 'RS256'] } },
          maxTokenSeconds: { type: 'integer', minimum: 10, maximum: 3600 },
          tenants: { ...strings, minItems: 1 },
          fhirServers: strings,
          writeBack: { enum: ['full', 'suggest', 'none'] },
          privateNetwork: { type: 'boolean' },
          audit: { enum: ['store', 'off'] },
          links: {
            oneOf: [
              {
                type: 'object',
                required: ['type'],
                properties: { type: { const: 'absolute' } },
                additionalProperties: false,
              },
              {
                type: 'object',
                required: ['type', 'launchUrl'],
                properties: { type: { const: 'smart' }, launchUrl: { type: 'string', pattern: '^https?://[^\\s]+$' } },
                additionalProperties: false,
              },
            ],
          },
          callsPerMinute: { type: 'integer', minimum: 0, maximum: 1_000_000 },
          origins: { type: 'array', items: { type: 'string', pattern: '^https?://[^\\s/]+$' } },
        },
        additionalProperties: false,
      },
    },
  },
  additionalProperties: false,
} as const;
