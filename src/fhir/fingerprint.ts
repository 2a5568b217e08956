import { createHash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { codeSystem } from './codes.ts';

/** Left out: what servers set or rewrite (ids, meta, narrative, references) and the moment of writing. */
const ignored = new Set(['id', 'meta', 'text', 'issued', 'recorded', 'createdDateTime', 'reference']);

/**
 * Hash of what a resource says. Written on `meta.tag`; when it no longer agrees with the resource that carries it,
 * somebody else has changed that resource, and it is not ours to update any more.
 */
export function fingerprint(resource: Resource): string {
  return createHash('sha256').update(canonical(resource)).digest('hex').slice(0, 32);
}

export function withFingerprint<T extends Resource>(resource: T): T {
  const tag = [{ system: codeSystem.fingerprint, code: fingerprint(resource) }];
  return { ...resource, meta: { ...resource.meta, tag } };
}

/**
 * Whether the resource says what we wrote. Servers may carry tags of earlier versions forward (HAPI does, as the
 * specification allows), so the resource may have several fingerprints of ours.
 */
export function isUntouched(resource: Resource): boolean {
  const own = fingerprint(resource);
  return (resource.meta?.tag ?? []).some((tag) => tag.system === codeSystem.fingerprint && tag.code === own);
}

/** JSON with sorted keys; an attachment's address (a Binary of this or that server) is left out with the references. */
function canonical(value: unknown, at = ''): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonical(item, at)).join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) {
    return JSON.stringify(value);
  }
  const keys = Object.keys(value)
    .filter((key) => !ignored.has(key) && !(at === 'content' && key === 'url'))
    .sort();
  const members = keys.map(
    (key) => `${JSON.stringify(key)}:${canonical((value as Record<string, unknown>)[key], key)}`,
  );
  return `{${members.join(',')}}`;
}
