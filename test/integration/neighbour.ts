import { describe } from '@jest/globals';

/**
 * `describe` for tests against a neighbour that has to be installed. Where it is not, they are skipped and that is said;
 * in continuous integration, which installs it, its absence is a failure.
 */
export function describeWith(neighbour: { readonly name: string; readonly here: boolean; readonly install: string }) {
  const { name, here, install } = neighbour;
  if (here) {
    return describe;
  }
  if (process.env.CI === 'true') {
    throw new Error(`${name} is not installed: ${install}.`);
  }
  process.stderr.write(`Skipped: ${name} is not installed (${install}).\n`);
  return describe.skip;
}
