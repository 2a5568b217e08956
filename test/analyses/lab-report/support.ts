import type { Box, Page, PagedDocument, Word } from '../../../src/documents/page.ts';

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
