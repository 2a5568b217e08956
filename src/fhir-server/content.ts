import type { Stored } from './store.ts';

/** A version as a row holds it. */
export interface Content {
  /** JSON. */
  readonly content: string;
  /** A Binary's bytes are kept as bytes: base64 would cost a third more on disk and twice in memory. */
  readonly data: Uint8Array | null;
}

export function serialize(resource: Stored): Content {
  if (resource.resourceType === 'Binary' && resource.data !== undefined) {
    const { data, ...rest } = resource;
    return { content: JSON.stringify(rest), data: Buffer.from(data, 'base64') };
  }
  return { content: JSON.stringify(resource), data: null };
}

export function parse({ content, data }: Content): Stored {
  const resource = JSON.parse(content);
  return data === null ? resource : { ...resource, data: Buffer.from(data).toString('base64') };
}
