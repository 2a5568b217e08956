import { fork } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readShape } from '../../src/inference/onnx/shape.ts';
import { writeCommunityGemma } from '../../test/support/community-gemma.ts';
import { writeGgufGemma } from './gguf-gemma.ts';
import type { Outcome } from './measure.ts';
import { measureBandwidth } from './run-bandwidth.ts';
import { runImages } from './run-images.ts';
import { tableOf } from './table.ts';

/** MedGemma's shape here, in llama.cpp and in transformers.js, one after the other in one run. See README.md. */
const { values: options } = parseArgs({
  options: {
    source: { type: 'string' },
    converted: { type: 'string' },
    work: { type: 'string' },
    rivals: { type: 'string' },
    mtmd: { type: 'string' },
    only: { type: 'string', default: 'interval,llama,transformers,images' },
    threads: { type: 'string', default: '2' },
    json: { type: 'string' },
  },
});
if (!options.source || !options.converted || !options.work) {
  console.error('node bench/medgemma/rivals.ts --source FOLDER --converted FOLDER --work FOLDER, see README.md');
  process.exit(2);
}
const source = resolve(options.source);
const work = resolve(options.work);
const rivals = resolve(options.rivals ?? '.');
const threads = Number(options.threads);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const shape = readShape(json(join(source, 'config.json')));
const languageModel = join(work, 'language-q4_0.gguf');
const visionTower = join(work, 'vision-q8_0.gguf');
const community = join(work, 'community');

/** Others at work before us make every figure worse, and not alike. */
const load = loadavg()[0];
const outcomes: Record<string, Outcome> = {};
const missing: string[] = [];
const isWanted = (name: string) => options.only.split(',').includes(name);
const installed = (name: string) => {
  const path = join(rivals, 'node_modules', name, 'package.json');
  const version = existsSync(path) && json(path).version;
  if (!version) missing.push(`${name} (npm install in the folder of --rivals)`);
  return version as string | false;
};

/** Made once, under another name until it is whole. */
function make(path: string, write: (to: string) => void): void {
  if (existsSync(path)) return;
  console.error(`writing ${path}`);
  rmSync(`${path}.part`, { recursive: true, force: true });
  write(`${path}.part`);
  renameSync(`${path}.part`, path);
}
function makeGguf(): void {
  make(languageModel, (to) => {
    writeGgufGemma(source, to, `${visionTower}.part`);
    renameSync(`${visionTower}.part`, visionTower);
  });
}

async function measure(name: string, work: () => Promise<Outcome>): Promise<void> {
  console.error(`measuring ${name}`);
  try {
    outcomes[name] = await work();
  } catch (error) {
    missing.push(`${name}: ${(error as Error).message}`);
  }
}

/** In a process of its own. */
function run(name: string, module: string, given: object): Promise<void> {
  const program = fileURLToPath(new URL(module, import.meta.url));
  const execArgv = ['--disable-warning=ExperimentalWarning', '--expose-gc'];
  return measure(
    name,
    () =>
      new Promise<Outcome>((done, failed) => {
        const child = fork(program, [JSON.stringify({ threads, ...given })], { execArgv });
        child.once('message', (message) => done(message as Outcome));
        child.once('exit', (code) => failed(new Error(`ended with ${code} before it was done`)));
      }),
  );
}

const bandwidth = [await measureBandwidth(threads)];
if (isWanted('interval')) await run('interval', './run-interval.ts', { folder: resolve(options.converted) });
if (isWanted('llama') && installed('node-llama-cpp')) {
  makeGguf();
  for (const flashAttention of ['auto', false]) {
    const name = flashAttention ? 'llama.cpp' : 'llama.cpp, no flash attention';
    await run(name, './run-llama.ts', { rivals, model: languageModel, shape, flashAttention });
  }
}
if (isWanted('transformers') && installed('@huggingface/transformers')) {
  make(community, (to) => writeCommunityGemma(source, to, 'q4'));
  await run('transformers.js', './run-transformers.ts', { rivals, folder: community });
}
if (isWanted('images')) {
  const program = options.mtmd && resolve(options.mtmd);
  if (!program || !existsSync(program)) missing.push('images of llama.cpp (--mtmd, its program llama-mtmd-cli)');
  else {
    makeGguf();
    for (const flashAttention of ['off', 'auto'] as const) {
      const name = flashAttention === 'off' ? 'llama.cpp images, no flash attention' : 'llama.cpp images';
      const given = { program, model: languageModel, visionTower, threads, side: shape.vision.image };
      await measure(name, () => runImages({ ...given, flashAttention }));
    }
  }
}
bandwidth.push(await measureBandwidth(threads));

const conditions = { processor: cpus()[0]?.model, threads, node: process.version, load };
console.log(`${conditions.processor}, ${threads} threads, Node ${process.version}, load before ${load?.toFixed(1)}\n`);
console.log(tableOf(outcomes, Math.max(...bandwidth)));
for (const one of missing) console.log(`\nMissing: ${one}`);
const all = { ...conditions, bandwidthGbs: bandwidth, outcomes, missing };
if (options.json) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
else console.log(`\n${JSON.stringify(all)}`);
