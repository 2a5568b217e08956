import express, {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { asIntervalError, type ErrorCode, IntervalError } from '../errors.ts';
import { asHttpError, notAllowed } from '../http-refusals.ts';
import { type Hint, readNotification } from './notification.ts';
import { isProved, type Proof, showsProof } from './verify.ts';
import { isWatched, type WatchedType } from './watched.ts';

export interface ArrivalOptions {
  /** Absent in development mode without a secret, which answers this machine alone. */
  readonly proof?: Proof;
  readonly bodyBytes: number;
  /** Takes note, without waiting. Throws `queue-full` when there is no room: the sender tries again. */
  readonly arrived: (hint: Hint) => void;
  readonly onAnswered: (answered: {
    /** Absent where it was refused: anything may stand in its place then. */
    readonly type?: WatchedType;
    readonly status: number;
    readonly code?: ErrorCode;
    readonly count: number;
    readonly requestId: string | undefined;
  }) => void;
}

/** Where FHIR servers say that something has arrived. The only file here that knows Express. */
export function subscriptionsRouter(options: ArrivalOptions): Router {
  const raw = express.raw({ type: () => true, limit: options.bodyBytes, inflate: false });
  const header = (request: Request) => (name: string) => request.get(name);

  const known: RequestHandler = (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    if (!isWatched(request.params.type)) {
      throw new IntervalError('not-found', 'There is no Subscription for this type.');
    }
    next();
  };

  /** Before the body is read: nobody fills our memory without at least pretending. */
  const shown: RequestHandler = (request, _response, next) => {
    if (options.proof !== undefined && !showsProof(header(request), options.proof)) {
      throw notShown();
    }
    next();
  };

  const read: RequestHandler = (request, response, next) => {
    raw(request, response, (error) => next(error === undefined ? undefined : asHttpError(error)));
  };

  const take = (request: Request, response: Response) => {
    const body: Uint8Array = Buffer.isBuffer(request.body) ? request.body : new Uint8Array();
    if (options.proof !== undefined && !isProved(header(request), body, options.proof)) {
      throw notShown();
    }
    const { type, resource, id } = request.params as { type: WatchedType; resource?: string; id?: string };
    const deleted = request.get('x-medplum-deleted-resource');
    const hint = readNotification({
      type,
      ...(resource === undefined ? {} : { named: [resource, id ?? ''] as const }),
      ...(deleted === undefined ? {} : { deleted }),
      body,
    });
    options.arrived(hint);
    response.status(202).end();
    options.onAnswered({ type, status: 202, count: hint.references.length, requestId: idOf(request) });
  };

  const fail: ErrorRequestHandler = (thrown, request, _response, next) => {
    const error = asIntervalError(thrown);
    options.onAnswered({ status: error.status, code: error.code, count: 0, requestId: idOf(request) });
    next(error);
  };

  const router = express.Router();
  router
    .route('/subscriptions/:type')
    .all(known)
    // Some servers look whether there is anybody before they send.
    .get((_request, response) => {
      response.json({ status: 'listening' });
    })
    .post(shown, read, take)
    .all(notAllowed('GET, POST'));
  router
    .route('/subscriptions/:type/:resource/:id')
    .all(known)
    .put(shown, read, take)
    .delete(shown, read, take)
    .all(notAllowed('PUT, DELETE'));
  router.use('/subscriptions', fail);
  return router;
}

const idOf = (request: Request) => request.get('x-request-id');

const notShown = () => new IntervalError('unauthenticated', 'The sender has not shown who it is.');
