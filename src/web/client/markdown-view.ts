import { h } from './dom.ts';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';

export function markdownView(source: string): HTMLElement {
  return h('div', { class: 'markdown' }, parseMarkdown(source).map(blockView));
}

function blockView(block: Block): HTMLElement {
  switch (block.kind) {
    case 'heading':
      return h('p', { class: 'strong' }, block.content.map(inlineView));
    case 'list':
      return h(
        block.ordered ? 'ol' : 'ul',
        {},
        block.items.map((item) => h('li', {}, item.map(inlineView))),
      );
    case 'table':
      return h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            block.head.map((cell) => h('th', { scope: 'col' }, cell.map(inlineView))),
          ),
        ),
        h(
          'tbody',
          {},
          block.rows.map((row) =>
            h(
              'tr',
              {},
              row.map((cell) => h('td', {}, cell.map(inlineView))),
            ),
          ),
        ),
      );
    case 'paragraph':
      return h(
        'p',
        {},
        block.lines.flatMap((line, index) => [index > 0 && h('br'), line.map(inlineView)]),
      );
  }
}

function inlineView(inline: Inline): Node {
  switch (inline.kind) {
    case 'text':
      return document.createTextNode(inline.text);
    case 'code':
      return h('code', {}, inline.text);
    case 'link':
      return h('a', { href: inline.url, target: '_blank', rel: 'noopener noreferrer' }, inline.content.map(inlineView));
    case 'strong':
      return h('strong', {}, inline.content.map(inlineView));
    case 'emphasis':
      return h('em', {}, inline.content.map(inlineView));
    case 'deleted':
      return h('del', {}, inline.content.map(inlineView));
  }
}
