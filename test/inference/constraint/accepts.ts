import { createReading, type State } from '../../../src/inference/constraint/grammar.ts';
import { grammarOf } from '../../../src/inference/constraint/schema.ts';

/** Whether a schema's grammar has this very text. */
export function accepts(schema: object): (text: string | Uint8Array) => boolean {
  const reading = createReading(grammarOf(schema));
  return (text) => {
    let state: State | undefined = reading.start();
    for (const byte of typeof text === 'string' ? Buffer.from(text) : text) {
      state = state && reading.advance(state, byte);
    }
    return state?.whole ?? false;
  };
}
