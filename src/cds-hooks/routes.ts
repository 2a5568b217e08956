import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { IntervalError, toOperationOutcome } from '../errors.ts';
import { asHttpError, notAllowed } from '../http-refusals.ts';
import type { Authenticate, Client } from './authenticate.ts';
import { type CallLimits, type CallWorld, callService, type GivenAnswer, type HookOutcome } from './call.ts';
import type { CardSource, LinkStyle } from './card.ts';
import { type CorsPolicy, corsHeaders, mayCall } from './cors.ts';
import { checkDefinition, discoveryOf } from './discovery.ts';
import { type FeedbackSink, readFeedback } from './feedback.ts';
import { Refusal } from './jwt.ts';
import { createRateLimit } from './rate-limit.ts';
import type { CdsService } from './service.ts';

export interface CdsHooksOptions {
  readonly services: readonly CdsService[];
  readonly authenticate: Authenticate;
  /** What may be asked of the FHIR server that a call names. */
  readonly chartAccess: CallWorld['chartAccess'];
  readonly feedback: FeedbackSink;
  /** Base URL of this service as browsers and EHRs know it, once it is known; without trailing slash. */
  readonly publicUrl: () => string;
  readonly source: Omit<CardSource, 'publicUrl'>;
  readonly cors: CorsPolicy;
  readonly limits: CallLimits & { readonly bodyBytes: number };
  readonly clock: () => number;
  readonly ids: () => string;
  /** Whether a resource may stand in a suggestion. */
  readonly isValid?: (resource: object) => boolean;
  readonly onOutcome: (outcome: HookOutcome) => void;
  /** Told of cards once they are sent. Must not throw. */
  readonly onGiven?: (answer: GivenAnswer) => void;
  /** What the site set for one client; what is absent is unlimited, or as for everybody. */
  readonly optionsOf?: (client: Client) => {
    readonly links?: LinkStyle;
    readonly callsPerMinute?: number;
    readonly origins?: readonly string[];
  };
}

interface Locals {
  requestId: string;
  /** Id of a service that exists. */
  service?: string;
  startedAt: number;
  client: Client;
}

/**
 * The HTTP surface of CDS Hooks 2.0.1, to be mounted at the root of `publicUrl`: discovery, service calls, feedback.
 * The only file here that knows Express.
 */
