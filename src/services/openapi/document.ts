import { discoverySchema } from '../../cds-hooks/schemas/discovery.ts';
import { feedbackSchema } from '../../cds-hooks/schemas/feedback.ts';
import { contextSchemas, requestSchema } from '../../cds-hooks/schemas/request.ts';
import { responseSchema } from '../../cds-hooks/schemas/response.ts';
import { errorTable } from '../../errors.ts';
import { judgementSchema } from '../../web/judgement.ts';
import { analysisRequestSchema } from '../analyses/asked.ts';
import { analysesPaths, jobSchema, subscriptionPaths, subscriptionSecurity } from './arrivals.ts';
import { cdsHooksPaths } from './cds-hooks.ts';
import { fhirPaths } from './fhir.ts';
import { answer } from './parts.ts';
import { webPaths } from './web.ts';

export interface OpenApiOptions {
  readonly version: string;
  /** Base URL under which the service is known; empty for where the document was found. */
  readonly publicUrl: string;
  /** Ids of the CDS services. */
  readonly services: readonly string[];
  /** Whether the embedded FHIR server answers here. */
  readonly embedded: boolean;
  /** Whether the service has keys of its own. */
  readonly keys: boolean;
  /** Whether Subscriptions are listened to. */
  readonly subscriptions: boolean;
}

/** OpenAPI 3.1 of the whole HTTP surface. Bodies of CDS Hooks are the very schemas that requests are checked with. */
export function openApiOf(options: OpenApiOptions) {
  const { patientView, orderSelect, orderSign } = {
    patientView: contextSchemas['patient-view'],
    orderSelect: contextSchemas['order-select'],
    orderSign: contextSchemas['order-sign'],
  };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Interval',
      version: options.version,
      summary: 'Clinical decision support from lab reports and chest radiographs, over CDS Hooks and FHIR.',
      description: 'Everything it says is read by machine, preliminary, and not for diagnosis.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.publicUrl || '/' }],
    security: [{ cdsClient: [] }],
    tags: [
      { name: 'CDS Hooks', description: 'What EHRs call.' },
      { name: 'Arrivals', description: 'What there is to read, told by FHIR servers and whoever else knows.' },
      { name: 'Operation', description: 'Health, metrics, this document.' },
      { name: 'Pages', description: 'The demonstration EHR; charts only where calls need no authentication.' },
      { name: 'Review', description: 'What was read, beside what it was read from.' },
      ...(options.embedded ? [{ name: 'Embedded FHIR server', description: 'FHIR R4.' }] : []),
    ],
    paths: {
      ...cdsHooksPaths(options.services),
      ...analysesPaths,
      ...(options.subscriptions ? subscriptionPaths : {}),
      ...operationPaths,
      ...(options.keys ? keyPaths : {}),
      ...webPaths,
      ...(options.embedded ? fhirPaths : {}),
    },
    components: {
      securitySchemes: {
        cdsClient: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'The JWT of CDS Hooks: signed by the client for exactly the URL that it calls, used once. Not asked for in development mode, which answers loopback only.',
        },
        ...(options.subscriptions ? subscriptionSecurity : {}),
      },
      headers: {
        RequestId: {
          description: 'Id of the request, as in the log; the caller’s own where it sent one.',
          schema: { type: 'string' },
        },
      },
      schemas: {
        DiscoveryResponse: discoverySchema,
        ServiceRequest: {
          ...requestSchema,
          properties: {
            ...requestSchema.properties,
            hook: { enum: ['patient-view', 'order-select', 'order-sign'] },
            context: { anyOf: [patientView, orderSelect, orderSign] },
          },
        },
        ServiceResponse: responseSchema,
        Feedback: feedbackSchema,
        Judgement: judgementSchema,
        AnalysisRequest: analysisRequestSchema,
        Job: jobSchema,
        OperationOutcome: operationOutcome,
      },
    },
  };
}

const status = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } } as const;

const operationPaths = {
  '/healthz': operation('health', 'Whether the process lives', { '200': answer('It does.', status) }),
  '/readyz': operation('readiness', 'Whether everything that is needed answers', {
    '200': answer('It does.', status),
    '503': answer('It does not; `waiting` names what.', status),
  }),
  '/metrics': operation('metrics', 'Figures for Prometheus', {
    '200': { description: 'Prometheus text.', content: { 'text/plain': { schema: { type: 'string' } } } },
  }),
  '/openapi.json': operation('openapi', 'This document', { '200': answer('OpenAPI 3.1.', { type: 'object' }) }),
};

const keyPaths = {
  '/.well-known/jwks.json': operation('serviceKeys', 'The service’s own public keys (SMART Backend Services)', {
    '200': answer('JWK set.', {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object' } } },
    }),
  }),
};

function operation(operationId: string, summary: string, responses: object) {
  return { get: { operationId, summary, tags: ['Operation'], security: [], responses } };
}

const operationOutcome = {
  type: 'object',
  required: ['resourceType', 'issue'],
  properties: {
    resourceType: { const: 'OperationOutcome' },
    issue: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['severity', 'code', 'diagnostics'],
        properties: {
          severity: { enum: ['fatal', 'error', 'warning', 'information'] },
          code: { type: 'string' },
          diagnostics: { description: 'A code that is stable.', enum: Object.keys(errorTable) },
          details: { type: 'object', properties: { text: { type: 'string' } } },
        },
      },
    },
  },
} as const;
