// node models/lab-token-roles/export.ts OUT_DIR: features, neighbours and labels of generated pages, for train.py.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createNames } from '../../src/analyses/lab-report/dictionary.ts';
import { featureCount, featuresOf, neighbourCount } from '../../src/analyses/lab-report/features.ts';
import { prepare } from '../../src/analyses/lab-report/read-pages.ts';
import { roles } from '../../src/analyses/lab-report/role.ts';
import { generate } from './generate.ts';
import { createRandom } from './random.ts';
import { type LabelledPage, toPage } from './sheet.ts';

const [out = 'bench/out/lab-token-roles', countText = '1400'] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

/** Role of the piece in which a character of a word lies. */
function roleAt(page: LabelledPage, word: number, start: number): number {
  const marks = page.labels[word] ?? [];
  const mark = marks.findLast((one) => one.start <= start) ?? marks[0];
  return mark ? roles.indexOf(mark.role) : roles.indexOf('other');
}

for (const set of ['train', 'seen', 'unseen'] as const) {
  const count = set === 'train' ? Number(countText) : 150;
  const features: Float32Array[] = [];
  const neighbours: Int32Array[] = [];
  const labels: number[] = [];
  const documents: number[] = [];
  let tokens = 0;
  for (let seed = 0; seed < count; seed++) {
    const document = generate(seed, set);
    const random = createRandom(seed + 99_991);
    const noisy = random.chance(0.45);
    const pages = document.sheets.map((sheet, index) =>
      toPage(sheet, index + 1, noisy && !sheet.mono ? { random, level: random.next() * 0.05 } : undefined),
    );
    const names = createNames();
    for (const region of prepare(
      pages.map(({ page }) => page),
      names,
    ).regions) {
      if (region.lines.length === 0) continue;
      const featured = featuresOf(region, names);
      const page = pages[region.page - 1]!;
      features.push(featured.features);
      // "None" is the last row of all; written as -1 here, since regions are joined.
      neighbours.push(
        Int32Array.from(featured.neighbours, (index) =>
          Number(index) === featured.tokens.length ? -1 : Number(index) + tokens,
        ),
      );
      for (const token of featured.tokens) {
        labels.push(roleAt(page, token.word, token.start));
        documents.push(seed);
      }
      tokens += featured.tokens.length;
    }
  }
  const write = (name: string, arrays: readonly (Float32Array | Int32Array | Uint8Array)[]) =>
    writeFileSync(
      join(out, `${set}.${name}.bin`),
      Buffer.concat(arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength))),
    );
  write('features', features);
  write('neighbours', neighbours);
  write('labels', [Uint8Array.from(labels)]);
  write('documents', [Int32Array.from(documents)]);
  console.log(`${set}: ${count} documents, ${tokens} tokens`);
}
writeFileSync(join(out, 'shape.json'), JSON.stringify({ featureCount, neighbourCount, roles }));