export function cdsHooksRouter(options: CdsHooksOptions): Router {
  const { services, clock, ids, onOutcome } = options;
  const definitions = services.map(({ definition }) => definition);
  definitions.forEach(checkDefinition);
  const discovery = discoveryOf(definitions);
  const byId = new Map(services.map((service) => [service.definition.id, service]));
  const takeOne = createRateLimit(clock);
  const json = express.json({ limit: options.limits.bodyBytes, type: isJson, strict: false });

  const begin: RequestHandler<object, unknown, unknown, unknown, Locals> = (request, response, next) => {
    response.locals.startedAt = clock();
    response.locals.requestId = safeRequestId(request.get('x-request-id')) ?? ids();
    response.set({
      ...corsHeaders(request.get('origin'), options.cors),
      'X-Request-Id': response.locals.requestId,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    next();
  };

  const preflight: RequestHandler = (_request, response) => {
    response.status(204).end();
  };

  const authenticate: RequestHandler<object, unknown, unknown, unknown, Locals> = async (request, response, next) => {
    response.locals.client = await options.authenticate({
      method: request.method,
      endpoint: options.publicUrl() + request.baseUrl + request.path,
      authorization: request.get('authorization'),
      remoteAddress: request.socket.remoteAddress,
      host: request.hostname,
    });
    next();
  };

  /** What only a client that is known can be held to: how often it calls, and from which pages. */
  const withinBounds: RequestHandler<object, unknown, unknown, unknown, Locals> = (request, response, next) => {
    const { client } = response.locals;
    const { callsPerMinute = 0, origins } = options.optionsOf?.(client) ?? {};
    if (origins !== undefined && !mayCall({ origin: request.get('origin'), host: request.get('host') }, { origins })) {
      response.removeHeader('Access-Control-Allow-Origin');
      throw new IntervalError('origin-refused', 'Pages of this origin may not call in the name of this client.');
    }
    takeOne(JSON.stringify([client.id, client.tenant]), callsPerMinute);
    next();
  };

  const jsonOnly: RequestHandler = (request, _response, next) => {
    const sent = request.headers['content-type'];
    next(
      sent === undefined || isJson(request)
        ? undefined
        : new IntervalError('media-type-unsupported', 'The body is JSON, declared as application/json.'),
    );
  };

  const serviceOf = ({ params }: { params: { id?: unknown } }): CdsService => {
    const service = byId.get(String(params.id));
    if (service === undefined) {
      throw new IntervalError('service-unknown', 'There is no service of this id.');
    }
    return service;
  };

  const known: RequestHandler<object, unknown, unknown, unknown, Locals> = (request, response, next) => {
    response.locals.service = serviceOf(request).definition.id;
    next();
  };

  const call = async (request: Request, response: Response<unknown, Locals>) => {
    const { links } = options.optionsOf?.(response.locals.client) ?? {};
    const made = await callService(serviceOf(request), request.body, response.locals, {
      ...options,
      source: { ...options.source, publicUrl: options.publicUrl(), ...(links === undefined ? {} : { links }) },
    });
    response.json(made.response);
    onOutcome(made.outcome);
    if (made.given !== undefined) {
      options.onGiven?.(made.given);
    }
  };

  const feedback = async (request: Request, response: Response<unknown, Locals>) => {
    const { client, requestId } = response.locals;
    const service = serviceOf(request).definition.id;
    await options.feedback({ service, client, requestId, feedback: readFeedback(request.body) });
    response.json({});
  };

  const fail: ErrorRequestHandler = (thrown, _request, response, next) => {
    if (response.headersSent) {
      next(thrown);
      return;
    }
    const error = asHttpError(thrown);
    const { requestId, startedAt, client, service } = response.locals as Partial<Locals>;
    const refusal = error.cause instanceof Refusal ? error.cause : undefined;
    if (error.status === 401) {
      response.set('WWW-Authenticate', 'Bearer');
    }
    if (error.retryAfterMs !== undefined) {
      response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    }
    response.status(error.status).json(toOperationOutcome(error));
    onOutcome({
      service: service ?? 'none',
      requestId: requestId ?? '',
      client: client?.id ?? refusal?.client,
      outcome: error.kind === 'caller' ? 'refused' : 'failed',
      status: error.status,
      milliseconds: startedAt === undefined ? 0 : clock() - startedAt,
      cards: 0,
      missing: [],
      fetched: [],
      dropped: 0,
      code: error.code,
      ...(refusal === undefined ? {} : { refusal: refusal.reason }),
      ...(error.kind === 'caller' ? {} : { error: thrown }),
    });
  };

  const router = express.Router();
  router
    .route('/cds-services')
    .all(begin)
    .options(preflight)
    .get(authenticate, withinBounds, (_request, response) => {
      response.json(discovery);
    })
    .all(notAllowed('GET, OPTIONS'));
  router
    .route('/cds-services/:id')
    .all(begin)
    .options(preflight)
    .post(authenticate, withinBounds, known, jsonOnly, json, call)
    .all(notAllowed('POST, OPTIONS'));
  router
    .route('/cds-services/:id/feedback')
    .all(begin)
    .options(preflight)
    .post(authenticate, withinBounds, known, jsonOnly, json, feedback)
    .all(notAllowed('POST, OPTIONS'));
  router.use('/cds-services', fail);
  return router;
}

/** application/json, application/fhir+json and the like; a body without a declared type is taken for JSON. */
function isJson(request: { readonly headers: { readonly 'content-type'?: string | undefined } }): boolean {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === undefined || type === 'application/json' || /^application\/[a-z0-9.-]+\+json$/.test(type);
}

/** A caller's id is taken over into our log only where it cannot be anything but an id. */
function safeRequestId(sent: string | undefined): string | undefined {
  return sent !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : undefined;
}
