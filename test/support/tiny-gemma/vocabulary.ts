import { runMerges, trainMerges } from './merges.ts';

/** Control tokens by their published place; the image tokens move with the vocabulary's size. */
export const ids = {
  pad: 0,
  eos: 1,
  bos: 2,
  unknown: 3,
  mask: 4,
  thoughtStart: 100,
  thoughtEnd: 101,
  startOfTurn: 105,
  endOfTurn: 106,
  startOfImage: 958,
  endOfImage: 959,
  /** First id after the base vocabulary, as 262144 in the real model. */
  image: 960,
} as const;

const count = (length: number) => Array.from({ length }, (_, index) => index);

/** Ids 0–106 in their published order. */
const control = [
  ...['<pad>', '<eos>', '<bos>', '<unk>', '<mask>', '[multimodal]'],
  ...count(99).map((index) => `<unused${index}>`),
  ...['<start_of_turn>', '<end_of_turn>'],
];

const newlineRuns = count(31).map((index) => '\n'.repeat(index + 1));
const spaceRuns = count(30).map((index) => '▁'.repeat(index + 2));

const tableTags = ['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'];
const blockTags = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote'];
const inlineTags = ['strong', 'em', 'b', 'i', 'u', 's', 'sub', 'sup', 'code'];
const otherTags = ['p', 'a', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'div', 'span', 'pre'];
const tags = [tableTags, blockTags, inlineTags, otherTags].flatMap((names) => [
  ...names.map((name) => `<${name}>`),
  ...names.map((name) => `</${name}>`),
]);

const bytes = count(256).map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);

const characters = [
  '▁',
  ...count(94).map((index) => String.fromCharCode(33 + index)),
  ...'äöüÄÖÜßàâçèéêëîïñóôúøåµ°±²³×·§–—‘’“”…•≤≥≈→αβγμ',
];

const added = [...control, ...newlineRuns, ...spaceRuns, ...tags];
const imageMarks = ['<start_of_image>', '<end_of_image>'];
const room = ids.image - added.length - bytes.length - characters.length - imageMarks.length;
const trained = trainMerges(room);

/** Token by id; `<image_soft_token>` is not in it, as in the real tokenizer. */
export const baseVocabulary: readonly string[] = [
  ...added,
  ...bytes,
  ...trained.map((pair) => pair.join('')),
  ...characters,
  ...imageMarks,
];

/** By rank. Runs of spaces come first. */
export const merges: readonly (readonly [string, string])[] = [...runMerges(31), ...trained];

const specialTokens = new Set([
  ...['<pad>', '<eos>', '<bos>', '<unk>', '<mask>', '<start_of_turn>', '<end_of_turn>'],
  ...[...imageMarks, '<image_soft_token>'],
]);

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: false;
  readonly lstrip: false;
  readonly rstrip: false;
  readonly normalized: false;
  readonly special: boolean;
}

/** Matched in the raw text before anything else. `<unused94>` is not special: the harder case for an engine. */
export const addedTokens: readonly AddedToken[] = [
  ...added.map((content, id) => ({ id, content })),
  ...imageMarks.map((content, index) => ({ id: ids.startOfImage + index, content })),
  { id: ids.image, content: '<image_soft_token>' },
].map(({ id, content }) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: specialTokens.has(content),
}));
