import { IntervalError } from '../errors.ts';

/**
 * A dataset that cannot be used is wrong input: the command line ends with 2. `subject` names a file or folder as the dataset names it, `rule` what it breaks; never what stands in it.
 */
export function refuseDataset(subject: string, rule: string, cause?: unknown): IntervalError {
  return new IntervalError('dataset-invalid', `${subject}: ${rule}`, cause === undefined ? {} : { cause });
}

/** What is read of a folder; one that cannot be read is refused under the name of its role. */
export async function ofFolder<T>(role: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw refuseDataset(role, `the folder cannot be read (${(cause as NodeJS.ErrnoException).code}).`, cause);
  }
}
