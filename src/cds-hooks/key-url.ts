import { lookup as dnsLookup } from 'node:dns';
import { get as getPlain } from 'node:http';
import { get } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { IntervalError } from '../errors.ts';
import { isPrivateAddress } from '../private-address.ts';

export interface KeyUrlOptions {
  /** Whether private addresses may be reached, and loopback by plain http. */
  readonly privateNetwork: boolean;
  readonly timeoutMs?: number;
  readonly lookup?: LookupFunction;
}

/** Of a key set; real ones have a few keys of about 1 KiB. */
const MAX_BYTES = 256 * 1024;

/** Why keys are not fetched from this URL, whoever names it; undefined when they may be. */
export function checkKeyUrl(
  text: string,
  { privateNetwork }: Pick<KeyUrlOptions, 'privateNetwork'>,
): string | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'is not a plain URL';
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && privateNetwork && loopback)) {
    return 'is not https';
  }
  if (!privateNetwork && (host === 'localhost' || (isIP(host) !== 0 && isPrivateAddress(host)))) {
    return 'is on a private address, which needs privateNetwork';
  }
  return undefined;
}

/**
 * The JSON at a key URL (J8, J9). Nothing is followed, redirects included; the address is checked as it is used, so a name
 * cannot resolve to one address for the check and to another for the connection. Throws `fhir-*`-free, uncoded errors:
 * whoever verifies a JWT says no more than 401.
 */
export async function fetchKeys(text: string, options: KeyUrlOptions): Promise<unknown> {
  const why = checkKeyUrl(text, options);
  if (why !== undefined) {
    throw new Error(`The key URL ${why}.`);
  }
  const { timeoutMs = 3000 } = options;
  const url = new URL(text);
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const request = (url.protocol === 'https:' ? get : getPlain)(
    url,
    {
      headers: { accept: 'application/jwk-set+json, application/json' },
      agent: false,
      lookup: options.privateNetwork ? (options.lookup ?? dnsLookup) : publicOnly(options.lookup ?? dnsLookup),
      signal: AbortSignal.timeout(timeoutMs),
    },
    (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        reject(new Error(`The key URL answered ${response.statusCode}.`));
        return;
      }
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.byteLength;
        if (length > MAX_BYTES) {
          response.destroy(new Error('The key URL answered with more than a key set.'));
        }
        chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => resolve(parse(Buffer.concat(chunks))));
    },
  );
  request.on('error', reject);
  return promise;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A name that leads to any private address is not connected to at all. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const found = Array.isArray(addresses) ? addresses : [];
      const first = found[0];
      if (error !== null || first === undefined) {
        callback(error ?? new IntervalError('internal', 'The name has no address.'), '', 4);
      } else if (found.some(({ address }) => isPrivateAddress(address))) {
        callback(new IntervalError('internal', 'The name leads to a private address.'), '', 4);
      } else if (options.all) {
        callback(null, found);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
