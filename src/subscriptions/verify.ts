import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How a sender proves that it is the server that was subscribed to. */
export interface Proof {
  readonly secret: string;
  /** Header that carries the secret, for servers that do not sign; absent: the signature alone counts. */
  readonly header?: string;
}

/** Header by its name in any case; the first where there are several. */
export type HeaderOf = (name: string) => string | undefined;

/** Whether there is anything to check: what shows nothing is refused before its body is read. */
export function showsProof(header: HeaderOf, proof: Proof): boolean {
  const signature = header('x-signature');
  return signature === undefined ? headerFits(header, proof) : /^[0-9a-f]{64}$/i.test(signature);
}

/**
 * Medplum's X-Signature, the HMAC-SHA256 of the very bytes in hexadecimal, or the configured header. A signature that is
 * there must be right, whatever else there is.
 */
export function isProved(header: HeaderOf, body: Uint8Array, proof: Proof): boolean {
  const signature = header('x-signature');
  return signature === undefined
    ? headerFits(header, proof)
    : sameText(signature.toLowerCase(), createHmac('sha256', proof.secret).update(body).digest('hex'));
}

function headerFits(header: HeaderOf, proof: Proof): boolean {
  return proof.header !== undefined && sameText(header(proof.header) ?? '', headerValueOf(proof.header, proof.secret));
}

/** The value of the header: a bearer token in Authorization, the secret itself in one of the site's own. */
export function headerValueOf(header: string, secret: string): string {
  return header.toLowerCase() === 'authorization' ? `Bearer ${secret}` : secret;
}

/** Digests, so that the time it takes tells nothing of the expected text, not even its length. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
