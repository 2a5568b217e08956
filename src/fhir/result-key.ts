import { createHash } from 'node:crypto';
import type { Identifier, Resource } from '@medplum/fhirtypes';
import { aiAsserted, identifierSystem } from './codes.ts';

/**
 * Names one result by what was read, not by who read it: a newer model updates the same result while it is preliminary.
 * Characters are [A-Za-z0-9.:-] only, since others need escaping in a search value or in the URL of If-None-Exist.
 */
export function resultKey(analysis: string, sourceIdentity: string, item: string): string {
  return `${resultSetKey(analysis, sourceIdentity)}:${keyPart(item)}`;
}

/** Names all results of one analysis of one source, so that what a later job did not confirm can be found. */
export function resultSetKey(analysis: string, sourceIdentity: string): string {
  return `${keyPart(analysis)}:${sourceIdentity.split(':').map(keyPart).join(':')}`;
}

/** Text as one part of a key. What had to be changed is told apart by a hash of the original. */
export function keyPart(text: string): string {
  const plain = text.normalize('NFKC').replace(/[^A-Za-z0-9.-]+/g, '-');
  return plain === text && text !== ''
    ? text
    : `${plain}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
}

/** `identifier=system|value` as a search value. */
export function token(system: string, value: string): string {
  return `${escapeSearch(system)}|${escapeSearch(value)}`;
}

/** Escapes a search value (R4 section 3.1.1.4.2.1). */
export function escapeSearch(text: string): string {
  return text.replace(/[\\$,|]/g, '\\$&');
}

/** A query string for If-None-Exist. */
export function conditionalQuery(parameters: readonly (readonly [string, string])[]): string {
  return parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

export function identifierOf(resource: object, system: string): string | undefined {
  const identifiers = (resource as { identifier?: Identifier | Identifier[] }).identifier ?? [];
  return (Array.isArray(identifiers) ? identifiers : [identifiers]).find((one) => one.system === system)?.value;
}

/** Written by Interval: carries a result key of ours. It stays so after a person has accepted it. */
export function isOurs(resource: Resource): boolean {
  return identifierOf(resource, identifierSystem.result) !== undefined;
}

export function isAiAsserted(resource: Resource): boolean {
  return (resource.meta?.security ?? []).some(
    (label) => label.system === aiAsserted.system && label.code === aiAsserted.code,
  );
}
