import type { Request, RequestHandler, Response } from 'express';
import { IntervalError } from '../errors.ts';

/** JSON that is never kept by a browser or a proxy: it is about patients. */
export function answer(make: (request: Request, signal: AbortSignal) => Promise<unknown>): RequestHandler {
  return async (request, response) => {
    const body = await make(request, untilClosed(response));
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }).json(body);
  };
}

export function picture(
  make: (request: Request, signal: AbortSignal, response: Response) => Promise<Uint8Array>,
): RequestHandler {
  return async (request, response) => {
    const png = await make(request, untilClosed(response), response);
    response.set({
      'Content-Type': 'image/png',
      'Cache-Control': 'private, max-age=60',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    });
    response.send(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  };
}

/** Aborted when the browser goes away, so that nobody renders for nobody. */
function untilClosed(response: Response): AbortSignal {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  return controller.signal;
}

export function isId(text: string): boolean {
  return /^[A-Za-z0-9.-]{1,64}$/.test(text);
}

/** An id from the address. Throws `not-found` for what cannot be one. */
export function idOf(request: Request, name: string): string {
  const id = String(request.params[name]);
  if (!isId(id)) {
    throw new IntervalError('not-found', 'There is nothing under this address.');
  }
  return id;
}
