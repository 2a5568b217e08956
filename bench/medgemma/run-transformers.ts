import { basename, dirname } from 'node:path';
import { type Figures, importFrom, median, memory, report, STEPS, tokens } from './measure.ts';

/** transformers.js on a folder in the community's layout: its language model alone, since it loads slower with images. */
const { rivals, folder, threads } = JSON.parse(process.argv[2]!);
const { env, Gemma3ForCausalLM, Tensor } = await importFrom(rivals, '@huggingface/transformers');
Object.assign(env, { localModelPath: dirname(folder), allowRemoteModels: false, useFSCache: false });
const before = performance.now();
const model = await Gemma3ForCausalLM.from_pretrained(basename(folder), {
  dtype: 'q4',
  local_files_only: true,
  session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
});
const figures: Figures = { loadSeconds: (performance.now() - before) / 1000, residentMb: memory().resident };

/** Times of the prompt and of each token after it. */
async function generate(count: number, steps: number): Promise<{ readonly first: number; readonly next: number[] }> {
  const dims = [1, count];
  const next: number[] = [];
  let last = performance.now();
  const streamer = {
    put: () => {
      next.push((performance.now() - last) / 1000);
      last = performance.now();
    },
    end: () => undefined,
  };
  await model.generate({
    input_ids: new Tensor('int64', BigInt64Array.from(tokens(count), BigInt), dims),
    attention_mask: new Tensor('int64', new BigInt64Array(count).fill(1n), dims),
    max_new_tokens: steps + 1,
    min_new_tokens: steps + 1,
    do_sample: false,
    streamer,
  });
  // The streamer is first given the prompt itself.
  const [, first, ...rest] = next;
  return { first: first!, next: rest };
}

await generate(64, 2);
figures.decode0 = 1 / median((await generate(1, STEPS)).next);
figures.prefill600 = 600 / (await generate(600, 1)).first;
const long = await generate(1024, STEPS);
figures.prefill1024 = 1024 / long.first;
figures.decode1024 = 1 / median(long.next);
figures.peakMb = memory().peak;
await report({ figures, settings: { weights: 'int4, block 32', cache: 'float32, copied each step', threads } });
