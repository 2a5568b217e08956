import { IntervalError } from '../errors.ts';
import type { JsonDataset } from './dicomweb-search.ts';
import { isUncompressed } from './transfer-syntax.ts';

/**
 * Where an instance's pixels lie by its metadata, as a path under the base of the imaging server. Addresses in an answer
 * are input: one that leads elsewhere is not followed.
 *
 * @param at path of the instance; relative addresses count from its metadata.
 * @throws IntervalError `dicomweb-bad-answer` when there is none, `dicomweb-untrusted`.
 */
export function bulkDataPath(metadata: JsonDataset, base: string, at: string): string {
  const stated = metadata['7FE00010']?.BulkDataURI;
  if (typeof stated !== 'string' || !URL.canParse(stated, `${base}${at}/metadata`)) {
    throw new IntervalError('dicomweb-bad-answer', 'The metadata of the instance does not say where its pixels lie.');
  }
  const url = new URL(stated, `${base}${at}/metadata`);
  const inside = new URL(`${base}/`);
  if (url.origin !== inside.origin || !url.pathname.startsWith(inside.pathname) || url.username !== '') {
    throw new IntervalError(
      'dicomweb-untrusted',
      'The pixels of the instance lie at an address outside of the server.',
    );
  }
  return `/${url.pathname.slice(inside.pathname.length)}${url.search}`;
}

/** One block of pixel data → frames. Compressed frames cannot be told apart without their offsets: then one alone. */
export function framesOfBulk(block: Uint8Array, count: number, syntax: string): readonly Uint8Array[] {
  if (count === 1) {
    return [block];
  }
  if (!isUncompressed(syntax) || block.length % count > 1) {
    throw new IntervalError('dicomweb-bad-answer', 'The frames of the bulk data cannot be told apart.');
  }
  const size = Math.floor(block.length / count);
  return Array.from({ length: count }, (_, frame) => block.subarray(frame * size, (frame + 1) * size));
}
