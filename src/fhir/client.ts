import type { CapabilityStatement, Resource, ResourceType } from '@medplum/fhirtypes';

/** A FHIR R4 server as Interval uses it, whoever made it. Implemented in this folder over MedplumClient. */
export interface FhirClient {
  /** Base URL without trailing slash. */
  readonly base: string;
  /** Throws `fhir-not-found`, `fhir-gone`, `fhir-unauthorized`, … */
  read<T extends Resource>(type: T['resourceType'], id: string, options?: CallOptions): Promise<T>;
  /** Follows `next` links of the same origin and base up to the caps. Included resources come along. */
  search<T extends Resource>(
    type: T['resourceType'],
    query: Readonly<Record<string, string | readonly string[]>>,
    options?: SearchOptions,
  ): Promise<readonly T[]>;
  create<T extends Resource>(resource: T, options?: CallOptions): Promise<T>;
  /** All of them or none, as one transaction. Nothing is given back: they may name each other by `fullUrl`, a `urn:uuid`. */
  createAll(entries: readonly NewEntry[], options?: CallOptions & CheckedOption): Promise<void>;
  /** Conditional create by a search query such as `identifier=system|value`. `created` is false when it was there. */
  createIfNoneExist<T extends Resource>(
    resource: T,
    query: string,
    options?: CallOptions,
  ): Promise<{ readonly resource: T; readonly created: boolean }>;
  /** PUT with If-Match when a version is given; 412 becomes `fhir-conflict`. */
  update<T extends Resource>(
    resource: T & { id: string },
    options?: CallOptions & { readonly ifMatch?: string },
  ): Promise<T>;
  /** Bytes of a Binary or of an attachment URL; a token goes to this base only, other origins are refused unless listed. */
  binary(
    url: string,
    options?: CallOptions & { readonly maxBytes?: number },
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string }>;
  createBinary(
    bytes: Uint8Array,
    contentType: string,
    options?: CallOptions,
  ): Promise<{ readonly url: string; readonly id: string }>;
  capabilities(options?: CallOptions): Promise<CapabilityStatement>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface NewEntry {
  readonly fullUrl: string;
  readonly resource: Resource;
}

export interface CheckedOption {
  /** The form of what is written was checked: the embedded server does not check it again. */
  readonly checked?: boolean;
}

export interface SearchOptions extends CallOptions {
  /** Stop after so many resources (default 1000) or pages (default 20). */
  readonly maxResources?: number;
  readonly maxPages?: number;
}

export type { ResourceType };
