/** Origins whose pages may call, e.g. a browser EHR; `*` for any. No cookies are ever used. */
export interface CorsPolicy {
  readonly origins: readonly string[];
}

/** Headers that let a page of this origin read the answer; none when it may not. */
export function corsHeaders(origin: string | undefined, { origins }: CorsPolicy): Readonly<Record<string, string>> {
  if (origins.length === 0) {
    return {};
  }
  const any = origins.includes('*');
  if (origin === undefined || !(any || origins.includes(origin))) {
    return { Vary: 'Origin' };
  }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': any ? '*' : origin,
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': 'authorization, content-type, accept, x-request-id',
    'Access-Control-Expose-Headers': 'x-request-id',
    'Access-Control-Max-Age': '600',
  };
}

/** Whether a page of this origin may call; a call without origin comes from no page, and our own page may always. */
export function mayCall(
  { origin, host }: { readonly origin: string | undefined; readonly host: string | undefined },
  { origins }: CorsPolicy,
): boolean {
  return (
    origin === undefined ||
    origins.includes('*') ||
    origins.includes(origin) ||
    (URL.canParse(origin) && new URL(origin).host === host)
  );
}
