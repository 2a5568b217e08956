import type { Box, Page, PagedDocument, Word } from '../../../src/documents/page.ts';
import { createSamples } from '../../../src/samples/create.ts';
import type { ExpectedLabReading } from '../../../src/samples/sample.ts';

/** Plain text as one page of character cells, as the documents room would open it. */
export function textPage(text: string, number = 1): Page {
  const lines = text.split('\n');
  const words: Word[] = lines.flatMap((line, row) =>
    [...line.matchAll(/\S+/g)].map(({ 0: word, index }) => {
      const box: Box = [index, row, index + word.length, row + 1];
      return { text: word, box, confidence: 1, fontSize: 1, bold: false };
    }),
  );
  return {
    number,
    width: Math.max(...lines.map(({ length }) => length)),
    height: lines.length,
    unit: 'character',
    source: 'plain-text',
    words,
  };
}

export function documentOf(...pages: readonly Page[]): PagedDocument {
  return { sha256: 'a'.repeat(64), contentType: 'text/plain', pages };
}

/** Every lab report of the sample patients that holds a finding, with the truth about it. */
export async function* sampleReports(): AsyncGenerator<{ id: string; file: Uint8Array; reading: ExpectedLabReading }> {
  const set = await createSamples({ now: new Date(), timeZone: 'UTC' });
  for (const { id, resources, binaries, expected } of set.samples) {
    for (const reading of expected.readings) {
      if (reading.analysis !== 'lab-report' || reading.outcome !== 'finding') continue;
      const resource = JSON.stringify(resources.find((each) => reading.subject.endsWith(`/${each.id}`)));
      const binary = binaries.find((each) => resource.includes(`Binary/${each.id}`));
      const data = /"data":"([^"]+)"/.exec(resource)?.[1];
      yield { id, reading, file: binary ? await binary.bytes() : new Uint8Array(Buffer.from(data!, 'base64')) };
    }
  }
}
