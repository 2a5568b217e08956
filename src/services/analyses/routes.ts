import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express';
import type { Authenticate, Client } from '../../cds-hooks/authenticate.ts';
import { Refusal } from '../../cds-hooks/jwt.ts';
import { createRateLimit } from '../../cds-hooks/rate-limit.ts';
import { IntervalError } from '../../errors.ts';
import { asHttpError, notAllowed } from '../../http-refusals.ts';
import type { Analyses } from './analyses.ts';
import { readAsked } from './asked.ts';

export interface AnalysesOptions {
  readonly analyses: Analyses;
  readonly authenticate: Authenticate;
  /** Base URL of this service as callers know it. */
  readonly publicUrl: () => string;
  readonly callsPerMinute: (client: Client) => number;
  readonly clock: () => number;
  readonly onAnswered: (answered: {
    readonly route: string;
    readonly status: number;
    readonly requestId: string | undefined;
    readonly client?: string;
    readonly count?: number;
    readonly code?: string;
    /** Why a caller was not believed: for the log alone. */
    readonly refusal?: string;
  }) => void;
}

interface Locals {
  client: Client;
}

/** Small: a handful of references. */
const BODY_BYTES = 16 * 1024;

/** The API for whoever asks for analyses: bots, schedulers, people with curl. Callers prove themselves as CDS clients do. */
export function analysesRouter(options: AnalysesOptions): Router {
  const { analyses, onAnswered } = options;
  const takeOne = createRateLimit(options.clock);
  const json = express.json({ limit: BODY_BYTES, type: () => true, strict: false });

  const authenticate: RequestHandler<object, unknown, unknown, unknown, Locals> = async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    const client = await options.authenticate({
      method: request.method,
      endpoint: options.publicUrl() + request.baseUrl + request.path,
      authorization: request.get('authorization'),
      remoteAddress: request.socket.remoteAddress,
      host: request.hostname,
    });
    response.locals.client = client;
    takeOne(JSON.stringify([client.id, client.tenant]), options.callsPerMinute(client));
    next();
  };

  const jsonOnly: RequestHandler = (request, _response, next) => {
    const type = request.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    next(
      type === 'application/json'
        ? undefined
        : new IntervalError('media-type-unsupported', 'The body is JSON, declared as application/json.'),
    );
  };

  const ask: RequestHandler<object, unknown, unknown, unknown, Locals> = async (request, response) => {
    const { client } = response.locals;
    const { asked, jobs } = await analyses.ask(readAsked(request.body), client);
    const located = jobs.map((job) => ({ ...job, location: locationOf(job.job) }));
    const status = asked > 0 ? 202 : 200;
    if (located[0] !== undefined) {
      response.set('Location', located[0].location);
    }
    response.status(status).json({ jobs: located });
    onAnswered({ route: '/analyses', status, requestId: idOf(request), client: client.id, count: asked });
  };

  const show: RequestHandler<{ job: string }, unknown, unknown, unknown, Locals> = async (request, response) => {
    const found = await analyses.job(request.params.job, response.locals.client);
    response.json({ ...found, location: locationOf(found.job) });
  };

  const locationOf = (key: string) => `${options.publicUrl()}/analyses/${key}`;

  const fail: ErrorRequestHandler = (thrown, request, response, next) => {
    const error = asHttpError(thrown);
    const refusal = error.cause instanceof Refusal ? error.cause : undefined;
    if (error.status === 401) {
      response.set('WWW-Authenticate', 'Bearer');
    }
    onAnswered({
      route: '/analyses',
      status: error.status,
      requestId: idOf(request),
      code: error.code,
      ...clientOf((response.locals as Partial<Locals>).client?.id ?? refusal?.client),
      ...(refusal === undefined ? {} : { refusal: refusal.reason }),
    });
    next(error);
  };

  const router = express.Router();
  router.route('/analyses').post(authenticate, jsonOnly, json, ask).all(notAllowed('POST'));
  router.route('/analyses/:job').get(authenticate, show).all(notAllowed('GET'));
  router.use('/analyses', fail);
  return router;
}

const idOf = (request: { get(name: string): string | undefined }) => request.get('x-request-id');

const clientOf = (client: string | undefined) => (client === undefined ? {} : { client });
