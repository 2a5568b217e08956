import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

/**
 * Folder of the shared test data, which is no part of this project; undefined, said aloud, where it is missing. In
 * continuous integration a `shared` folder without its data is a failure, not a reason to skip.
 */
export function sharedData(folder: string): string | undefined {
  const path = `${shared}/data/${folder}`;
  if (existsSync(path)) {
    return path;
  }
  if (process.env.CI === 'true' && existsSync(shared)) {
    throw new Error(`The shared test data "${folder}" is missing although the shared folder is there.`);
  }
  process.stderr.write(`Skipped: the shared test data "${folder}" is not on this machine.\n`);
  return undefined;
}
