import { watchedTypes } from '../../subscriptions/watched.ts';
import { answer, errors, headers, json, pathParameter, ref } from './parts.ts';

const refusals = {
  '401': 'The caller has not shown who it is. Why is not said.',
  '405': 'Another method.',
} as const;

const upstream = { '502': 'A FHIR server failed.', '504': 'A FHIR server did not answer in time.' } as const;

/** What a job is to callers; `POST` answers a list of them. */
export const jobSchema = {
  type: 'object',
  required: ['job', 'analysis', 'state', 'task', 'subject', 'attempts', 'reasons', 'results', 'location'],
  properties: {
    job: { type: 'string', pattern: '^[0-9a-f]{40}$', description: 'Names what is read and by whom.' },
    analysis: { type: 'string' },
    state: { enum: ['requested', 'in-progress', 'completed', 'rejected', 'failed', 'cancelled'] },
    task: { type: 'string', description: 'The Task in the store.' },
    subject: { type: 'string', description: 'What is read, as the source has it.' },
    attempts: { type: 'integer', minimum: 0 },
    requested: { type: 'string', format: 'date-time' },
    started: { type: 'string', format: 'date-time' },
    ended: { type: 'string', format: 'date-time' },
    reasons: {
      type: 'array',
      description: 'Why it was refused, failed or put back.',
      items: {
        type: 'object',
        required: ['system', 'code'],
        properties: { system: { type: 'string' }, code: { type: 'string' } },
      },
    },
    results: { type: 'array', description: 'References into the store.', items: { type: 'string' } },
    location: { type: 'string', description: 'Where its state is told.' },
  },
} as const;

export const analysesPaths = {
  '/analyses': {
    post: {
      operationId: 'askForAnalysis',
      summary: 'Asks for what can be read of a report, a document or a study; the same twice is asked for once',
      tags: ['Arrivals'],
      requestBody: { required: true, ...json(ref('AnalysisRequest')) },
      responses: Object.fromEntries([
        ...(
          [
            ['200', 'Nothing new: each job was there, or there is nothing to read.'],
            ['202', 'At least one job was asked for by this call.'],
          ] as const
        ).map(([status, description]) => [
          status,
          {
            ...answer(description, {
              type: 'object',
              required: ['jobs'],
              properties: { jobs: { type: 'array', items: ref('Job') } },
            }),
            headers: {
              ...headers,
              Location: { description: 'The first job, where there is one.', schema: { type: 'string' } },
            },
          },
        ]),
        ...Object.entries(
          errors({
            ...refusals,
            ...upstream,
            '400': 'The body is malformed, or the subject belongs to another patient.',
            '403': 'The FHIR server of the caller is not the one that this service reads.',
            '404': 'There is no such subject.',
            '413': 'The body is larger than this endpoint accepts.',
            '415': 'The body is not JSON.',
            '422': 'Nothing is read from resources of this type.',
            '429': 'The client calls more often than it may.',
            '503': 'Too many jobs are waiting.',
          }),
        ),
      ]),
    },
  },
  '/analyses/{job}': {
    parameters: [pathParameter('job', 'Id of the job.', { type: 'string', pattern: '^[0-9a-f]{40}$' })],
    get: {
      operationId: 'showAnalysis',
      summary: 'State, attempts, reasons and results of a job; no text of a chart',
      tags: ['Arrivals'],
      responses: {
        '200': answer('The job.', ref('Job')),
        ...errors({
          ...refusals,
          ...upstream,
          '404': 'There is no such job, or it is not this caller’s.',
          '429': 'The client calls more often than it may.',
        }),
      },
    },
  },
};

const proofs = [{ subscriptionSignature: [] }, { subscriptionHeader: [] }];
const type = pathParameter('type', 'Type of the Subscription.', { enum: [...watchedTypes] });
const taken = {
  '202': answer('Noted. What it names is read from the source.'),
  ...errors({
    ...refusals,
    '400': 'The notification is malformed.',
    '404': 'There is no Subscription for this type.',
    '413': 'The body is larger than this service accepts.',
    '415': 'The body is compressed.',
    '422': 'Nothing is read from resources of this type.',
    '503': 'Too many arrivals are waiting: send it again.',
  }),
};
const body = {
  description: 'The resource, a Bundle of notifications, or nothing. A hint: nothing of it is believed.',
  content: { 'application/fhir+json': { schema: { type: 'object' } } },
};

export const subscriptionPaths = {
  '/subscriptions/{type}': {
    parameters: [type],
    get: {
      operationId: 'subscriptionEndpoint',
      summary: 'Whether anybody listens',
      tags: ['Arrivals'],
      security: [],
      responses: {
        '200': answer('Yes.', { type: 'object', properties: { status: { type: 'string' } } }),
        ...errors({ '404': 'There is no Subscription for this type.' }),
      },
    },
    post: {
      operationId: 'notify',
      summary: 'A Subscription has fired (FHIR R4 rest-hook)',
      tags: ['Arrivals'],
      security: proofs,
      requestBody: body,
      responses: taken,
    },
  },
  '/subscriptions/{type}/{resource}/{id}': {
    parameters: [type, pathParameter('resource', 'Type of what arrived.'), pathParameter('id', 'Its id.')],
    put: {
      operationId: 'notifyOf',
      summary: 'The same, as servers send it that name the resource in the path',
      tags: ['Arrivals'],
      security: proofs,
      requestBody: body,
      responses: taken,
    },
    delete: {
      operationId: 'notifyOfDeletion',
      summary: 'The resource is gone',
      tags: ['Arrivals'],
      security: proofs,
      responses: taken,
    },
  },
};

export const subscriptionSecurity = {
  subscriptionSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Signature',
    description: 'HMAC-SHA256 of the body’s bytes, hexadecimal, with the setting `subscriptionSecret` as its key.',
  },
  subscriptionHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: 'That secret, in the header that the setting `subscriptionHeader` names.',
  },
} as const;
