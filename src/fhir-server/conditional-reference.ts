import type { Resource } from '@medplum/fhirtypes';
import { refuse } from './refusal.ts';

/**
 * Replaces `Patient?identifier=…` by the one resource that it means. R4 speaks of it for transactions; it is the same
 * convenience for a single write. https://hl7.org/fhir/R4/http.html#transaction
 */
export function resolveConditionalReferences<T extends Resource>(
  resource: T,
  find: (type: string, criteria: string) => { id: string } | undefined,
): T {
  return rewriteReferences(resource, (reference) => {
    const match = /^([A-Z][A-Za-z]+)\?(.+)$/s.exec(reference);
    if (!match) {
      return reference;
    }
    const [, type = '', criteria = ''] = match;
    const found = find(type, criteria);
    if (!found) {
      throw refuse('precondition-failed', `A conditional reference to ${type} matches nothing.`);
    }
    return `${type}/${found.id}`;
  });
}

/** The resource with every `reference` member passed through; the same object when none changed. */
export function rewriteReferences<T>(value: T, rewrite: (reference: string) => string): T {
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((item) => {
      const next = rewriteReferences(item, rewrite);
      changed ||= next !== item;
      return next;
    });
    return changed ? (items as T) : value;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  let result: Record<string, unknown> | undefined;
  for (const [key, member] of Object.entries(value)) {
    const next =
      key === 'reference' && typeof member === 'string'
        ? rewrite(member)
        : rewriteReferences(member as unknown, rewrite);
    if (next !== member) {
      result = { ...(result ?? value), [key]: next };
    }
  }
  return (result ?? value) as T;
}
