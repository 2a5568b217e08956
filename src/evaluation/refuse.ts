import { type ErrorCode, IntervalError } from '../errors.ts';

/** A dataset that cannot be used is wrong input: the command line ends with 2. */
const code: ErrorCode = 'dataset-invalid';

/** `subject` names a file or folder as the dataset names it, `rule` what it breaks; never what stands in it. */
export function refuseDataset(subject: string, rule: string, cause?: unknown): IntervalError {
  return new IntervalError(code, `${subject}: ${rule}`, cause === undefined ? {} : { cause });
}
