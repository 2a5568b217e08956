import type { Vocabulary } from '../../../src/inference/constraint/constraint.ts';

/** Globals are slow to reach from inside of a test. */
const { floor, imul } = Math;

/** The same numbers for the same seed everywhere (mulberry32), from 0 up to 1. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = imul(state ^ (state >>> 15), state | 1);
    x ^= x + imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const controls = ['<pad>', '<eos>', '<bos>', '<unk>', '<start_of_turn>', '<end_of_turn>', '<start_of_image>'];
const marks = [
  ...['":', '":"', '","', '",', '"}', '"},', '"},{"', '"]', '"}]', '}]', '},{"', '{"', '[{"', '[]', '{}', '""', '":{"'],
  ...[
    '":[',
    '":[{"',
    '":null',
    ':null',
    ',"',
    ' "',
    '="',
    '\\"',
    '\\n',
    '\\u00',
    '/>',
    '");',
    '...',
    '00',
    '100',
    '\n\n',
  ],
  ...['  ', '    ', '        ', '\t\t', ' {', ' }', '"}}', ']}', '[[', ']]', '-1', '0.', '":[]', '"],"', '//', '\\\\'],
];
const words = [
  ...['name', 'result', 'unit', 'range', 'panel', 'method', 'specimen', 'sample', 'collection', 'time', 'null', 'true'],
  ...[
    'false',
    'serum',
    'blood',
    'Hemoglobin',
    'Glucose',
    'mg',
    'dL',
    'mmol',
    'Worsened',
    'Improved',
    'Stable',
    'effusion',
  ],
  ...['pneumothorax', 'consolidation', 'edema', 'the', 'normal', 'abnormal', 'finding', 'findings', 'answer', 'prior'],
];
const syllables = 'an be co da el fi go ha in ja ko la mo ne or pa qui ra st te um vi wo xe y za er th sh ion'.split(
  ' ',
);
const others = ['é', 'µ', 'ü', 'ß', '°', '±', '≥', '血', '液', '検', '査', 'а', 'н', 'и', 'م', '😀', '²', '\u00a0'];

/**
 * Built like Gemma's: control tokens, 256 byte tokens, runs and marks, then words of which half begin with a blank. It
 * spells a text by the longest tokens from the left, and by bytes what it has no character for.
 */
export function createVocabulary(size: number, seed = 1): Vocabulary {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]) => list[floor(random() * list.length)]!;
  const letters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
  const texts = new Set([...marks, ...letters, ...others, '\n', '\t', ' '.repeat(31)]);
  for (const word of words) texts.add(word).add(` ${word}`);
  while (texts.size + controls.length + 256 < size) {
    const from = random() < 0.25 ? others : syllables;
    const word = Array.from({ length: 1 + floor(random() * 4) }, () => pick(from)).join('');
    const capital = random() < 0.2 ? word[0]!.toUpperCase() + word.slice(1) : word;
    texts.add(
      `${random() < 0.5 ? ' ' : ''}${capital}${random() < 0.02 ? pick(marks) : random() < 0.5 ? pick(letters) : ''}`,
    );
  }
  const utf8 = new TextEncoder();
  const bytes: (Uint8Array | undefined)[] = controls.map(() => undefined);
  for (let byte = 0; byte < 256; byte++) bytes.push(Uint8Array.of(byte));
  const ids = new Map<string, number>();
  for (const text of texts) ids.set(text, bytes.push(utf8.encode(text)) - 1);
  const longest = [...texts].reduce((most, text) => Math.max(most, text.length), 0);

  function encode(text: string): readonly number[] {
    const out: number[] = [];
    for (let at = 0; at < text.length; ) {
      let length = Math.min(longest, text.length - at);
      while (length > 0 && !ids.has(text.slice(at, at + length))) length--;
      if (length === 0) {
        const character = String.fromCodePoint(text.codePointAt(at)!);
        out.push(...[...utf8.encode(character)].map((byte) => controls.length + byte));
        at += character.length;
      } else {
        out.push(ids.get(text.slice(at, at + length))!);
        at += length;
      }
    }
    return out;
  }
  return { size: bytes.length, bytes: (id) => bytes[id], encode, end: [1, 5] };
}
