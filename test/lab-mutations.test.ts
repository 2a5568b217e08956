import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { renderPdf, renderText, shippedModels } from '../bench/lab-generated.ts';
import { type Original, runMutants, violations } from '../bench/lab-mutate.ts';
import { generate } from '../models/lab-token-roles/generate.ts';
import { createDocuments } from '../src/documents/documents.ts';
import { openReading, shipped } from '../src/evaluation/reader.ts';

const examples = 'src/analyses/lab-report/examples';

/** Generated reports as PDF and as text, and the texts of the examples. */
async function originals(): Promise<{ pdfs: readonly Original[]; texts: readonly Original[] }> {
  const documents = Array.from({ length: 60 }, (_, at) => ({
    name: `generated-${at}`,
    document: generate(70_000 + at, 'unseen'),
  }));
  const pdfs = await Promise.all(
    documents.slice(0, 10).map(async ({ name, document }) => ({ name, bytes: await renderPdf(document) })),
  );
  const texts = documents.flatMap(({ name, document }) => {
    const bytes = renderText(document);
    return bytes ? [{ name, bytes }] : [];
  });
  const printed = readdirSync(examples)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(examples, name))) }));
  return { pdfs, texts: [...texts, ...printed] };
}

test('200 broken files: a finding, an abstention or an error of ours each, and no value that does not stand on its page', async () => {
  const { pdfs, texts } = await originals();
  const plan = Array.from({ length: 200 }, (_, at) => {
    const list = at % 4 === 0 ? pdfs : texts;
    return { seed: 9000 + at, original: list[at % list.length]! };
  });
  const documents = createDocuments({ threads: 2, limits: { milliseconds: 60_000 } });
  const models = shippedModels();
  try {
    const active = await openReading(documents, models, shipped);
    const mutants = await runMutants({ active, plan, concurrency: 2 });
    expect(violations(mutants, Number.POSITIVE_INFINITY)).toEqual([]);
    expect(mutants).toHaveLength(200);
    // The files are broken, not destroyed: many are still read, many are refused.
    const read = mutants.filter(({ outcome }) => outcome === 'finding');
    expect(read.length).toBeGreaterThan(60);
    expect(read.length).toBeLessThan(200);
    expect(read.reduce((sum, { values }) => sum + values, 0)).toBeGreaterThan(300);
  } finally {
    await documents.close();
    await models.close();
  }
}, 300_000);
