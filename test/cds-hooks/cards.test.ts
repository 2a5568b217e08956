import { describe, expect, test } from '@jest/globals';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { answerOf } from '../../src/cds-hooks/answer.ts';
import { escapeMarkdown } from '../../src/cds-hooks/markdown.ts';
import { clip, plainText } from '../../src/cds-hooks/plain-text.ts';
import { compile } from '../../src/cds-hooks/schemas/compile.ts';
import { responseSchema } from '../../src/cds-hooks/schemas/response.ts';
import type { Summary } from '../../src/summary.ts';
import { summary } from './front.ts';

const check = compile(responseSchema);

function answer(summaries: readonly Summary[], notes: readonly string[] = [], limit = 5) {
  let count = 0;
  const { response, heldBack } = answerOf({ summaries, notes }, [], {
    source: {
      label: 'Interval',
      publicUrl: 'https://interval.example/cds',
      topicSystem: 'https://interval.example/topic',
      topicDisplays: { 'contrast-egfr': 'Contrast and kidney function' },
      overrideReasonSystem: 'https://interval.example/reason',
    },
    ids: () => {
      count += 1;
      return `id-${count}`;
    },
    limit,
  });
  expect(check(response)).toBeUndefined();
  expect(heldBack).toBe(0);
  return response.cards;
}

const parse = (text: string) => fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
}
const nodes = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(nodes)];
const types = (text: string) => new Set(nodes(parse(text) as Node).map(({ type }) => type));
const shown = (text: string) =>
  nodes(parse(text) as Node)
    .map(({ value = '' }) => value)
    .join('');

const hostile = [
  '<img src=x onerror=alert(1)>',
  '<iframe src="https://evil.example"></iframe>',
  '<script>alert(1)</script>',
  '<!-- hidden -->',
  '![x](https://evil.example/a.png)',
  '[click](javascript:alert(1))',
  '[click][1]',
  '[1]: https://evil.example',
  '<https://evil.example>',
  'see https://evil.example/path?q=1 now',
  'see http://evil.example',
  'ftp://evil.example',
  'www.evil.example',
  'WWW.EVIL.EXAMPLE/x',
  'mail doctor@evil.example',
  'mailto:doctor@evil.example',
  'xmpp:doctor@evil.example',
  '**bold** _it_ ~~gone~~ `code`',
  '```\ncode\n```',
  '# heading',
  '- [ ] task',
  '1. one',
  '1) one',
  '+ plus',
  '> quote',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  'text\n===',
  '---',
  '***',
  '[^1] and [^1]: note',
  '&lt;img src=x&gt; &#60;b&#62;',
  '\\<b\\> \\[x\\](y)',
  'https:\\/\\/evil.example',
  '\u202Egnp.exe',
  'http\u200B://evil.example and h\u00ADttps://evil.example',
];

describe('X12: text that was read is only text', () => {
  test.each(hostile)('%j', (text) => {
    for (const markdown of [escapeMarkdown(text), `- ${escapeMarkdown(text)}`]) {
      for (const type of types(markdown)) {
        expect(['root', 'paragraph', 'text', 'list', 'listItem']).toContain(type);
      }
      expect(nodes(parse(markdown) as Node).filter(({ type }) => type === 'list')).toHaveLength(
        markdown.startsWith('- ') ? 1 : 0,
      );
      expect(markdown).not.toMatch(/[<>]|:\/\/\S|www\.|@\w/i);
    }
  });

  test('what it says stays readable', () => {
    for (const text of [
      'eGFR < 30 mL/min/1.73 m² (H)',
      'K+ 6.8 * high_flag',
      'A & B #2 [see note] 50%',
      '-5 to +3',
      'Müller’s “café” – 3 µmol/L',
    ]) {
      expect(shown(escapeMarkdown(text))).toBe(text);
    }
  });

  test('a whole card made of hostile text has no live part', () => {
    const text = hostile.join(' ');
    for (const one of hostile) {
      const [card] = answer([
        summary({
          headline: one,
          lines: [one, text],
          caveats: [one],
          sources: [{ label: one, date: one, reference: one, readBy: one }],
          citation: { label: one },
          links: [
            { label: one, url: one },
            { label: 'x', url: 'javascript:alert(1)' },
            { label: 'y', url: '//evil' },
          ],
        }),
      ]);
      for (const type of types(card?.detail ?? '')) {
        expect(['root', 'paragraph', 'text', 'strong', 'list', 'listItem']).toContain(type);
      }
      expect(card?.links?.every(({ url }) => url.startsWith('http'))).not.toBe(false);
    }
  });

  test('plain text loses what cannot be seen, and half characters', () => {
    expect(plainText('a\u0000b\u202Ec\ud800d\r\n e\u{E0041}')).toBe('abcd e');
    expect(clip(`${'a'.repeat(9)}\u{1F600}b`, 11)).toBe(`${'a'.repeat(9)}…`);
    expect(clip('one two three four', 15)).toBe('one two three…');
  });
});

