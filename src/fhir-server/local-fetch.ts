import { CHECKED_HEADER } from '../fhir/checked.ts';
import type { HttpRequest } from './http.ts';
import type { HttpAnswer } from './http-answer.ts';

/** Answers URLs below `base` without a socket, as they are answered over HTTP. */
export function localFetch(base: string, handle: (request: HttpRequest) => Promise<HttpAnswer>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const path = pathBelow(base, request.url);
    if (path === undefined) {
      throw new TypeError('The embedded FHIR server answers URLs below its base only.');
    }
    request.signal.throwIfAborted();
    const body = new Uint8Array(await request.arrayBuffer());
    const { method, headers } = request;
    const checked = headers.has(CHECKED_HEADER);
    const answer = await handle({ method, path, headers, body, checked });
    return new Response((answer.body ?? null) as BodyInit | null, {
      status: answer.status,
      headers: { ...answer.headers },
    });
  };
}

function pathBelow(base: string, url: string): string | undefined {
  if (!url.startsWith(base) || !['', '/', '?'].includes(url.charAt(base.length))) {
    return undefined;
  }
  const [path = ''] = url.slice(base.length).split('#');
  return path.replace(/^\//, '');
}
