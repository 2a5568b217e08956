import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { IntervalError } from '../errors.ts';
import type { BackfillState } from '../subscriptions/backfill.ts';
import { isWatched } from '../subscriptions/watched.ts';

/** Where a back-fill goes on when it was broken off: one small file, ids and instants in it. */
export interface BackfillFile {
  readonly path: string;
  /** Undefined when it begins. Throws `config-invalid` for a file that is another back-fill's, or none. */
  read(): BackfillState | undefined;
  save(state: BackfillState): void;
  remove(): void;
}

export interface BackfillName {
  readonly source: string;
  readonly since: string;
  /** As it was given; empty for the time of the start. */
  readonly until: string;
  readonly analysis: string;
}

export function backfillFile(
  name: BackfillName,
  options: { readonly path?: string; readonly data: string },
): BackfillFile {
  const of = createHash('sha256')
    .update(JSON.stringify([name.source, name.since, name.until, name.analysis]))
    .digest('hex');
  const folder = options.data || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'interval');
  const path = options.path ?? join(folder, `backfill-${of.slice(0, 12)}.json`);
  return {
    path,
    read() {
      if (!existsSync(path)) {
        return undefined;
      }
      const refuse = (why: string): never => {
        throw new IntervalError(
          'config-invalid',
          `The file of the back-fill ${why}; name another with --resume, or delete it.`,
        );
      };
      let saved: unknown;
      try {
        saved = JSON.parse(readFileSync(path, 'utf8'));
      } catch {
        return refuse('cannot be read');
      }
      const { of: written, state } = (saved ?? {}) as { of?: unknown; state?: BackfillState };
      if (typeof state !== 'object' || state === null || !isState(state)) {
        return refuse('is none');
      }
      return written === of ? state : refuse('belongs to another source, time or analysis');
    },
    save(state) {
      mkdirSync(dirname(path), { recursive: true });
      // A crash in the middle leaves the one before.
      writeFileSync(`${path}.new`, JSON.stringify({ of, state }), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    remove: () => rmSync(path, { force: true }),
  };
}

function isState({ until, type, updated, patients, resources, jobs, failed }: BackfillState): boolean {
  return (
    [until, updated].every((instant) => typeof instant === 'string' && !Number.isNaN(Date.parse(instant))) &&
    isWatched(type) &&
    Array.isArray(patients) &&
    patients.every((patient) => typeof patient === 'string') &&
    [resources, jobs].every(Number.isInteger) &&
    typeof failed === 'object' &&
    failed !== null
  );
}
