import type { SampleBinary } from './sample.ts';

/** Bytes made on first use and kept. */
export function lazyBinary(id: string, contentType: string, make: () => Promise<Uint8Array>): SampleBinary {
  let made: Promise<Uint8Array> | undefined;
  return {
    id,
    contentType,
    bytes: () => {
      made ??= make();
      return made;
    },
  };
}
