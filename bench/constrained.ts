import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { askedFor } from '../src/analyses/lab-report/said.ts';
import { createConstraintEngine } from '../src/inference/constraint/engine.ts';
import type { ChatRequest } from '../src/inference/model.ts';
import { loadEngine } from '../src/inference/onnx/engine.ts';
import { readModelFolder } from '../src/inference/onnx/folder.ts';
import { openTokenizer } from '../src/inference/onnx/tokenizer.ts';
import { longitudinal, others } from '../test/inference/constraint/schemas.ts';
import { createRandom } from '../test/inference/constraint/vocabulary.ts';
import { convertTiny } from '../test/inference/onnx/tiny-model.ts';

/**
 * Replies under a schema from random weights, which say anything: whether each is valid within its limit of tokens, and
 * what a token costs beside one without a schema, by the same engine in the same run.
 *
 *   node bench/constrained.ts [folder of a converted model; without, a tiny one] [--generations 1000] [--tokens 60]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    generations: { type: 'string', default: '1000' },
    tokens: { type: 'string', default: '60' },
    threads: { type: 'string', default: '0' },
  },
});
const model = positionals[0] ? readModelFolder(positionals[0]) : await convertTiny();
const engine = await loadEngine(model, {
  threads: Number(values.threads) || availableParallelism(),
  contextLength: 4096,
  cache: 'int8',
  availableMemory: () => process.availableMemory(),
  featureCacheBytes: 0,
  prefixCacheBytes: 2 ** 26,
});
const { size, bytes, encode } = openTokenizer(model.folder);
const constraints = createConstraintEngine({ size, bytes, encode, end: model.shape.endTokens });
const schemas: readonly (readonly [string, object])[] = [
  ['lab list', askedFor],
  ['longitudinal', longitudinal],
  ...Object.entries(others),
];
const random = createRandom(4);
const never = new AbortController().signal;
const generate = (maxTokens: number, seed: number, schema?: object) => {
  const request: ChatRequest = {
    content: [{ type: 'text', text: 'Read this report.' }],
    maxTokens,
    // Every other one is sampled, for variety.
    ...(seed % 2 === 0 ? {} : { sampling: { temperature: 1 + random(), seed } }),
    ...(schema ? { schema } : {}),
  };
  return engine.generate(request, never);
};
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const count = Number(values.generations);
let failures = 0;

console.log(`${model.id}, ${size} tokens; ${count} replies, limits drawn from the least that a schema allows on\n`);
row('schema', 'replies', 'valid', 'over the limit', 'closed by the limit', 'tokens');
row(...Array<string>(6).fill('---'));
for (const [index, [name, schema]] of schemas.entries()) {
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const { least } = constraints.compile(schema);
  const of = { replies: 0, valid: 0, over: 0, closed: 0, tokens: 0 };
  for (let i = index; i < count; i += schemas.length) {
    const maxTokens = least + Math.floor(random() ** 2 * 160);
    const { text, finish, tokens } = await generate(maxTokens, i, schema);
    of.replies++;
    of.valid += Number(isValid(text, validate));
    of.over += Number(tokens.completion > maxTokens);
    of.closed += Number(finish !== 'stop');
    of.tokens += tokens.completion;
  }
  failures += of.replies - of.valid + of.over;
  row(name, of.replies, of.valid, of.over, of.closed, of.tokens);
}
console.log(`\n${failures === 0 ? 'met' : 'missed'}: all valid, none over its limit\n`);

function isValid(text: string, validate: (value: unknown) => boolean): boolean {
  try {
    return validate(JSON.parse(text));
  } catch {
    return false;
  }
}

// What a token costs. Within a text nothing is forced; of a list most is. At 64 tokens greedy random weights go in circles.
const costs: readonly (readonly [string, object | undefined])[] = [
  ['none', undefined],
  ['one text', { type: 'string', minLength: 150 }],
  ['lab list', { ...askedFor, minItems: 2 }],
  ['longitudinal', longitudinal],
];
/** Greedy, as readers ask. */
const timed = async (maxTokens: number, schema?: object) => {
  const begun = performance.now();
  const { tokens } = await generate(maxTokens, 0, schema);
  return { ms: performance.now() - begun, tokens: tokens.completion };
};
const costOf = async (schema?: object) => {
  const limit = Number(values.tokens) + (schema ? constraints.compile(schema).least : 0);
  const prompt = await timed(1);
  const { ms, tokens } = await timed(limit, schema);
  return { tokens, perToken: (ms - prompt.ms) / (tokens - 1) };
};
// The first round makes the masks, which are kept. Of the others the best counts: whatever else runs comes and goes.
await timed(1);
const rounds: Awaited<ReturnType<typeof costOf>>[][] = [];
for (let round = 0; round < 3; round++) {
  const measured: (typeof rounds)[number] = [];
  for (const [, schema] of costs) measured.push(await costOf(schema));
  rounds.push(measured);
}
const bestOf = (index: number) => Math.min(...rounds.slice(1).map((round) => round[index]!.perToken));
row('schema', 'tokens', 'first reply, ms a token', 'later ones', 'later ÷ no schema');
row(...Array<string>(5).fill('---'));
for (const [index, [name]] of costs.entries()) {
  const { tokens, perToken } = rounds[0]![index]!;
  row(name, tokens, perToken.toFixed(2), bestOf(index).toFixed(2), (bestOf(index) / bestOf(0)).toFixed(2));
}
await engine.close();
process.exitCode = failures === 0 ? 0 : 1;
