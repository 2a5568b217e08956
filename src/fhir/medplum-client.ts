import { ClientStorage, MedplumClient, MemoryStorage } from '@medplum/core';
import type { Binary, Bundle, BundleEntry, CapabilityStatement, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { contentOf, resourceOf, toResponse } from './answer-content.ts';
import { checkAttachmentOrigin, type Resolve, resolveByDns } from './attachment-origin.ts';
import { isInsideBase, withoutTrailingSlash } from './base.ts';
import { CHECKED_HEADER } from './checked.ts';
import type { CallOptions, FhirClient, SearchOptions } from './client.ts';
import type { Answer } from './failure.ts';
import { nextPage } from './paging.ts';
import { type Fetch, send, type TokenSource, type TransportOptions } from './transport.ts';

export interface FhirClientOptions {
  /** Base URL of the server, with or without trailing slash. */
  readonly base: string;
  readonly fetch?: Fetch;
  readonly token?: TokenSource;
  /** For one request, its body included. */
  readonly timeoutMs?: number;
  /** Of one answer. */
  readonly maxBytes?: number;
  /** Origins other than the server's own from which attachments may be fetched; see attachment-origin.ts. */
  readonly allowedAttachmentOrigins?: readonly string[];
  /** Repeats of a GET whose connection broke. */
  readonly retry?: number;
  readonly resolve?: Resolve;
  readonly clock?: () => number;
}

/** A FhirClient over MedplumClient, for any FHIR R4 server. Every failure is an IntervalError with a `fhir-*` code. */
export function createFhirClient(options: FhirClientOptions): FhirClient {
  const base = withoutTrailingSlash(options.base);
  const baseUrl = new URL(base);
  const resolve = options.resolve ?? resolveByDns;
  const allowed = options.allowedAttachmentOrigins ?? [];
  const transport: TransportOptions = {
    fetch: options.fetch ?? globalThis.fetch,
    ...(options.token === undefined ? {} : { token: options.token }),
    timeoutMs: options.timeoutMs ?? 15_000,
    maxBytes: options.maxBytes ?? 64 * 1024 * 1024,
    retry: options.retry ?? 1,
    clock: options.clock ?? Date.now,
  };

  /** A MedplumClient for one call (constructing one costs 0.05 ms), so that its answer's status and headers are known. */
  function forCall(label: string, call: CallOptions, headers: Readonly<Record<string, string>> = {}) {
    let answer: Answer | undefined;
    const medplum = new MedplumClient({
      baseUrl: `${baseUrl.origin}/`,
      fhirUrlPath: `${base}/`,
      extendedMode: false,
      cacheTime: 0,
      maxRetries: 0,
      storage: new ClientStorage(new MemoryStorage()),
      fetch: async (url: string, init: RequestInit) => {
        const all = new Headers(init.headers);
        for (const [name, value] of Object.entries(headers)) {
          all.set(name, value);
        }
        answer = await send(
          { ...call, url, label, method: init.method ?? 'GET', headers: all, body: init.body, authorize: true },
          transport,
        );
        return toResponse(answer, label);
      },
    });
    return { medplum, answer: () => answer as Answer };
  }

  async function read<T extends Resource>(type: T['resourceType'], id: string, call: CallOptions = {}): Promise<T> {
    const label = `GET ${type}`;
    const { medplum } = forCall(label, call);
    return resourceOf<T>(await medplum.get(`${base}/${type}/${pathPart(id)}`), type, label);
  }

  /** The resource that a write answered with; servers may answer with its Location alone. */
  async function written<T extends Resource>(
    body: unknown,
    answer: Answer,
    type: T['resourceType'],
    call: CallOptions,
  ) {
    if (body === undefined || body === '') {
      const location = answer.headers.get('location') ?? answer.headers.get('content-location');
      const id =
        location === null ? undefined : new RegExp(`${type}/([A-Za-z0-9.-]+)(/_history/|$)`).exec(location)?.[1];
      if (id !== undefined) {
        return read<T>(type, id, call);
      }
    }
    return resourceOf<T>(body, type, `write of ${type}`);
  }

  return {
    base,
    read,

    async search<T extends Resource>(
      type: T['resourceType'],
      query: Readonly<Record<string, string | readonly string[]>>,
      call: SearchOptions = {},
    ): Promise<readonly T[]> {
      const { maxResources = 1000, maxPages = 20, ...request } = call;
      const label = `search of ${type}`;
      const { medplum } = forCall(label, request);
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) {
        for (const one of typeof value === 'string' ? [value] : value) {
          parameters.append(name, one);
        }
      }
      const found: T[] = [];
      const seen = new Set<string>();
      let next: string | undefined = `${base}/${type}?${parameters}`;
      while (next !== undefined && seen.size < maxPages && found.length < maxResources) {
        seen.add(next);
        const bundle: Bundle = resourceOf<Bundle>(await medplum.get(next), 'Bundle', label);
        for (const entry of entriesOf(bundle, label)) {
          if (entry?.search?.mode !== 'outcome' && entry?.resource?.resourceType !== undefined) {
            found.push(entry.resource as T);
          }
        }
        next = nextPage(bundle, baseUrl, seen);
      }
      return found.slice(0, maxResources);
    },

    async create<T extends Resource>(resource: T, call: CallOptions = {}): Promise<T> {
      const { medplum, answer } = forCall(`POST ${resource.resourceType}`, call, preferRepresentation);
      return written<T>(await medplum.createResource(resource), answer(), resource.resourceType, call);
    },

    async createAll(entries, { checked = false, ...call } = {}) {
      const { medplum } = forCall('POST transaction', call, {
        Prefer: 'return=minimal',
        ...(checked ? { [CHECKED_HEADER]: 'form' } : {}),
      });
      await medplum.post(base, {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: entries.map(({ fullUrl, resource }) => ({
          fullUrl,
          resource,
          request: { method: 'POST', url: resource.resourceType },
        })),
      } satisfies Bundle);
    },

    async createIfNoneExist<T extends Resource>(resource: T, query: string, call: CallOptions = {}) {
      const { medplum, answer } = forCall(`POST ${resource.resourceType}`, call, preferRepresentation);
      const body = await medplum.createResourceIfNoneExist(resource, query);
      const created = answer().status === 201;
      return { resource: await written<T>(body, answer(), resource.resourceType, call), created };
    },

    async update<T extends Resource>(resource: T & { id: string }, call: CallOptions & { ifMatch?: string } = {}) {
      const { ifMatch, ...request } = call;
      const condition: Record<string, string> = ifMatch === undefined ? {} : { 'If-Match': `W/"${ifMatch}"` };
      const { medplum, answer } = forCall(`PUT ${resource.resourceType}`, request, {
        ...preferRepresentation,
        ...condition,
      });
      const url = `${base}/${resource.resourceType}/${pathPart(resource.id)}`;
      return written<T>(await medplum.put(url, resource), answer(), resource.resourceType, request);
    },

    async binary(url: string, call: CallOptions & { maxBytes?: number } = {}) {
      const { maxBytes = transport.maxBytes, ...request } = call;
      const target = attachmentUrl(url, base);
      const own = isInsideBase(target, baseUrl);
      if (!own && target.origin !== baseUrl.origin) {
        await checkAttachmentOrigin(target, allowed, resolve);
      }
      const headers = new Headers({ Accept: 'application/octet-stream, */*;q=0.9' });
      const answer = await send(
        {
          ...request,
          url: target.href,
          label: 'GET attachment',
          method: 'GET',
          headers,
          authorize: own,
          // Room for base64 and its envelope, should a FHIR Binary come; its content is measured below.
          maxBytes: Math.ceil(maxBytes * 1.4) + 4096,
        },
        transport,
      );
      const content = contentOf(answer);
      if (content.bytes.byteLength > maxBytes) {
        throw new IntervalError('fhir-too-large', `The attachment is larger than ${maxBytes} bytes.`);
      }
      return content;
    },

    async createBinary(bytes: Uint8Array, contentType: string, call: CallOptions = {}) {
      const binary = await postBinary(bytes, contentType, call);
      return { url: `Binary/${binary.id}`, id: binary.id as string };
    },

    async capabilities(call: CallOptions = {}): Promise<CapabilityStatement> {
      const { medplum } = forCall('GET metadata', call);
      return resourceOf(await medplum.get(`${base}/metadata`), 'CapabilityStatement', 'GET metadata', false);
    },
  };

  async function postBinary(bytes: Uint8Array, contentType: string, call: CallOptions): Promise<Binary> {
    const raw = forCall('POST Binary', call, { ...preferRepresentation, 'Content-Type': contentType });
    try {
      return await written<Binary>(await raw.medplum.post(`${base}/Binary`, bytes), raw.answer(), 'Binary', call);
    } catch (error) {
      // Raw content is the specification's first form; some servers take only the resource.
      if (!(error instanceof IntervalError) || error.code !== 'fhir-rejected') {
        throw error;
      }
    }
    const { medplum, answer } = forCall('POST Binary', call, preferRepresentation);
    const resource: Binary = { resourceType: 'Binary', contentType, data: Buffer.from(bytes).toString('base64') };
    return written<Binary>(await medplum.createResource(resource), answer(), 'Binary', call);
  }
}

const preferRepresentation = { Prefer: 'return=representation' } as const;

function entriesOf({ entry = [] }: Bundle, label: string): readonly (BundleEntry | null)[] {
  if (!Array.isArray(entry)) {
    throw new IntervalError('fhir-bad-answer', `The FHIR server answered ${label} with a Bundle without a list.`);
  }
  return entry;
}

/** Ids of foreign servers may be longer than FHIR's 64 characters; none may leave its place in the path. */
function pathPart(id: string): string {
  if (!/^[A-Za-z0-9.-]{1,256}$/.test(id) || /^\.+$/.test(id)) {
    throw new IntervalError('fhir-not-found', 'The id is not a FHIR id.');
  }
  return id;
}

function attachmentUrl(url: string, base: string): URL {
  const parsed = URL.parse(url, `${base}/`);
  if (parsed === null) {
    throw new IntervalError('attachment-untrusted', 'The attachment has no usable address.');
  }
  return parsed;
}
