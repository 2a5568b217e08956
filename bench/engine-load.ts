import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { ChatPart, ChatRequest } from '../src/inference/model.ts';
import { readModelFolder } from '../src/inference/onnx/folder.ts';
import { CHUNK } from '../src/inference/onnx/prefill.ts';
import { convertTiny } from '../test/inference/onnx/tiny-model.ts';
import { type BareEngine, openBareEngine } from './bare-engine.ts';
import { openHookLoad } from './hook-load.ts';

/**
 * What a generating engine does to its neighbours and to itself: hook answers while it runs on every core, beside a bare
 * Express handler in the same run; time from a cancel to a free engine; memory over many generations.
 *
 *   node bench/engine-load.ts [folder of a converted model; without, a tiny one]
 *     [--only hooks,vision,prefill,decode,memory] [--rate 10] [--seconds 30] [--cancels 20] [--generations 50] [--threads 0]
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: 'hooks,vision,prefill,decode,memory' },
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '30' },
    cancels: { type: 'string', default: '20' },
    generations: { type: 'string', default: '50' },
    threads: { type: 'string', default: '0' },
  },
});
const model = positionals[0] ? readModelFolder(positionals[0]) : await convertTiny();
const threads = Number(values.threads) || availableParallelism();
let requests = 0;

/** Never the same beginning twice, so that no cache helps. */
function ask(lines: number, maxTokens: number, images: readonly ChatPart[] = []): ChatRequest {
  const text = Array.from({ length: lines }, (_, i) => `Line ${i}: potassium 4.1 mmol/L. `).join('');
  return {
    content: [{ type: 'text', text: `Run ${++requests}. ` }, ...images, { type: 'text', text }],
    maxTokens,
  };
}

async function picture(): Promise<ChatPart> {
  const side = 96;
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => (i * (2 * requests + 3)) % 251);
  const bytes = await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
  return { type: 'image', bytes, contentType: 'image/png' };
}

const ms = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const verdict = (met: boolean) => (met ? 'met' : 'missed');

console.log(`${model.id}, ${threads} threads on ${availableParallelism()} cores\n`);
if (values.only.includes('hooks')) await withEngine(384, hooks);
if (/vision|prefill|decode/.test(values.only)) await withEngine(384, cancels);
// Caches grow until they are full, and no further: what else grows is looked for.
if (values.only.includes('memory')) await withEngine(0, memory);

async function withEngine(cacheMiB: number, measure: (engine: BareEngine) => Promise<void>): Promise<void> {
  const engine = await openBareEngine({ folder: model.folder, threads, cacheMiB });
  await engine.run(ask(4, 4));
  await measure(engine);
  await engine.close();
}

async function hooks({ run }: BareEngine): Promise<void> {
  const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
  const load = await openHookLoad();
  for (const { base } of load.targets) await load.measure(base, 50, 5);
  const measure = (name: string) => async () => {
    for (const target of load.targets) {
      const times = await load.measure(target.base, rate, seconds);
      const { p50, p99, max, requests: sent, failed } = times;
      const met = name === 'generating' && target.name === 'Interval' ? verdict(p99 <= 20) : '';
      row(target.name, name, sent, ms(p50), ms(p99), ms(max), failed, met);
    }
  };
  console.log(`Hook answers, ${rate}/s for ${seconds} s each, milliseconds\n`);
  row('answered by', 'engine', 'requests', 'p50', 'p99', 'max', 'failed', 'p99 ≤ 20');
  row(...Array<string>(8).fill('---'));
  await measure('idle')();
  let generating = true;
  let tokens = 0;
  const begun = performance.now();
  const loop = (async () => {
    while (generating) {
      const { reply } = await run(ask(10, 64, tokens === 0 ? [await picture()] : []));
      tokens += reply?.tokens.completion ?? 0;
    }
  })();
  await measure('generating')();
  generating = false;
  await loop;
  const took = (performance.now() - begun) / 1000;
  console.log(`\nMeanwhile ${tokens} tokens were generated in ${took.toFixed(0)} s.\n`);
  await load.close();
}

async function cancels({ run }: BareEngine): Promise<void> {
  const timed = async (request: ChatRequest) => {
    const { ms, reply } = await run(request);
    return { ms, prompt: reply!.tokens.prompt, completion: reply!.tokens.completion };
  };
  // Lengths of one step of each kind, from replies that were let go on.
  const short = await timed(ask(1, 1));
  const long = await timed(ask(40, 1));
  const many = await timed(ask(1, 33));
  const seen = await timed(ask(1, 1, [await picture()]));
  const parts = model.vision.length;
  const perToken = long.ms / long.prompt;
  const steps = {
    vision: Math.max(1, seen.ms - seen.prompt * perToken) / parts,
    prefill: perToken * CHUNK,
    decode: (many.ms - short.ms) / (many.completion - short.completion),
  };
  const random = (from: number, to: number) => from + Math.random() * (to - from);
  const all = [
    ['vision', steps.vision, async () => ask(1, 1, [await picture()]), () => random(0.1, Math.min(0.9 * parts, 1.5))],
    ['prefill', steps.prefill, async () => ask(40, 1), () => random(0.1, 1.5)],
    ['decode', steps.decode, async () => ask(1, 64), () => short.ms / steps.decode + random(2, 32)],
  ] as const;
  const phases = all.filter(([phase]) => values.only.includes(phase));
  console.log('From a cancel to a free engine, milliseconds\n');
  row('cancelled in', 'one step', 'cancels', 'p50', 'max', 'max ÷ step', '≤ 1 step');
  row(...Array<string>(7).fill('---'));
  for (const [phase, step, request, after] of phases) {
    const times: number[] = [];
    while (times.length < Number(values.cancels)) {
      const { freeAfterMs } = await run(await request(), step * after());
      // A reply that ended by itself first tells nothing.
      if (freeAfterMs !== undefined) times.push(freeAfterMs);
    }
    times.sort((one, other) => one - other);
    const max = times.at(-1)!;
    // Steps are of unequal length; the scheduler adds its own.
    const met = verdict(max <= 1.25 * step + 20);
    row(phase, ms(step), times.length, ms(times[times.length >> 1]!), ms(max), (max / step).toFixed(2), met);
  }
  console.log('');
}

async function memory({ run, residentMiB }: BareEngine): Promise<void> {
  const generations = Number(values.generations);
  const resident: number[] = [];
  // Over the first hundred V8's heap becomes as large as it gets: 40 MiB, which count beside a tiny model only.
  const warm = positionals[0] ? 3 : 120;
  for (let i = -warm; i < generations; i++) {
    await run(ask(3, 8, i % 25 === 24 || i === -warm ? [await picture()] : []));
    if (i >= 0) resident.push(residentMiB());
  }
  const middle = (generations - 1) / 2;
  const slope =
    resident.reduce((sum, one, i) => sum + (i - middle) * one, 0) /
    resident.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const [first, last] = [mean(resident.slice(0, 10)), mean(resident.slice(-10))];
  console.log(`Memory of the engine's process over ${generations} generations, resident MiB\n`);
  row('first 10, mean', 'last 10, mean', 'largest', 'slope a generation', 'last ≤ first + 5 %');
  row(...Array<string>(5).fill('---'));
  row(ms(first), ms(last), ms(Math.max(...resident)), slope.toFixed(2), verdict(last <= 1.05 * first));
}
