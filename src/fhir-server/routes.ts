import express, { type Router } from 'express';
import type { HttpRequest } from './http.ts';
import type { HttpAnswer } from './http-answer.ts';
import { outcomeOf } from './refusal.ts';

/** The server as Express routes. */
export function createRoutes(handle: (request: HttpRequest) => Promise<HttpAnswer>, maxBodyBytes: number): Router {
  const router = express.Router();
  router.use(express.raw({ type: () => true, limit: maxBodyBytes }));
  router.use(async (request, response) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, String(value));
    }
    const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
    const path = request.url.replace(/^\//, '');
    const answer = await handle({ method: request.method, path, headers, body });
    response.status(answer.status).set(answer.headers);
    if (answer.body === undefined) response.end();
    else response.end(answer.body);
  });
  router.use(((error: { status?: number }, _request, response, next) => {
    if (response.headersSent) return next(error);
    const outcome =
      error.status === 413
        ? outcomeOf('content-too-large', 'The body is larger than this server takes.')
        : outcomeOf('invalid', 'The body cannot be read.');
    const { id: _id, ...shown } = outcome;
    response.status(error.status === 413 ? 413 : 400).set('content-type', 'application/fhir+json; charset=utf-8');
    response.end(JSON.stringify(shown));
  }) satisfies express.ErrorRequestHandler);
  return router;
}
