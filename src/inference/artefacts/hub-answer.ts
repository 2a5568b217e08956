import { IntervalError } from '../../errors.ts';
import type { Digest } from './digest.ts';
import { isInnerPath } from './paths.ts';

export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/** One entry of the hub's tree: `{ type, path, size, oid, lfs?: { oid, size } }`. */
export function fileOf(entry: Record<string, unknown>, id: string): HubFile {
  const lfs = entry.lfs as { oid?: unknown; size?: unknown } | undefined;
  const [path, bytes, oid] = [entry.path, lfs?.size ?? entry.size, lfs?.oid ?? entry.oid];
  const length = lfs ? 64 : 40;
  if (
    typeof path !== 'string' ||
    !Number.isSafeInteger(bytes) ||
    (bytes as number) < 0 ||
    typeof oid !== 'string' ||
    !/^[0-9a-f]+$/.test(oid) ||
    oid.length !== length
  ) {
    throw new IntervalError('model-bad-answer', `The hub’s list of files of ${id} cannot be read.`);
  }
  if (!isInnerPath(path)) {
    throw new IntervalError('model-invalid', `The repository ${id} names a file outside its own folder.`);
  }
  // A file in Git LFS is named by its SHA-256, any other by its Git object.
  return { path, bytes: bytes as number, digest: { kind: lfs ? 'sha256' : 'git', value: oid } };
}

/** What a status that is no success means. */
export async function failureOf(
  response: Response,
  id: string,
  label: string,
  endpoint: string,
): Promise<IntervalError> {
  await response.body?.cancel();
  const { status } = response;
  if (status === 401 || status === 403) {
    return new IntervalError(
      'model-unauthorized',
      `The hub refused ${label} (${status}): accept the terms on ${endpoint}/${id} and set HF_TOKEN to a token of that account that may read it. A model that does not exist is refused in the same way.`,
    );
  }
  if (status === 404) {
    return new IntervalError('model-not-found', `The hub has no ${label} of that revision.`);
  }
  if (status === 408 || status === 429 || status >= 500) {
    const seconds = Number(response.headers.get('retry-after') || Number.NaN);
    return new IntervalError(
      status === 429 ? 'model-throttled' : 'model-unavailable',
      `The hub answered ${status} for ${label}.`,
      Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {},
    );
  }
  return new IntervalError('model-rejected', `The hub answered ${status} for ${label}.`);
}
