import { createHash } from 'node:crypto';
import { createRecent } from '../recent.ts';
import type { Decoder } from './decoder.ts';
import type { StoredFrame } from './pixel-format.ts';

/** A decoder that keeps what it decoded last, by content: telling a file again costs a quarter of decoding it or less. */
export function keepingFrames(decoder: Decoder, maxBytes: number): Decoder {
  const frames = createRecent<StoredFrame>(maxBytes);
  return {
    ...decoder,
    async decode(bytes, frame, signal) {
      const key = `${createHash('sha256').update(bytes).digest('hex')}/${frame}`;
      const decoded = frames.get(key) ?? (await decoder.decode(bytes, frame, signal));
      frames.set(key, decoded, decoded.values.byteLength);
      return decoded;
    },
  };
}
