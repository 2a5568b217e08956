import { instantPattern, word } from './primitive.ts';

/** CDS Hooks 2.0.1, "Feedback". `reason.display` may be missing: the specification's own example omits it. */
export const feedbackSchema = {
  type: 'object',
  required: ['feedback'],
  properties: {
    feedback: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['card', 'outcome', 'outcomeTimestamp'],
        properties: {
          card: word,
          outcome: { enum: ['accepted', 'overridden'] },
          outcomeTimestamp: { type: 'string', pattern: instantPattern },
          acceptedSuggestions: {
            type: 'array',
            items: { type: 'object', required: ['id'], properties: { id: word } },
          },
          overrideReason: {
            type: 'object',
            properties: {
              reason: {
                type: 'object',
                required: ['code'],
                properties: {
                  code: word,
                  system: { type: 'string', maxLength: 2048, pattern: '^[^\\s\\p{Cc}\\p{Cs}]*$' },
                  display: { type: 'string' },
                },
              },
              userComment: { type: 'string' },
            },
          },
        },
        if: { properties: { outcome: { const: 'accepted' } } },
        // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
        then: { required: ['acceptedSuggestions'], properties: { acceptedSuggestions: { minItems: 1 } } },
      },
    },
  },
} as const;
