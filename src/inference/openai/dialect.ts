import { IntervalError } from '../../errors.ts';

/** The servers whose differences are known. `openai` is what all of them have in common. */
export type Dialect = 'openai' | 'vllm' | 'llama-server' | 'ollama' | 'vertex';

export interface Address {
  readonly base: string;
  /** Dialect that the address itself tells. */
  readonly dialect?: Dialect;
  /** Where chat completions are asked for. */
  chat(dialect: Dialect): string;
}

/**
 * `https://host`, `https://host/v1`, or for Vertex the endpoint's resource below its own host,
 * `https://ENDPOINT.REGION-PROJECT.prediction.vertexai.goog/v1/projects/…/endpoints/ENDPOINT`.
 *
 * @throws IntervalError `model-invalid`.
 */
export function addressOf(base: string): Address {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new IntervalError('model-invalid', 'The address of the model server is not a plain http(s) URL.');
  }
  const plain = url.href.replace(/\/+$/, '');
  const root = plain.replace(/\/v1$/, '');
  const isVertex =
    /\.(?:vertexai\.goog|aiplatform\.googleapis\.com)$/.test(url.hostname) && /\/endpoints\//.test(plain);
  return {
    base: root,
    ...(isVertex ? { dialect: 'vertex' } : {}),
    chat: (dialect) =>
      dialect === 'vertex' ? `${plain.replace(/:rawPredict$/, '')}:rawPredict` : `${root}/v1/chat/completions`,
  };
}
