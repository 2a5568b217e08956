import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { answerOf } from '../../src/cds-hooks/answer.ts';
import { detailLength, machineReadNotice } from '../../src/cds-hooks/detail.ts';
import { escapeMarkdown } from '../../src/cds-hooks/markdown.ts';
import { plainText } from '../../src/cds-hooks/plain-text.ts';
import { compile } from '../../src/cds-hooks/schemas/compile.ts';
import { responseSchema } from '../../src/cds-hooks/schemas/response.ts';
import { type Block, type Inline, parseMarkdown } from '../../src/web/client/markdown.ts';
import { summary } from './front.ts';

/**
 * X12 as a property: whatever a document or a model says, a card shows it and nothing happens. Texts are made of the
 * pieces from which live content is built, in any order, among letters of any script.
 */
const pieces = [
  ...'<>&[]()!`*_~#|\\:/@.\'"=+-{}^$'.split(''),
  ' ',
  '\n',
  '\n\n',
  '\t',
  '\u00a0',
  '\u200b',
  '\u202e',
  '\u00ad',
  '<img src=',
  '<iframe src="',
  '<svg/onload=',
  '<script>',
  '</script>',
  '<!--',
  '-->',
  '<![CDATA[',
  '<a href=',
  '![',
  '](',
  '][',
  ']: ',
  '[^1]',
  '](<',
  'https://',
  'http:',
  '//',
  'www.',
  'ftp://',
  'mailto:',
  'xmpp:',
  'javascript:',
  'data:text/html,',
  'evil.example',
  'a@b.example',
  '&lt;',
  '&#60;',
  '&#x3c;',
  '```',
  '~~~',
  '---',
  '===',
  '***',
  '- [x] ',
  '1. ',
  '> ',
  '# ',
  '|---|',
  '    ',
  'onerror=alert(1)',
  'K 6.8 mmol/L',
];
const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 24,
  })
  .map((parts) => parts.join(''));

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}
const parse = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
const typesOf = (markdown: string) => [...new Set(nodes(parse(markdown) as Node).map(({ type }) => type))];
const shown = (markdown: string) =>
  nodes(parse(markdown) as Node)
    .map(({ value = '' }) => value)
    .join('');
const kinds = (inlines: readonly Inline[]): readonly string[] =>
  inlines.flatMap((one) => ['content' in one ? [one.kind, ...kinds(one.content)] : [one.kind]].flat());
const blockKinds = (block: Block): readonly string[] =>
  'lines' in block
    ? block.lines.flatMap(kinds)
    : 'items' in block
      ? block.items.flatMap(kinds)
      : 'rows' in block
        ? ['table']
        : ['heading'];

const runs = { numRuns: 1000 };

describe('X12: text that was read, as a property', () => {
  test('is text and nothing else, alone and in a list, to a GFM parser and to our own page', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        expect(typesOf(escaped).every((type) => ['root', 'paragraph', 'text'].includes(type))).toBe(true);
        expect(
          typesOf(`- ${escaped}`).every((type) => ['root', 'list', 'listItem', 'paragraph', 'text'].includes(type)),
        ).toBe(true);
        const own = parseMarkdown(`- ${escaped}`).flatMap(blockKinds);
        expect(own.every((kind) => kind === 'text')).toBe(true);
      }),
      runs,
    );
  });

  test('holds no tag, no entity that is one, and no address that a renderer would link', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeMarkdown(text);
        expect(escaped).not.toMatch(/[<>\n\r\u200b\u202e\u00ad]/);
        expect(escaped).not.toMatch(/:\/\/\S|www\.\S|@[\p{L}\p{N}]/iu);
        // Once more through an escape, as a client that treats Markdown as HTML would: still no tag.
        expect(escaped.replace(/&(?:lt|gt|amp);/g, '')).not.toMatch(/&/);
      }),
      runs,
    );
  });

  test('says what it said, but for spaces', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const bare = (one: string) => one.replace(/\s+/gu, '');
        expect(bare(shown(`x ${escapeMarkdown(text)}`))).toBe(`x${bare(plainText(text))}`);
      }),
      runs,
    );
  });

  test('a whole answer of it is bounded, valid, inert, and never without its notice', () => {
    const check = compile(responseSchema);
    const long = fc.oneof(
      hostile,
      hostile.map((text) => text.repeat(40)),
    );
    const summaries = fc.array(
      fc.record({
        headline: long,
        lines: fc.array(long, { maxLength: 40 }),
        caveats: fc.array(long, { maxLength: 20 }),
        label: long,
        url: long,
        indicator: fc.constantFrom('info' as const, 'warning' as const, 'critical' as const),
        topic: fc.constantFrom('lab-report', 'recent-imaging'),
      }),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(summaries, long, (made, note) => {
        const { response, heldBack, given } = answerOf(
          {
            summaries: made.map(({ label, url, ...rest }) =>
              summary({
                ...rest,
                sources: Array.from({ length: 9 }, () => ({ label, date: label, reference: url, readBy: label })),
                links: [{ label, url }],
                citation: { label, url },
                overrideReasons: [{ code: 'misread', display: label }],
                suggestions: [
                  { label, actions: [{ type: 'delete', description: label, resourceId: 'ServiceRequest/1' }] },
                ],
              }),
            ),
            notes: [note],
          },
          [],
          {
            source: {
              label: 'Interval',
              publicUrl: 'https://interval.example',
              topicSystem: 'https://interval.example/topic',
              overrideReasonSystem: 'https://interval.example/reason',
            },
            ids: () => crypto.randomUUID(),
            limit: 5,
          },
        );
        expect(check(response)).toBeUndefined();
        expect(heldBack).toBe(0);
        expect(response.cards.length).toBeLessThanOrEqual(5);
        expect(given.map(({ uuid }) => uuid)).toEqual(response.cards.map(({ uuid }) => uuid));
        for (const card of response.cards) {
          const detail = card.detail ?? '';
          expect(detail.length).toBeLessThanOrEqual(detailLength);
          const allowed = ['root', 'paragraph', 'text', 'strong', 'list', 'listItem'];
          expect(typesOf(detail).every((type) => allowed.includes(type))).toBe(true);
          if (card.source.topic.code !== 'incomplete-answer') {
            expect(detail).toContain(machineReadNotice);
          }
          for (const { url } of card.links ?? []) {
            expect(['http:', 'https:']).toContain(new URL(url).protocol);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
