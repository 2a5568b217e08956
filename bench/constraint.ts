import type { CompiledSchema, Vocabulary } from '../src/inference/constraint/constraint.ts';
import { createConstraintEngine } from '../src/inference/constraint/engine.ts';
import { createSampler } from '../src/inference/onnx/sampler.ts';
import { openTokenizer } from '../src/inference/onnx/tokenizer.ts';
import { labList, longitudinal } from '../test/inference/constraint/schemas.ts';
import { createRandom, createVocabulary } from '../test/inference/constraint/vocabulary.ts';

/**
 * What a schema costs a reply, beside choosing the best of 262,208 logits without one, in the same run.
 *
 *   node bench/constraint.ts [folder with a model's tokenizer.json; without, a vocabulary built like Gemma's]
 */
const folder = process.argv[2];

function realVocabulary(path: string): Vocabulary {
  const tokenizer = openTokenizer(path);
  return { ...tokenizer, end: [tokenizer.control('<end_of_turn>')] };
}

function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const start = performance.now();
  const value = work();
  return { ms: performance.now() - start, value };
}

function quantile(times: readonly number[], part: number): number {
  return [...times].sort((one, other) => one - other)[Math.floor(part * (times.length - 1))]!;
}

const vocabulary = folder ? realVocabulary(folder) : createVocabulary(262_208);
const tokens = new Map<string, number>();
for (let id = 0; id < vocabulary.size; id++) {
  const bytes = vocabulary.bytes(id);
  if (bytes) tokens.set(Buffer.from(bytes).toString('latin1'), id);
}
const random = createRandom(3);
const logits = Float32Array.from({ length: vocabulary.size }, random);
const greedy = createSampler();

/** A model that writes this text: of the tokens that are allowed and fit, it likes the longest best. */
function write(schema: CompiledSchema, text: string) {
  const target = Buffer.from(text).toString('latin1');
  const constraint = schema.start();
  const times = { next: [] as number[], choose: [] as number[], accept: 0, forced: 0, tokens: 0 };
  const take = (id: number) => {
    times.accept += timed(() => constraint.accept(id, id)).ms;
    times.tokens++;
    at += vocabulary.bytes(id)!.length;
  };
  let at = 0;
  while (true) {
    const { ms, value: next } = timed(() => constraint.next(2048 - times.tokens));
    times.next.push(ms);
    if (next.kind === 'end') return times;
    if (next.kind === 'forced') {
      for (const id of next.ids) take(id);
      times.forced += next.ids.length;
      continue;
    }
    let wanted: number | undefined;
    for (let length = 32; length > 0 && wanted === undefined; length--) {
      const id = at + length <= target.length ? tokens.get(target.slice(at, at + length)) : undefined;
      if (id !== undefined && next.mask[id >> 5]! & (1 << (id & 31))) wanted = id;
    }
    if (wanted === undefined) throw new Error('The text is not one of the schema.');
    const usual = logits[wanted]!;
    logits[wanted] = 2;
    const chosen = timed(() => greedy(logits, next.mask));
    logits[wanted] = usual;
    times.choose.push(chosen.ms);
    take(chosen.value);
  }
}

const row = (name: string, result: string, unit: string, range: string) => ({
  name,
  result,
  unit,
  range,
  panel: 'CBC',
  method: null,
  specimen: 'Blood',
  sample_collection_time: '2024-03-01 08:15',
});
const rows = [
  row('Hemoglobin', '13.2', 'g/dL', '12.0 - 15.5'),
  row('Leukocytes', '7.4', '10^3/µL', '4.0 - 11.0'),
  row('Platelets', '251', '10^3/µL', '150 - 400'),
  row('Hematocrit', '39.8', '%', '36 - 46'),
];
const answers = {
  consolidation: 'Stable',
  effusion: 'Worsened',
  edema: 'Improved',
  pneumonia: 'Stable',
  pneumothorax: 'indeterminate',
};

const engine = timed(() => createConstraintEngine(vocabulary));
const compiled = timed(() => engine.value.compile(labList));
const second = timed(() => engine.value.compile(longitudinal));
const first = write(compiled.value, JSON.stringify(rows));
const unconstrained = quantile(
  Array.from({ length: 200 }, () => timed(() => greedy(logits)).ms),
  0.5,
);
const figures = (times: ReturnType<typeof write>) => {
  const all =
    times.next.reduce((sum, ms) => sum + ms, 0) + times.choose.reduce((sum, ms) => sum + ms, 0) + times.accept;
  return { share: times.forced / times.tokens, perToken: all / times.tokens };
};
const replies = [
  ['lab list, 4 rows', compiled.value, JSON.stringify(rows)],
  ['longitudinal, 5 answers', second.value, JSON.stringify(answers)],
] as const;

console.log(`${vocabulary.size} tokens, ${folder ? 'of a model' : 'built like Gemma’s'}\n`);
console.log('| once | ms |\n|---|---|');
console.log(`| engine | ${engine.ms.toFixed(0)} |`);
console.log(`| compile, lab list · longitudinal | ${compiled.ms.toFixed(1)} · ${second.ms.toFixed(1)} |`);
console.log(`| dearest mask of the first reply | ${Math.max(...first.next).toFixed(1)} |`);
console.log(`| best of all logits, no schema | ${unconstrained.toFixed(3)} |`);
console.log(
  '\n| later replies | tokens | forced | next p50 · p95 · max, ms | ms a token | × no schema |\n|---|---|---|---|---|---|',
);
for (const [name, schema, text] of replies) {
  const runs = Array.from({ length: 20 }, () => write(schema, text)).slice(10);
  const next = runs.flatMap((run) => run.next);
  const perToken = quantile(
    runs.map((run) => figures(run).perToken),
    0.5,
  );
  const spread = [0.5, 0.95, 1].map((part) => quantile(next, part).toFixed(3)).join(' · ');
  const { share } = figures(runs[0]!);
  console.log(
    `| ${name} | ${runs[0]!.tokens} | ${(100 * share).toFixed(0)} % | ${spread} | ${perToken.toFixed(3)} | ${(perToken / unconstrained).toFixed(2)} |`,
  );
}
