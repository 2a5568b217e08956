import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Router } from 'express';
import { IntervalError, toOperationOutcome } from './errors.ts';
import { asHttpError } from './http-refusals.ts';
import type { Log } from './log.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';
import type { Metrics } from './metrics.ts';

export interface AppParts {
  /** Mounted in this order, each at its path. */
  readonly routers: readonly {
    readonly path: string;
    readonly router: Router;
    /** The bearer token without which it answers nobody. */
    readonly token?: string;
  }[];
  /** Of the service's own keys, for the authorization servers that know it by them. */
  readonly publicKeys?: object;
  readonly metrics: Metrics;
  /** Names of what is not ready; empty when the service can do its work. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly log: Log;
  /** Answer this machine alone: nothing here asks who calls. */
  readonly loopbackOnly: boolean;
  /** Whether the public knows this service by an https URL: then browsers are told to use nothing else. */
  readonly https?: boolean;
  /** Description of the HTTP surface (OpenAPI 3.1). */
  readonly openapi?: object;
  readonly ids?: () => string;
}

/** The HTTP surface: health, metrics, and the routers of the rooms. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders(parts.https ?? false));
  app.use(identify(parts.ids ?? randomUUID));
  if (parts.loopbackOnly) {
    app.use(fromThisMachine);
  }
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const waiting = await parts.notReady();
    response
      .status(waiting.length === 0 ? 200 : 503)
      .json({ status: waiting.length === 0 ? 'ready' : 'not-ready', waiting });
  });
  app.get('/metrics', async (_request, response) => {
    response.type(parts.metrics.contentType).send(await parts.metrics.text());
  });
  const { openapi } = parts;
  if (openapi) {
    app.get('/openapi.json', (_request, response) => {
      response.json(openapi);
    });
  }
  if (parts.publicKeys) {
    app.get('/.well-known/jwks.json', (_request, response) => {
      response.set('Cache-Control', 'public, max-age=3600').json(parts.publicKeys);
    });
  }
  for (const { path, router, token } of parts.routers) {
    app.use(path, ...(token === undefined ? [] : [only(token)]), router);
  }
  app.use(() => {
    throw new IntervalError('not-found', 'There is nothing at this address.');
  });
  app.use(errorHandler(parts.log));
  return app;
}

/**
 * Refuses what does not come from this machine, and what a browser sends to a name that was made to resolve to it (DNS
 * rebinding): without authentication the address is all that keeps a chart closed.
 */
const fromThisMachine: RequestHandler = (request, _response, next) => {
  if (!isLoopbackAddress(request.socket.remoteAddress ?? '') || !isLoopbackHost(request.hostname ?? '')) {
    throw new IntervalError('unauthenticated', 'This service answers its own machine only.');
  }
  next();
};

/** Hashes, so that the comparison tells nothing of the token by its time. */
function only(token: string): RequestHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (request, _response, next) => {
    if (!timingSafeEqual(digest(request.get('authorization') ?? ''), expected)) {
      throw new IntervalError('unauthenticated', 'Authentication is required.');
    }
    next();
  };
}

/** What every answer carries; a page sets its own, stricter Content-Security-Policy. */
function securityHeaders(https: boolean): RequestHandler {
  const headers = {
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=()',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    ...(https ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
  };
  return (_request, response, next) => {
    response.set(headers);
    next();
  };
}

/**
 * One id for each request, in its answer and in every line of the log about it. A caller's own is taken over where it
 * cannot be anything but an id; the routers find it on the request.
 */
function identify(ids: () => string): RequestHandler {
  return (request, response, next) => {
    const sent = request.get('x-request-id');
    const id = sent !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(sent) ? sent : ids();
    request.headers['x-request-id'] = id;
    response.set('X-Request-Id', id);
    next();
  };
}

function errorHandler(log: Log): ErrorRequestHandler {
  return (thrown, request, response, next) => {
    const error = asHttpError(thrown);
    if (error.status >= 500) {
      const requestId = request.get('x-request-id');
      log.error('request failed', { requestId, method: request.method, status: error.status }, thrown);
    }
    if (response.headersSent) {
      next(thrown);
      return;
    }
    if (error.retryAfterMs !== undefined) {
      response.set('Retry-After', String(Math.ceil(error.retryAfterMs / 1000)));
    }
    response.status(error.status).json(toOperationOutcome(error));
  };
}
