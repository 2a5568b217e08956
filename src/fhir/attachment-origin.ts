import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { IntervalError } from '../errors.ts';
import { isPrivateAddress } from '../private-address.ts';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const resolveByDns: Resolve = async (host) => (await lookup(host, { all: true })).map((entry) => entry.address);

/**
 * Whether an attachment's URL outside the FHIR server's origin may be fetched (never with a token). Listed are origins
 * (`https://files.example.org`) or origins with one leading wildcard label (`https://*.s3.amazonaws.com`). What is listed
 * exactly may be private; what a wildcard matches may not, and is resolved to make sure. The name may resolve to another
 * address a moment later: a list of exact origins is the stronger choice.
 */
export async function checkAttachmentOrigin(url: URL, allowed: readonly string[], resolve: Resolve): Promise<void> {
  if (url.username !== '' || url.password !== '' || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw untrusted('has user information or a scheme that is not fetched');
  }
  if (allowed.includes(url.origin)) {
    return;
  }
  const wildcard = allowed.some((entry) => matchesWildcard(url, entry));
  if (!wildcard) {
    throw untrusted('is on an origin that is not listed');
  }
  const addresses = await resolve(url.hostname).catch(() => []);
  if (addresses.length === 0) {
    throw new IntervalError('fhir-unavailable', 'The host of an attachment could not be resolved.');
  }
  if (addresses.some(isPrivateAddress)) {
    throw untrusted('is on a private address');
  }
}

function matchesWildcard(url: URL, entry: string): boolean {
  const match = /^(https?:)\/\/\*\.([a-z0-9.-]+)(?::(\d+))?$/.exec(entry);
  return (
    match !== null &&
    url.protocol === match[1] &&
    url.hostname.endsWith(`.${match[2]}`) &&
    url.port === (match[3] ?? '') &&
    isIP(url.hostname) === 0
  );
}

function untrusted(why: string): IntervalError {
  return new IntervalError('attachment-untrusted', `The attachment is not fetched: its address ${why}.`);
}
