import { id, referenceTo, text, url, uuid } from './primitive.ts';

const object = { type: 'object' } as const;

/** CDS Hooks 2.0.1, "Calling a CDS Service": what every request has. Unknown fields are ignored (P11). */
export const requestSchema = {
  type: 'object',
  required: ['hook', 'hookInstance', 'context'],
  properties: {
    hook: text,
    hookInstance: uuid,
    context: object,
    fhirServer: url,
    // All but `patient` are required of clients; only the token is needed here, and real ones leave some out.
    fhirAuthorization: {
      type: 'object',
      required: ['access_token'],
      properties: {
        access_token: { type: 'string', pattern: '^[\\x21-\\x7e]{1,16384}$' },
        token_type: { type: 'string', pattern: '^[Bb][Ee][Aa][Rr][Ee][Rr]$' },
        scope: { type: 'string' },
        subject: { type: 'string' },
        patient: text,
      },
    },
    prefetch: { type: 'object', additionalProperties: { type: ['object', 'null'] } },
  },
  dependentRequired: { fhirAuthorization: ['fhirServer'] },
} as const;

const practitioner = referenceTo(['Practitioner', 'PractitionerRole']);

/** `type` is often missing (sandbox); an entry without resource carries nothing and is passed over. */
const draftOrders = {
  type: 'object',
  required: ['resourceType'],
  properties: {
    resourceType: { const: 'Bundle' },
    entry: {
      type: 'array',
      items: {
        type: 'object',
        properties: { resource: { type: 'object', required: ['resourceType'], properties: { resourceType: text } } },
      },
    },
  },
} as const;

/** The `context` of each hook, from the hook library 1.0.1. */
export const contextSchemas = {
  'patient-view': {
    type: 'object',
    required: ['userId', 'patientId'],
    properties: {
      userId: referenceTo(['Practitioner', 'PractitionerRole', 'Patient', 'RelatedPerson']),
      patientId: id,
      encounterId: id,
    },
  },
  'order-select': {
    type: 'object',
    required: ['userId', 'patientId', 'selections', 'draftOrders'],
    properties: {
      userId: practitioner,
      patientId: id,
      encounterId: id,
      selections: { type: 'array', items: text },
      draftOrders,
    },
  },
  'order-sign': {
    type: 'object',
    required: ['userId', 'patientId', 'draftOrders'],
    properties: { userId: practitioner, patientId: id, encounterId: id, draftOrders },
  },
} as const;
