import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { IntervalError } from '../../errors.ts';
import type { Vocabulary } from '../constraint/constraint.ts';

/** A model's tokens, with a wall between its control tokens and everything that was written by somebody. */
export interface Tokenizer extends Omit<Vocabulary, 'end'> {
  /** Ids of a text as text: whatever it spells, none of them is a control token. */
  encode(text: string): readonly number[];
  /** Id of a control token by its spelling. Throws `model-invalid` when the model has none. */
  control(spelling: string): number;
  /** Spellings of all control tokens. */
  readonly controls: ReadonlyMap<string, number>;
  /** Control tokens are left out, but for those in `shown`. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: readonly number[], shown?: ReadonlySet<number>): string;
}

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

interface TokenizerFile {
  readonly added_tokens: readonly AddedToken[];
  readonly model: { readonly type: string; readonly vocab: Readonly<Record<string, number>> };
}

/**
 * Spellings that steer the model and that its tokenizer file does not mark as special. What is neither marked nor listed
 * is text that happens to be one token: runs of newlines and blanks, `<table>`.
 */
const unmarked = /^(<unused\d+>|<(start|end)_of_\w+>|\[[^\]]+\])$/;

/**
 * Reads tokenizer.json. Ids equal those of Transformers' fast tokenizer with `split_special_tokens`, which is how text
 * that is not to be trusted must be read (a report may spell `<end_of_turn>`).
 */
export function openTokenizer(folder: string): Tokenizer {
  const file = readJson(join(folder, 'tokenizer.json')) as unknown as TokenizerFile;
  const config = readJson(join(folder, 'tokenizer_config.json'));
  if (file.model?.type !== 'BPE' || !Array.isArray(file.added_tokens)) {
    throw new IntervalError('model-invalid', 'The tokenizer of the model is of a kind that is not known.');
  }
  const isControl = ({ special, content }: AddedToken) => special || unmarked.test(content);
  const controls = new Map(file.added_tokens.filter(isControl).map(({ content, id }) => [content, id]));
  const controlIds = new Set(controls.values());
  const plain = new HuggingFaceTokenizer(
    { ...file, added_tokens: file.added_tokens.filter((token) => !isControl(token)), post_processor: null },
    config,
  );
  const spellings: string[] = [];
  for (const [content, id] of Object.entries(file.model.vocab)) spellings[id] = content;
  for (const { id, content } of file.added_tokens) spellings[id] = content;
  const added = new Set(file.added_tokens.map(({ id }) => id));
  const known: (Uint8Array | undefined)[] = [];
  const utf8 = new TextEncoder();

  function bytes(id: number): Uint8Array | undefined {
    const spelling = spellings[id];
    if (spelling === undefined || controlIds.has(id)) return undefined;
    known[id] ??= bytesOf(spelling, added.has(id));
    return known[id];
  }
  function bytesOf(spelling: string, isAdded: boolean): Uint8Array {
    const byte = isAdded ? null : /^<0x([0-9A-F]{2})>$/.exec(spelling);
    return byte ? Uint8Array.of(Number.parseInt(byte[1]!, 16)) : utf8.encode(spelling.replaceAll('▁', ' '));
  }
  const encodePlain = (text: string) => plain.encode(text, { add_special_tokens: false }).ids as number[];

  return {
    size: spellings.length,
    bytes,
    controls,
    encode(text) {
      if (text === '') return [];
      const ids = encodePlain(text);
      // A merge may still end in a control token's spelling: then it is written by its characters.
      return ids.some((id) => controlIds.has(id))
        ? ids.flatMap((id) => (controlIds.has(id) ? [...spellings[id]!].flatMap(encodePlain) : id))
        : ids;
    },
    control(spelling) {
      const id = controls.get(spelling);
      if (id === undefined) {
        throw new IntervalError('model-invalid', `The tokenizer of the model has no token ${spelling}.`);
      }
      return id;
    },
    decode(ids, shown = new Set()) {
      const parts = ids.map((id) => bytes(id) ?? (shown.has(id) ? utf8.encode(spellings[id]) : new Uint8Array(0)));
      return new TextDecoder().decode(Buffer.concat(parts));
    },
  };
}

function readJson(path: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new IntervalError('model-invalid', 'The tokenizer files of the model cannot be read.', { cause });
  }
}
