import { setTimeout as sleep } from 'node:timers/promises';
import { IntervalError } from '../../errors.ts';
import { failureOf, fileOf, type HubFile } from './hub-answer.ts';
import { isModelId } from './paths.ts';

/** A Hugging Face hub, its mirror, or a server that plays one in a test. */
export interface HubOptions {
  readonly endpoint: string;
  /** Sent to the endpoint's own origin and nowhere else. */
  readonly token?: string;
  readonly fetch: typeof fetch;
  readonly signal?: AbortSignal;
  /** Waits between attempts, in milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export interface HubModel {
  readonly id: string;
  /** Commit, 40 hexadecimal digits. */
  readonly revision: string;
  readonly gated: boolean;
  readonly licence?: string;
  readonly licenceName?: string;
  readonly licenceUrl?: string;
  /** Where people read about it and accept its terms. */
  readonly page: string;
}

export interface Hub {
  /** `GET /api/models/{id}/revision/{revision}`: a branch or tag becomes a commit. */
  model(id: string, revision: string): Promise<HubModel>;
  /** `GET /api/models/{id}/tree/{commit}?recursive=true`, all pages. */
  files(model: HubModel): Promise<readonly HubFile[]>;
  /** `GET /{id}/resolve/{commit}/{path}` from byte `from` on: 200, 206 or 416. One attempt. */
  open(model: HubModel, path: string, from: number): Promise<Response>;
  /** Again and again while the error may pass and nothing moves on. `moved` says whether the last attempt did. */
  patiently<T>(attempt: () => Promise<T>, moved?: () => boolean): Promise<T>;
}

const ATTEMPTS = 5;
const REDIRECTS = 5;
const LONGEST_WAIT_MS = 60_000;

export function createHub(options: HubOptions): Hub {
  const { token, signal, wait = (milliseconds) => sleep(milliseconds, undefined, { signal }) } = options;
  const endpoint = options.endpoint.replace(/\/+$/, '');
  const base = checkedEndpoint(endpoint);

  /** Redirects are followed by hand: large files lie with another host, which must not see the token. */
  async function get(url: string, label: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    let at = new URL(url);
    let own = at.origin === base.origin;
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const response = await attempt(at, label, {
        // Bytes as they are: ranges and sizes speak of the file, not of a compressed form of it.
        'accept-encoding': 'identity',
        ...headers,
        ...(own && token ? { authorization: `Bearer ${token}` } : {}),
      });
      if (response.status < 300 || response.status > 399 || response.status === 304) {
        return response;
      }
      await response.body?.cancel();
      const next = URL.parse(response.headers.get('location') ?? '', at);
      if (!next || (next.protocol !== 'https:' && next.protocol !== at.protocol)) {
        throw new IntervalError('model-bad-answer', `The hub redirected ${label} to where it cannot be followed.`);
      }
      own &&= next.origin === base.origin;
      at = next;
    }
    throw new IntervalError('model-bad-answer', `The hub redirected ${label} more than ${REDIRECTS} times.`);
  }

  async function attempt(url: URL, label: string, headers: Record<string, string>): Promise<Response> {
    signal?.throwIfAborted();
    try {
      return await options.fetch(url, { headers, redirect: 'manual', signal: signal ?? null });
    } catch (cause) {
      signal?.throwIfAborted();
      throw new IntervalError('model-unavailable', `The hub could not be reached for ${label}.`, { cause });
    }
  }

  async function patiently<T>(work: () => Promise<T>, moved: () => boolean = () => false): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await work();
      } catch (thrown) {
        const again = thrown instanceof IntervalError && thrown.retry && !signal?.aborted;
        failures = moved() ? 1 : failures;
        if (!again || failures >= ATTEMPTS) {
          throw thrown;
        }
        await wait(Math.min(thrown.retryAfterMs ?? 1000 * 2 ** (failures - 1), LONGEST_WAIT_MS)).catch(() => undefined);
        signal?.throwIfAborted();
      }
    }
  }

  const json = (url: string, id: string, label: string) =>
    patiently(async () => {
      const response = await get(url, label, { accept: 'application/json' });
      if (!response.ok) {
        throw await failureOf(response, id, label, endpoint);
      }
      try {
        return { body: (await response.json()) as unknown, link: response.headers.get('link') };
      } catch (cause) {
        signal?.throwIfAborted();
        throw new IntervalError('model-bad-answer', `The hub’s answer for ${label} is not JSON.`, { cause });
      }
    });

  return {
    patiently,
    async model(id, revision) {
      if (!isModelId(id)) {
        throw new IntervalError('model-not-found', 'A model’s id is written owner/name.');
      }
      const { body } = await json(`${endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}`, id, id);
      const info = body as { sha?: unknown; gated?: unknown; cardData?: Record<string, unknown> | null } | null;
      const commit = info?.sha;
      if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) {
        throw new IntervalError('model-bad-answer', `The hub names no commit for ${id}.`);
      }
      if (/^[0-9a-f]{40}$/.test(revision) && revision !== commit) {
        throw new IntervalError(
          'model-bad-answer',
          `The hub answered with another revision of ${id} than was asked for.`,
        );
      }
      const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
      const card = info?.cardData ?? {};
      return {
        id,
        revision: commit,
        // false, or how access is granted: "auto" or "manual".
        gated: info?.gated !== undefined && info.gated !== false,
        licence: text(card.license),
        licenceName: text(card.license_name),
        licenceUrl: text(card.license_link),
        page: `${endpoint}/${id}`,
      };
    },
    async files({ id, revision }) {
      const files: HubFile[] = [];
      let url: string | undefined = `${endpoint}/api/models/${id}/tree/${revision}?recursive=true`;
      while (url) {
        const { body, link }: { body: unknown; link: string | null } = await json(url, id, `the files of ${id}`);
        if (!Array.isArray(body)) {
          throw new IntervalError('model-bad-answer', `The hub’s list of files of ${id} is no list.`);
        }
        files.push(...body.filter((entry) => entry?.type === 'file').map((entry) => fileOf(entry, id)));
        const next = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
        url = next && new URL(next, url).href;
      }
      return files;
    },
    async open({ id, revision }, path, from) {
      const steps = path.split('/').map(encodeURIComponent).join('/');
      const response = await get(
        `${endpoint}/${id}/resolve/${revision}/${steps}`,
        path,
        from > 0 ? { range: `bytes=${from}-` } : {},
      );
      if (response.ok || response.status === 416) {
        return response;
      }
      throw await failureOf(response, id, path, endpoint);
    },
  };
}

/** A token goes over TLS, or to this very machine. */
function checkedEndpoint(endpoint: string): URL {
  const url = URL.parse(endpoint);
  const loopback = url && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (!url || url.username || url.password || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw new IntervalError('config-invalid', 'The endpoint of the hub must be an https URL without a password.');
  }
  return url;
}
