// node bench/lab-report.ts roles [N]                  what the token model adds: rules only, model only, both; without files
// node bench/lab-report.ts files DIR [PDFS] [SCANS]   a dataset of generated reports for `interval evaluate lab-report`
// Generated reports only (models/lab-token-roles/generate.ts): high figures here are necessary, not sufficient.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from '../models/lab-token-roles/generate.ts';
import { createRandom } from '../models/lab-token-roles/random.ts';
import { toPage } from '../models/lab-token-roles/sheet.ts';
import { createDocuments } from '../src/documents/documents.ts';
import type { Page } from '../src/documents/page.ts';
import { figuresOf } from '../src/evaluation/figures.ts';
import { openReading, shipped } from '../src/evaluation/reader.ts';
import { type Outcome, scoreDocument } from '../src/evaluation/score.ts';
import { renderPdf, scanned, shippedModels, truthOf } from './lab-generated.ts';

const signal = new AbortController().signal;
// Seeds that neither training nor anybody who wrote the rules has seen: 0 to 1,599 train, 5,000 to
// 30,000 upwards were looked at while the rules were written.
const firstSeed = 40_000;

const [command = 'roles', first, second, third] = process.argv.slice(2);
if (command === 'roles') await ablate(Number(first ?? 150));
else if (command === 'files' && first) await files(first, Number(second ?? 60), Number(third ?? 24));
else throw new Error('roles [N] or files DIR [PDFS] [SCANS]');

async function ablate(count: number): Promise<void> {
  const documents = createDocuments();
  const models = shippedModels();
  console.log(`${count} generated reports each, with 95 % intervals by document; every guard on\n`);
  console.log('| set | pages | roles by | row3 F1 | row5 F1 | wrong value | spurious | missed, of them said | rows |');
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const set of ['seen', 'unseen'] as const) {
    for (const noisy of [false, true]) {
      for (const roles of ['rules', 'model', 'both'] as const) {
        const active = await openReading(documents, models, { ...shipped, roles });
        const scores = [];
        for (let seed = firstSeed; seed < firstSeed + count; seed++) {
          const document = generate(seed, set);
          const pages = pagesOf(seed, set, noisy);
          const input = { document: { sha256: '0'.repeat(64), contentType: 'application/pdf' as const, pages } };
          const read = await active.read(input, signal);
          const outcome: Outcome =
            read.outcome === 'finding'
              ? { kind: 'finding', finding: read.finding, pages }
              : { kind: 'abstention', reason: read.reason };
          scores.push(scoreDocument({ ...truthOf(document, noisy ? 'scan' : 'text') }, outcome).counts);
        }
        const { counts, figures } = figuresOf(scores, 1000);
        const share = ({ value, low, high }: typeof figures.row3F1) =>
          `${value?.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]`;
        console.log(
          `| ${set} | ${noisy ? 'as a scan' : 'clean'} | ${roles} | ${share(figures.row3F1)} | ${share(figures.row5F1)} | ${counts.wrongValue} | ${counts.spurious} | ${counts.missed}, ${counts.missedSaid} | ${counts.truth} |`,
        );
      }
    }
  }
  await documents.close();
  await models.close();
}

function pagesOf(seed: number, set: 'seen' | 'unseen', noisy: boolean): readonly Page[] {
  const random = createRandom(seed);
  return generate(seed, set).sheets.map(
    (sheet, at) => toPage(sheet, at + 1, noisy && !sheet.mono ? { random, level: 0.02 } : undefined).page,
  );
}

async function files(folder: string, pdfs: number, scans: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const documents = createDocuments();
  for (const [route, set, count] of [
    ['text', 'seen', pdfs],
    ['text', 'unseen', pdfs],
    ['scan', 'seen', scans],
  ] as const) {
    for (let seed = firstSeed, made = 0; made < count; seed++) {
      const document = generate(seed, set);
      // A picture shows one page.
      if (route === 'scan' && document.sheets.length > 1) continue;
      const pdf = await renderPdf(document);
      const bytes =
        route === 'text' ? pdf : await scanned((await documents.render(pdf, { page: 1, dpi: 200, signal })).png, seed);
      const id = join(folder, `${route}-${set}-${seed}`);
      await writeFile(`${id}.${route === 'text' ? 'pdf' : 'jpg'}`, bytes);
      await writeFile(`${id}.truth.json`, `${JSON.stringify(truthOf(document, route), null, 1)}\n`);
      made++;
    }
  }
  await documents.close();
}
