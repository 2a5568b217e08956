import { createHash } from 'node:crypto';
import { IntervalError } from '../../errors.ts';
import { readJson } from './completion.ts';
import type { Address, Dialect } from './dialect.ts';
import type { Ask } from './transport.ts';

export interface Identity {
  readonly dialect: Dialect;
  /** 12 hex digits over what the server says of the model and of itself. */
  readonly version: string;
}

export interface IdentifyOptions {
  readonly ask: Ask;
  readonly address: Address;
  readonly model: string;
  readonly dialect: Dialect | 'auto';
  /** What the operator says of the model, where the server says too little. */
  readonly revision?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

type Json = Readonly<Record<string, unknown>>;
/** The JSON object at a path, or undefined where the server has none there. */
type Get = (path: string) => Promise<Json | undefined>;

/**
 * Finds out who answers, with GET requests that change nothing, and whether it has the model.
 *
 * @throws IntervalError `model-not-found`, `model-unauthorized`, `model-unavailable`, `model-timeout`.
 */
export async function identify(options: IdentifyOptions): Promise<Identity> {
  const { ask, address, model, timeoutMs, signal } = options;
  const get = (path: string) =>
    ask({ url: `${address.base}${path}`, timeoutMs: Math.min(timeoutMs, 10_000), signal }, async ({ bytes }) => {
      const value = await readJson(bytes);
      return typeof value === 'object' && value !== null ? (value as Json) : undefined;
    });
  const tried: Get = (path) =>
    get(path).catch((error: IntervalError) => {
      if (notThere.has(error.code)) {
        return undefined;
      }
      throw error;
    });
  const dialect = options.dialect === 'auto' ? (address.dialect ?? (await dialectOf(tried))) : options.dialect;
  const facts = dialect === 'vertex' ? [address.base] : await factsOf[dialect](model, get, tried);
  const hash = createHash('sha256').update(JSON.stringify([dialect, model, options.revision ?? null, facts]));
  return { dialect, version: hash.digest('hex').slice(0, 12) };
}

/** Answers of a server that has nothing at a path; one that cannot be reached or is not ready says something else. */
const notThere: ReadonlySet<string> = new Set([
  'model-not-found',
  'model-unauthorized',
  'model-rejected',
  'model-bad-answer',
]);

async function dialectOf(get: Get): Promise<Dialect> {
  if ((await get('/props'))?.default_generation_settings !== undefined) {
    return 'llama-server';
  }
  if (typeof (await get('/api/version'))?.version === 'string') {
    return 'ollama';
  }
  return typeof (await get('/version'))?.version === 'string' ? 'vllm' : 'openai';
}

/**
 * What tells one model from another. `created` does not: vLLM and llama-server put the present time there. A path does so
 * by its last part only, since replicas keep the same file in different places.
 */
const factsOf: Readonly<
  Record<Exclude<Dialect, 'vertex'>, (model: string, get: Get, tried: Get) => Promise<readonly unknown[]>>
> = {
  async openai(model, get) {
    const { id, root } = await listed(model, get);
    return [id, root];
  },
  async vllm(model, get, tried) {
    const { id, root, parent } = await listed(model, get);
    return [id, root, parent, (await tried('/version'))?.version];
  },
  async 'llama-server'(model, get, tried) {
    const { id, meta } = await listed(model, get);
    const { n_params, size, n_vocab } = (meta ?? {}) as Json;
    const { model_path, build_info, chat_template } = (await tried('/props')) ?? {};
    return [id, n_params, size, n_vocab, String(model_path ?? '').replace(/^.*[\\/]/, ''), build_info, chat_template];
  },
  async ollama(model, get, tried) {
    const name = /:[^/]*$/.test(model) ? model : `${model}:latest`;
    const { digest } = find(await get('/api/tags'), 'models', (entry) => entry.name === name, model);
    return [name, digest, (await tried('/api/version'))?.version];
  },
};

async function listed(model: string, get: Get): Promise<Json> {
  return find(await get('/v1/models'), 'data', (entry) => entry.id === model, model);
}

function find(answer: Json | undefined, key: string, isIt: (entry: Json) => boolean, model: string): Json {
  const entries = answer?.[key];
  if (!Array.isArray(entries)) {
    throw new IntervalError('model-bad-answer', 'The model server does not list its models.');
  }
  const objects = entries.filter((entry): entry is Json => typeof entry === 'object' && entry !== null);
  const found = objects.find(isIt);
  if (!found) {
    const names = objects
      .map((entry) => entry.id ?? entry.name)
      .filter((name) => /^[\w./:@-]{1,100}$/.test(String(name)));
    throw new IntervalError(
      'model-not-found',
      `The model server does not have "${model}". It has: ${names.slice(0, 10).join(', ') || 'none'}.`,
    );
  }
  return found;
}
