import { withoutTrailingSlash } from './base.ts';

export interface ParsedReference {
  /** Absolute base without trailing slash; absent for a relative reference. */
  readonly base?: string;
  readonly type: string;
  readonly id: string;
  readonly version?: string;
}

const pattern =
  /^(?:(https?:\/\/[^?#]+?)\/)?([A-Z][A-Za-z]{1,63})\/([A-Za-z0-9.-]{1,256})(?:\/_history\/([A-Za-z0-9.-]{1,64}))?$/;

/** A literal RESTful reference, or undefined for anything else (`#contained`, `urn:`, conditional, malformed). */
export function parseReference(reference: string | undefined): ParsedReference | undefined {
  const match = pattern.exec(reference ?? '');
  if (match === null || /^\.+$/.test(match[3] as string)) {
    return undefined;
  }
  const [, base, type, id, version] = match as unknown as [string, string | undefined, string, string, string?];
  return { ...(base === undefined ? {} : { base }), type, id, ...(version === undefined ? {} : { version }) };
}

/** Whether two references name the same resource, versions aside; relative ones are read against `base`. */
export function sameReference(one: string | undefined, other: string | undefined, base: string): boolean {
  const left = parseReference(one);
  const right = parseReference(other);
  if (left === undefined || right === undefined) {
    return false;
  }
  const home = withoutTrailingSlash(base);
  return left.type === right.type && left.id === right.id && (left.base ?? home) === (right.base ?? home);
}

/** How references to resources of the source are written into the store. Decided once for a pair of servers. */
export interface ReferenceForm {
  /** `Patient/1` as it stands in the store: unchanged when store and source are one server, else absolute. */
  toStore(reference: string): string;
  /** The form that the source itself uses: relative when it lies on the source. */
  toSource(reference: string): string;
}

export function referenceForm(servers: { readonly source: string; readonly store: string }): ReferenceForm {
  const source = withoutTrailingSlash(servers.source);
  const same = source === withoutTrailingSlash(servers.store);
  return {
    toStore: (reference) => {
      const parsed = parseReference(reference);
      return same || parsed === undefined || parsed.base !== undefined ? reference : `${source}/${reference}`;
    },
    toSource: (reference) =>
      parseReference(reference)?.base === source ? reference.slice(source.length + 1) : reference,
  };
}

/** A copy of a resource with every literal reference in it rewritten. */
export function mapReferences<T>(value: T, rewrite: (reference: string) => string): T {
  if (Array.isArray(value)) {
    return value.map((item) => mapReferences(item, rewrite)) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'reference' && typeof item === 'string' ? rewrite(item) : mapReferences(item, rewrite),
    ]),
  ) as T;
}

/** A copy in which every logical reference to a resource that a server now holds gets its literal one beside it. */
export function bindReferences<T>(value: T, ids: ReadonlyMap<string, string>): T {
  if (Array.isArray(value)) {
    return value.map((item) => bindReferences(item, ids)) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, bindReferences(item, ids)] as const);
  const { type, identifier, reference } = value as {
    type?: unknown;
    identifier?: { value?: string };
    reference?: unknown;
  };
  const known = typeof type === 'string' && reference === undefined ? ids.get(identifier?.value ?? '') : undefined;
  return Object.fromEntries(known?.startsWith(`${type}/`) ? [['reference', known], ...entries] : entries) as T;
}
