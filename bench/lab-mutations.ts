// node bench/lab-mutations.ts DIR [N] [SEED]: N (5,000) mutated files made of the documents of a folder, each opened, read and
// guarded as the service does. Exits 1 on a crash, a file over the limit or a value that does not stand on its page.
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createDocuments } from '../src/documents/documents.ts';
import { seeded } from '../src/evaluation/bootstrap.ts';
import { openReading, shipped } from '../src/evaluation/reader.ts';
import { shippedModels } from './lab-generated.ts';
import { type Mutant, type Original, runMutants, violations } from './lab-mutate.ts';

/** Shares among the mutants: recognition takes seconds a page, a PDF a fifth of a second, the rest a few milliseconds. */
const shares = { scan: 0.01, pdf: 0.25 } as const;
/** Time for opening one document; a scan may take longer. */
const limits = { text: 10_000, scan: 120_000 } as const;
/** Beyond that limit: ending the thread that hangs, and reading. */
const grace = 10_000;

const [folder, count = '5000', firstSeed = '1'] = process.argv.slice(2);
if (!folder) throw new Error('node bench/lab-mutations.ts DIR [N] [SEED]');

const names = (await readdir(folder, { recursive: true })).sort();
const load = (pattern: RegExp): Promise<Original[]> =>
  Promise.all(
    names
      .filter((name) => pattern.test(name) && !name.endsWith('.truth.json'))
      .map(async (name) => ({ name, bytes: new Uint8Array(await readFile(join(folder, name))) })),
  );
const scans = await load(/\.(?:png|jpe?g|tiff?)$/i);
const pdfs = await load(/\.pdf$/i);
const texts = await load(/\.(?:txt|rtf|html?|xml|hl7)$/i);
const random = seeded(Number(firstSeed));
const pick = (list: readonly Original[]) => list[Math.floor(random() * list.length)]!;
/** The first list that has any, by the shares. */
function drawn(): Original {
  const draw = random();
  const lists =
    draw < shares.scan ? [scans, pdfs, texts] : draw < shares.scan + shares.pdf ? [pdfs, texts] : [texts, pdfs];
  const list = lists.find(({ length }) => length > 0);
  if (!list) throw new Error('The folder holds no text documents.');
  return pick(list);
}
const plan = Array.from({ length: Number(count) }, (_, at) => ({
  seed: Number(firstSeed) * 1_000_003 + at,
  original: drawn(),
}));

const threads = Math.min(2, availableParallelism());
const models = shippedModels();
const begun = performance.now();
let done = 0;
/** One set of reading threads is kept for all files of a kind. */
async function run(kind: 'text' | 'scan'): Promise<readonly Mutant[]> {
  const documents = createDocuments({ threads, limits: { milliseconds: limits[kind] } });
  const active = await openReading(documents, models, shipped);
  const mutants = await runMutants({
    active,
    plan: plan.filter(({ original }) => scans.includes(original) === (kind === 'scan')),
    concurrency: threads,
    onResult: () => {
      // Kept in a log too: a native abort ends the process without a table, and then this says how far it came.
      if (++done % 100 === 0) process.stderr.write(`${kind}: ${done} of ${plan.length}\n`);
    },
  });
  await documents.close();
  return mutants;
}
const [ofTexts, ofScans] = [await run('text'), await run('scan')];
const mutants = [...ofTexts, ...ofScans];
await models.close();
const seconds = (performance.now() - begun) / 1000;

const table = (head: string, key: (mutant: Mutant) => string) => {
  const groups = [...Map.groupBy(mutants, key)].sort(([, one], [, other]) => other.length - one.length);
  console.log(`| ${head} | files | values | together, s | slowest, ms |\n|---|---|---|---|---|`);
  for (const [label, some] of groups) {
    const slowest = some.reduce((most, { milliseconds }) => Math.max(most, milliseconds), 0);
    const [values, milliseconds] = ['values', 'milliseconds'].map((field) =>
      some.reduce((sum, one) => sum + one[field as 'values' | 'milliseconds'], 0),
    );
    console.log(`| ${label} | ${some.length} | ${values} | ${(milliseconds! / 1000).toFixed(1)} | ${slowest} |`);
  }
  console.log('');
};
const wrong = [...violations(ofTexts, limits.text + grace), ...violations(ofScans, limits.scan + grace)];
console.log(
  `${mutants.length} mutants of ${texts.length + pdfs.length + scans.length} files in ${seconds.toFixed(0)} s on ${threads} threads, seed ${firstSeed}: ${wrong.length} violations\n`,
);
table('outcome', ({ outcome }) => outcome);
table('mutation', ({ kind }) => kind);
table('ending', ({ name }) => name.split('.').at(-1)!);
for (const { name, kind, seed, outcome, milliseconds, ungrounded, fault = '' } of wrong.slice(0, 50)) {
  console.log(`- ${name} ${kind} seed ${seed}: ${outcome}, ${milliseconds} ms, ${ungrounded} ungrounded ${fault}`);
}
process.exitCode = wrong.length > 0 ? 1 : 0;
