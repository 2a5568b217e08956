import { describe, expect, test } from '@jest/globals';
import { escapeMarkdown } from '../../src/cds-hooks/markdown.ts';
import { type Block, type Inline, parseMarkdown } from '../../src/web/client/markdown.ts';

const textOf = (inlines: readonly Inline[]): string =>
  inlines.map((one) => ('text' in one ? one.text : textOf(one.content))).join('');
const kindsOf = (inlines: readonly Inline[]): readonly string[] =>
  inlines.flatMap((one) => ['content' in one ? [one.kind, ...kindsOf(one.content)] : [one.kind]].flat());

function onlyParagraph(source: string): readonly Inline[] {
  const [block, ...rest] = parseMarkdown(source) as [Block & { kind: 'paragraph' }];
  expect(rest).toEqual([]);
  expect(block.kind).toBe('paragraph');
  return block.lines[0]!;
}

describe('markdown of cards', () => {
  test('blocks: paragraphs, lists, tables, headings', () => {
    const blocks = parseMarkdown(
      'First line\nsame paragraph\n\n**Sources**\n\n- one\n- two **bold**\n\n| Test | Value |\n|---|---:|\n| K | 6.8 \\| high |\n\n## Rule\n1. first\n2. second',
    );
    expect(blocks.map(({ kind }) => kind)).toEqual(['paragraph', 'paragraph', 'list', 'table', 'heading', 'list']);
    const [paragraph, , list, table] = blocks;
    expect(textOf((paragraph as Block & { kind: 'paragraph' }).lines[0]!)).toBe('First line same paragraph');
    expect((list as Block & { kind: 'list' }).items.map(textOf)).toEqual(['one', 'two bold']);
    expect((table as Block & { kind: 'table' }).rows.map((row) => row.map(textOf))).toEqual([['K', '6.8 | high']]);
    expect((blocks[5] as Block & { kind: 'list' }).ordered).toBe(true);
  });

  test('inline: emphasis, code, escapes, entities, links', () => {
    const inlines = onlyParagraph(
      '**K** *high* ~~old~~ `6.8` \\*plain\\* a &lt; b [report](https://ehr.example/r?a=1)',
    );
    expect(textOf(inlines)).toBe('K high old 6.8 *plain* a < b report');
    expect(kindsOf(inlines)).toEqual(expect.arrayContaining(['strong', 'emphasis', 'deleted', 'code', 'link']));
  });

  test('nothing live comes out of hostile text', () => {
    for (const hostile of [
      '<img src=x onerror=alert(1)>',
      '<script>alert(1)</script>',
      '![x](https://evil.example/pixel.png)',
      '[click](javascript:alert(1))',
      '[click](data:text/html,x)',
      '[click](//evil.example)',
    ]) {
      const kinds = parseMarkdown(hostile).flatMap((block) =>
        block.kind === 'paragraph' ? block.lines.flatMap(kindsOf) : [block.kind],
      );
      expect([hostile, kinds.filter((kind) => kind === 'link' && !hostile.startsWith('!'))]).toEqual([hostile, []]);
    }
  });

  test('shows exactly what was escaped by the service', () => {
    for (const text of ['Na <130 & K >6.5 *critical*', '10^3/uL_x', '1. not a list', '- dash', 'a|b `c` [d](e) #f']) {
      expect(textOf(onlyParagraph(escapeMarkdown(text)))).toBe(text);
    }
  });

  test('does not hang on what never closes', () => {
    const begun = performance.now();
    parseMarkdown(`${'**['.repeat(3000)}\n${'|'.repeat(3000)}`);
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});
