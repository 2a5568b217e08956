import { IntervalError } from '../errors.ts';

/** What is read, or undefined where the server says that there is nothing of this id, or nothing any more. */
export async function unlessMissing<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof IntervalError && (error.code === 'fhir-not-found' || error.code === 'fhir-gone')) {
      return undefined;
    }
    throw error;
  }
}