describe('cards', () => {
  test('the finding first; what it was read from, by whom, and the notice', () => {
    const [card] = answer([
      summary({ caveats: ['Specimen haemolysed'], overrideReasons: [{ code: 'a', display: 'B' }] }),
    ]);
    expect(card).toEqual({
      uuid: 'id-1',
      summary: 'Potassium 6.8 mmol/L (critical) in an outside report of 2026-03-01',
      detail: [
        '- Potassium 6.8 mmol/L, reference 3.5–5.1',
        '**Sources**\n\n- Outside report, 2026-03-01, read by embedded 0.1.0',
        '**Bear in mind**\n\n- Specimen haemolysed',
        '**Read by machine, not verified by a person, not for diagnosis.**',
      ].join('\n\n'),
      indicator: 'info',
      source: {
        label: 'Interval',
        url: 'https://interval.example/cds',
        topic: { system: 'https://interval.example/topic', code: 'lab-report', display: 'Lab report' },
      },
      overrideReasons: [{ system: 'https://interval.example/reason', code: 'a', display: 'B' }],
    });
  });

  test('a topic is displayed as its code system has it', () => {
    expect(answer([summary({ topic: 'contrast-egfr' })])[0]?.source.topic.display).toBe('Contrast and kidney function');
  });

  test('the notice is not put on what no machine read', () => {
    const [card] = answer([summary({ sources: [{ label: 'TSH', reference: 'Observation/1' }] })]);
    expect(card?.detail).not.toContain('machine');
  });

  test('R3: a summary is cut below 140 characters, never empty', () => {
    expect(answer([summary({ headline: 'word '.repeat(60) })])[0]?.summary.length).toBeLessThan(140);
    expect(answer([summary({ headline: 'x'.repeat(139) })])[0]?.summary).toHaveLength(139);
    expect(answer([summary({ headline: ' \u200B ' })])[0]?.summary).toBe('Lab report');
  });

  test('ranked worst first, in given order within, the same said once', () => {
    const headlines = answer([
      summary({ headline: 'a' }),
      summary({ headline: 'b', indicator: 'warning' }),
      summary({ headline: 'c', indicator: 'critical' }),
      summary({ headline: 'd', indicator: 'warning' }),
      summary({ headline: 'a' }),
    ]).map((card) => card.summary);
    expect(headlines).toEqual(['c', 'b', 'd', 'a']);
  });

  test('at most five: the last stands for the rest, by name, with the worst indicator of them', () => {
    const cards = answer(
      Array.from({ length: 30 }, (_, index) =>
        summary({ headline: `finding ${index}`, indicator: index < 20 ? 'warning' : 'info' }),
      ),
    );
    expect(cards).toHaveLength(5);
    expect(cards[4]).toMatchObject({ indicator: 'warning', source: { topic: { code: 'further-findings' } } });
    expect(cards[4]?.summary).toMatch(/^26 more: finding 4; /);
    expect(cards[4]?.detail).toContain('… and 15 more');
    expect(cards[4]?.detail?.length).toBeLessThan(8000);
  });

  test('R8–R19: suggestions have uuids, selectionBehavior any; those without actions or label are left out', () => {
    const remove = { type: 'delete', description: '', resourceId: 'ServiceRequest/1' } as const;
    const [card] = answer([
      summary({
        suggestions: [
          { label: 'Remove', recommended: true, actions: [remove] },
          { label: 'Nothing', actions: [] },
          { label: ' ', actions: [remove] },
        ],
      }),
    ]);
    expect(card?.selectionBehavior).toBe('any');
    expect(card?.suggestions).toEqual([
      {
        label: 'Remove',
        uuid: 'id-1',
        isRecommended: true,
        actions: [{ type: 'delete', description: 'Remove', resourceId: 'ServiceRequest/1' }],
      },
    ]);
  });

  test('R22: links are absolute, below the public URL, or to a citation', () => {
    const [card] = answer([
      summary({
        links: [{ label: 'Review', url: '/review/1?page=2' }],
        citation: { label: 'Guideline', url: 'https://doi.org/10.1148/radiol.2019192094' },
      }),
    ]);
    expect(card?.links).toEqual([
      { label: 'Review', url: 'https://interval.example/cds/review/1?page=2', type: 'absolute' },
      { label: 'Guideline', url: 'https://doi.org/10.1148/radiol.2019192094', type: 'absolute' },
    ]);
  });

  test('a note stands on every card, or in a card of its own', () => {
    expect(answer([summary()], ['Studies were not read.'])[0]?.detail).toContain('Studies were not read.');
    const [card] = answer([], ['One more is being read.', 'Another note.']);
    expect([card?.summary, card?.detail]).toEqual(['One more is being read.', '- Another note.']);
    expect(answer([], [])).toEqual([]);
  });

  test('a card that breaks the specification is held back', () => {
    const broken = { type: 'update', description: 'x', resource: { resourceType: 'ServiceRequest' } } as const;
    const { response, heldBack } = answerOf(
      { summaries: [summary({ suggestions: [{ label: 'x', actions: [broken] }] }), summary({ headline: 'good' })] },
      [],
      {
        source: { label: 'I', publicUrl: 'https://i.example', topicSystem: 't', overrideReasonSystem: 'o' },
        ids: () => 'u',
        limit: 5,
      },
    );
    expect([response.cards.map((card) => card.summary), heldBack]).toEqual([['good'], 1]);
  });
});
