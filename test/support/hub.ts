import { createHash } from 'node:crypto';
import { type Listener, listen } from './listener.ts';

/** A Hugging Face hub on loopback with one repository, and a second origin where its large files lie. */
export interface TestHub {
  readonly endpoint: string;
  /** What the hub itself was asked. */
  readonly requests: Listener['requests'];
  /** What the other origin was asked: path, authorisation, range. */
  readonly elsewhere: readonly { path: string; authorization: string | undefined; range: string | undefined }[];
  close(): Promise<void>;
}

export interface TestHubOptions {
  readonly id?: string;
  readonly commit?: string;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** Without this token nothing can be downloaded. */
  readonly token?: string;
  readonly info?: object;
  /** Entries that are added to the list of files as they are. */
  readonly listed?: readonly object[];
  /** How the other origin answers the nth request for a path, counted from 0: default as it should. */
  readonly serve?: (path: string, nth: number, whole: Buffer) => Serving | undefined;
  /** Statuses that the first calls of the API get. */
  readonly statuses?: readonly { readonly status: number; readonly headers?: Record<string, string> }[];
}

export interface Serving {
  readonly bytes?: Buffer;
  /** The connection breaks after so many bytes. */
  readonly cutAt?: number;
  /** Ranges are not understood. */
  readonly ignoreRange?: true;
}

export const commit = '0123456789abcdef0123456789abcdef01234567';

/** Files as a small repository has them; the weights are random enough to be cut anywhere. */
export const smallRepository: Readonly<Record<string, Uint8Array | string>> = {
  'config.json': '{"model_type":"gemma3"}',
  'tokenizer.json': '{}',
  'chat_template.jinja': '{{ messages }}',
  'README.md': '# a model',
  'model.safetensors': Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31 + (i >> 8)) & 255),
  'training_args.bin': 'pickled',
};

/** Large files (.safetensors) are in LFS, as the hub keeps them: named by SHA-256 and served from elsewhere. */
export async function startHub(options: TestHubOptions = {}): Promise<TestHub> {
  const { id = 'google/medgemma-test', files = smallRepository, token, listed = [], serve, statuses = [] } = options;
  const revision = options.commit ?? commit;
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  const elsewhere: { path: string; authorization: string | undefined; range: string | undefined }[] = [];
  const served = new Map<string, number>();
  let calls = 0;

  const large = await listen((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1));
    const whole = contents.get(path)!;
    const nth = served.get(path) ?? 0;
    served.set(path, nth + 1);
    elsewhere.push({ path, authorization: request.headers.authorization, range: request.headers.range });
    const { bytes = whole, cutAt, ignoreRange } = serve?.(path, nth, whole) ?? {};
    const from = ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (cutAt === undefined) {
      response.end(bytes.subarray(from));
    } else {
      response.write(bytes.subarray(from, cutAt), () => setTimeout(() => response.destroy(), 20));
    }
  });

  const hub = await listen((request, response) => {
    const url = new URL(request.url ?? '', 'http://hub');
    const json = (body: unknown, headers = {}) => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const refuse = (status: number, headers = {}) => response.writeHead(status, headers).end();
    if (url.pathname.startsWith('/api/')) {
      const early = statuses[calls++];
      if (early) {
        return refuse(early.status, early.headers);
      }
    }
    if (url.pathname.startsWith(`/api/models/${id}/revision/`)) {
      return json({ id, sha: revision, gated: token ? 'manual' : false, cardData: {}, ...options.info });
    }
    if (url.pathname === `/api/models/${id}/tree/${revision}`) {
      const entries = [...contents].map(([path, bytes]) => entryOf(path, bytes));
      const all = [{ type: 'directory', path: 'figures', size: 0, oid: '00' }, ...entries, ...listed];
      // Two pages, as the hub does with more than a thousand files.
      if (url.searchParams.has('cursor')) {
        return json(all.slice(3));
      }
      url.searchParams.set('cursor', 'x');
      return json(all.slice(0, 3), { link: `<${hub.base}${url.pathname}${url.search}>; rel="next"` });
    }
    const path = decodeURIComponent(url.pathname.replace(`/${id}/resolve/${revision}/`, ''));
    const bytes = contents.get(path);
    if (!bytes) {
      return refuse(404);
    }
    if (token && request.headers.authorization !== `Bearer ${token}`) {
      return refuse(request.headers.authorization ? 403 : 401);
    }
    return isLarge(path)
      ? refuse(302, { location: `${large.base}/${encodeURIComponent(path)}` })
      : response.writeHead(200).end(bytes);
  });

  return {
    endpoint: hub.base,
    requests: hub.requests,
    elsewhere,
    close: async () => void (await Promise.all([hub.close(), large.close()])),
  };
}

function entryOf(path: string, bytes: Buffer) {
  const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    type: 'file',
    path,
    size: bytes.length,
    oid: git,
    ...(isLarge(path) ? { lfs: { oid: sha256, size: bytes.length, pointerSize: 134 } } : {}),
  };
}

function isLarge(path: string): boolean {
  return path.endsWith('.safetensors');
}
