import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { IntervalError } from '../errors.ts';

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

/**
 * Loopback, private, link-local, shared, multicast and reserved ranges (IANA special-purpose registries). A BlockList
 * checks IPv4-mapped IPv6 addresses against the IPv4 ranges by itself.
 */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  return family === 0 || privateRanges.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

const privateRanges = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  privateRanges.addSubnet(net, prefix, 'ipv4');
}
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateRanges.addSubnet(net, prefix, 'ipv6');
}
