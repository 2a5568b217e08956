import type { RequestHandler } from 'express';
import { asIntervalError, IntervalError } from './errors.ts';

/** Answers the methods that an address does not have with 405 and those that it has. */
export function notAllowed(methods: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', methods);
    throw new IntervalError('method-not-allowed', `This endpoint answers ${methods}.`);
  };
}

/**
 * What Express and its body parsers throw carries a status of 4xx; their messages may quote the request and are not passed
 * on. Everything else is what `asIntervalError` makes of it.
 */
export function asHttpError(thrown: unknown): IntervalError {
  const { status, type } = (thrown ?? {}) as { status?: unknown; type?: unknown };
  if (thrown instanceof IntervalError || typeof status !== 'number' || status < 400 || status > 499) {
    return asIntervalError(thrown);
  }
  if (status === 413) {
    return new IntervalError('request-too-large', 'The body is larger than this service accepts.');
  }
  if (status === 415) {
    return new IntervalError('media-type-unsupported', 'The body’s encoding or character set is not supported.');
  }
  return new IntervalError(
    'request-malformed',
    type === 'entity.parse.failed' ? 'The body is not valid JSON.' : 'The request could not be read.',
  );
}
