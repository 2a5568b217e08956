import { answer, errors, json, pathParameter, ref } from './parts.ts';

const refusals = {
  '401': 'The caller has not shown who it is. Why is not said.',
  '403': 'The caller may not do this, or its FHIR server is not one that this service works with.',
  '429': 'The client calls more often than it may.',
} as const;

const preflight = (methods: string) => ({
  summary: 'CORS preflight',
  tags: ['CDS Hooks'],
  security: [],
  responses: { '204': { description: `Allows ${methods} to pages of the configured origins.` } },
});

const bodyErrors = {
  '400': 'The body is malformed, of another hook, or its context is not valid.',
  '404': 'There is no such service.',
  '405': 'Another method.',
  '413': 'The body is larger than this service accepts.',
  '415': 'The body is not JSON.',
} as const;

/** CDS Hooks 2.0.1: discovery, service calls, feedback. */
export function cdsHooksPaths(services: readonly string[]) {
  const service = pathParameter('id', 'Id of the service, as discovery has it.', {
    type: 'string',
    enum: [...services],
  });
  return {
    '/cds-services': {
      get: {
        operationId: 'discover',
        summary: 'Discovery: which services there are',
        tags: ['CDS Hooks'],
        responses: { '200': answer('The services.', ref('DiscoveryResponse')), ...errors(refusals) },
      },
      options: preflight('GET'),
    },
    '/cds-services/{id}': {
      parameters: [service],
      post: {
        operationId: 'callService',
        summary: 'A hook has fired: cards, in well under the hook deadline',
        tags: ['CDS Hooks'],
        requestBody: { required: true, ...json(ref('ServiceRequest')) },
        responses: {
          '200': answer('Cards, perhaps none. Never waits for a model.', ref('ServiceResponse')),
          ...errors({
            ...refusals,
            ...bodyErrors,
            '412': 'Required data was neither sent nor could it be fetched.',
            '500': 'Our own fault.',
          }),
        },
      },
      options: preflight('POST'),
    },
    '/cds-services/{id}/feedback': {
      parameters: [service],
      post: {
        operationId: 'sendFeedback',
        summary: 'What clinicians did with cards; the same twice is kept once',
        tags: ['CDS Hooks'],
        requestBody: { required: true, ...json(ref('Feedback')) },
        responses: {
          '200': answer('Kept, and acted on where the card is known.', { type: 'object' }),
          ...errors({
            ...refusals,
            ...bodyErrors,
            '500': 'Our own fault.',
            '502': 'The store did not take it: send it again.',
            '504': 'The store did not answer in time: send it again.',
          }),
        },
      },
      options: preflight('POST'),
    },
  };
}
