import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { FileEntry } from '../onnx/manifest.ts';
import type { ExternalData } from './onnx-file.ts';

/** Tensors begin at a page, so that the runtime can map them instead of copying them. */
const PAGE = 4096;

export interface DataFile {
  /** Begins a tensor; `write` appends to it. */
  begin(): void;
  write(bytes: Uint8Array): void;
  /** Ends the tensor and says where it lies. */
  end(): ExternalData;
  /** Ends the file. */
  close(): FileEntry;
}

/** Writes the large tensors of one graph one after the other, and their checksum on the way. */
export function createDataFile(path: string): DataFile {
  const location = basename(path);
  const descriptor = openSync(path, 'w');
  const hash = createHash('sha256');
  let position = 0;
  let start = 0;
  const append = (bytes: Uint8Array) => {
    for (let written = 0; written < bytes.byteLength; ) {
      written += writeSync(descriptor, bytes, written, bytes.byteLength - written);
    }
    hash.update(bytes);
    position += bytes.byteLength;
  };
  return {
    begin() {
      append(new Uint8Array((PAGE - (position % PAGE)) % PAGE));
      start = position;
    },
    write: append,
    end: () => ({ location, offset: start, length: position - start }),
    close() {
      closeSync(descriptor);
      return { path: location, bytes: position, sha256: hash.digest('hex') };
    },
  };
}
