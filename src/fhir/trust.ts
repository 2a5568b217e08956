import { domainToASCII } from 'node:url';
import { isLoopbackHost } from '../loopback.ts';
import { isInsideBase, withoutTrailingSlash } from './base.ts';

export type Trust =
  | {
      readonly trusted: true;
      /** The URL as it may be used: normalised, without trailing slash. */
      readonly base: string;
      /** The entry of the list that it matched. */
      readonly entry: string;
    }
  | { readonly trusted: false; readonly reason: string };

/**
 * Whether the `fhirServer` of a hook request is ours to talk to: its origin equals that of a listed base and its path is
 * the listed path or below it, both after URL parsing. Whatever parses into something other than what was written is
 * refused rather than repaired. Pure: no name is resolved, since the list names servers exactly.
 */
export function trustedServer(
  fhirServer: unknown,
  options: { readonly listed: readonly string[]; readonly development?: boolean },
): Trust {
  const url = plainUrl(fhirServer);
  if (typeof url === 'string') {
    return { trusted: false, reason: url };
  }
  if (url.protocol !== 'https:' && !(options.development === true && isLoopbackHost(url.hostname))) {
    return { trusted: false, reason: 'is not https' };
  }
  const entry = options.listed.find((listed) => {
    const base = URL.parse(listed);
    return base !== null && isInsideBase(url, base);
  });
  return entry === undefined
    ? { trusted: false, reason: 'is not listed' }
    : { trusted: true, base: withoutTrailingSlash(url.href), entry };
}

/** The parsed URL, or why it is refused. Reasons never repeat the URL: it may be long, or hold credentials. */
function plainUrl(text: unknown): URL | string {
  if (typeof text !== 'string' || text.length > 2048) {
    return 'is not a URL';
  }
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'is not an http or https URL';
  }
  // The parser drops or rewrites these; what a person reads is then not where the request goes.
  const written = /^(https?):\/\/([^/?#]*)([^?#]*)$/.exec(text);
  if (written === null) {
    return 'has a query, a fragment, or other characters that a base URL does not have';
  }
  const [, , authority, path] = written as unknown as [string, string, string, string];
  if (authority.includes('@')) {
    return 'has user information';
  }
  if (authority.includes('[')) {
    return 'has an IPv6 literal';
  }
  if (/[^\x21-\x7e]/.test(text) || domainToASCII(url.hostname) !== url.hostname || /(^|\.)xn--/.test(url.hostname)) {
    return 'has characters outside ASCII';
  }
  if (url.hostname.endsWith('.')) {
    return 'has a trailing dot';
  }
  // Also decimal and hexadecimal addresses, and a default port written out.
  if (authority.toLowerCase() !== url.host) {
    return 'has a host that is not written plainly';
  }
  if (/%|\\|\/\/|(^|\/)\.{1,2}(\/|$)/.test(path)) {
    return 'has a path that is not written plainly';
  }
  return url;
}
