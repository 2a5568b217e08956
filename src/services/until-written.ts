/** Patients whose results are kept; a busy clinic opens the same few charts again and again. */
const PATIENTS = 200;

type Ask<Value> = (patient: string, signal: AbortSignal) => Promise<Value>;

/**
 * Keeps what was asked until anything is written to where it was asked, so that the same chart opened again costs no search.
 * Without `revision` nothing is kept. The patient is one of the store, and there is one store: nothing is shared between
 * clients that each could not have asked for (X10).
 */
export function keepUntilWritten<Value>(ask: Ask<Value>, revision: (() => string) | undefined): Ask<Value> {
  if (revision === undefined) {
    return ask;
  }
  let at = '';
  const kept = new Map<string, Value>();
  return async (patient, signal) => {
    const now = revision();
    if (now !== at) {
      kept.clear();
      at = now;
    }
    const known = kept.get(patient);
    if (known !== undefined) {
      return known;
    }
    const value = await ask(patient, signal);
    // Written to while it was asked: the answer may be of before or after.
    if (revision() === now && at === now) {
      if (kept.size >= PATIENTS) {
        kept.delete(kept.keys().next().value as string);
      }
      kept.set(patient, value);
    }
    return value;
  };
}
