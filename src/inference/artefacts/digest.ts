import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What a file shall be: its SHA-256, or the name that Git gives its content (SHA-1 of a header and the bytes). */
export interface Digest {
  readonly kind: 'sha256' | 'git';
  /** Lower-case hexadecimal. */
  readonly value: string;
}

export interface Digester {
  update(bytes: Uint8Array): void;
  end(): { readonly sha256: string; readonly matches: boolean };
}

/** Digests a stream of `bytes` bytes and compares it with what it shall be. */
export function createDigester(expected: Digest, bytes: number): Digester {
  const sha256 = createHash('sha256');
  const git = expected.kind === 'git' ? createHash('sha1').update(`blob ${bytes}\0`) : undefined;
  return {
    update(chunk) {
      sha256.update(chunk);
      git?.update(chunk);
    },
    end() {
      const value = sha256.digest('hex');
      return { sha256: value, matches: (git ? git.digest('hex') : value) === expected.value };
    },
  };
}

/** Feeds a file to a digester. `onBytes` hears of every chunk. */
export async function digestFile(
  path: string,
  digester: Digester,
  options: { readonly onBytes?: (count: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal: options.signal })) {
    digester.update(chunk);
    options.onBytes?.(chunk.length);
  }
}
