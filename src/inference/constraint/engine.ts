import { IntervalError } from '../../errors.ts';
import { createRecent } from '../../recent.ts';
import type { CompiledSchema, ConstraintEngine, Vocabulary } from './constraint.ts';
import { createReading } from './grammar.ts';
import { createMasks } from './masks.ts';
import { closing, startConstraint } from './reply-constraint.ts';
import { grammarOf } from './schema.ts';
import { createSpeller } from './speller.ts';
import { createTrie, longestToken } from './trie.ts';

/**
 * Takes some hundred milliseconds for a vocabulary of 260,000 tokens: one engine a model. Schemas that it has compiled and
 * masks that it has found are kept, within bounds.
 * Throws `model-invalid` when some byte of UTF-8 text is no token: a character that was begun could then not be ended.
 */
export function createConstraintEngine(vocabulary: Vocabulary): ConstraintEngine {
  const trie = createTrie(vocabulary);
  for (let byte = 0x20; byte <= 0xf4; byte++) {
    const isText = byte !== 0x7f && byte !== 0xc0 && byte !== 0xc1;
    if (isText && longestToken(trie, Uint8Array.of(byte), 0).length === 0) {
      throw new IntervalError('model-invalid', 'The vocabulary of the model lacks tokens for single bytes.');
    }
  }
  const speller = createSpeller(vocabulary, trie);
  const masks = createMasks(trie, speller, vocabulary.size);
  const compiled = createRecent<CompiledSchema>(32);

  return {
    compile(schema) {
      const text = JSON.stringify(schema);
      const known = compiled.get(text);
      if (known !== undefined) return known;
      const reading = createReading(grammarOf(schema));
      const parts = { vocabulary, speller, masks, reading };
      const made: CompiledSchema = {
        least: closing(reading.start(), speller).length,
        start: () => startConstraint(parts),
      };
      compiled.set(text, made, 1);
      return made;
    },
  };
}
