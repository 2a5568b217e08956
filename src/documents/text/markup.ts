import { IntervalError } from '../../errors.ts';
import { decodeEntities } from './entities.ts';
import type { Element, Node } from './markup-tree.ts';

interface Open extends Element {
  readonly children: Node[];
}

/** Elements and nesting that no report has; more is data, or meant to hurt. */
const maxNodes = 400_000;
const maxDepth = 400;
/** Forgotten end tags of these pile up in old pages; nested too deep, they are left out and what they hold is kept. */
const formatting = new Set('a abbr b big center em font i s small span strike strong sub sup tt u'.split(' '));

const voids = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
const rawText = new Set(['script', 'style']);
/** HTML leaves out end tags: what a start tag closes, and the element that this may not reach beyond. */
const closes: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  li: [['li'], ['ul', 'ol']],
  p: [['p'], ['td', 'th', 'div', 'li']],
  div: [['p'], ['td', 'th', 'div', 'li']],
  table: [['p'], ['td', 'th', 'div', 'li']],
  dt: [['dt', 'dd'], ['dl']],
  dd: [['dt', 'dd'], ['dl']],
  option: [['option'], ['select']],
  td: [
    ['td', 'th'],
    ['tr', 'table'],
  ],
  th: [
    ['td', 'th'],
    ['tr', 'table'],
  ],
  tr: [
    ['tr', 'td', 'th'],
    ['tbody', 'thead', 'tfoot', 'table'],
  ],
  tbody: [['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], ['table']],
  thead: [['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], ['table']],
  tfoot: [['tbody', 'thead', 'tfoot', 'tr', 'td', 'th'], ['table']],
};
/** An end tag that matches nothing inside one of these closes nothing outside of it. */
const walls = new Set(['td', 'th', 'table']);
const throughWalls = new Set(['table', 'tbody', 'thead', 'tfoot', 'tr', 'td', 'th', 'body', 'html']);

function damaged(what: string): IntervalError {
  return new IntervalError('document-damaged', `The markup cannot be parsed: ${what}.`);
}

function attributesOf(source: string, html: boolean, decode: (text: string) => string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const match of source.matchAll(/([^\s=/"'<>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g)) {
    const name = match[1]!.replace(/^[^:]*:/, '');
    const key = html ? name.toLowerCase() : name;
    // The first of two counts, as in browsers; `xmlns:xsi` and the like are of no use here.
    if (!match[1]!.startsWith('xmlns') && !out.has(key)) {
      out.set(key, decode(match[2] ?? match[3] ?? match[4] ?? ''));
    }
  }
  return out;
}

/** Where a tag that starts at `from` ends: the first ">" outside of quotes; -1 when there is none. */
function tagEnd(text: string, from: number): number {
  let quote = '';
  let before = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (quote) {
      quote = character === quote ? '' : quote;
    } else if (character === '>') {
      return at;
    } else if ((character === '"' || character === "'") && before === '=') {
      quote = character;
    }
    before = /\s/.test(character) ? before : character;
  }
  return -1;
}

/** Skips a comment, declaration, instruction or CDATA section at `at`; gives where it ends and the text it holds. */
function special(text: string, at: number, html: boolean): { readonly end: number; readonly text: string } | undefined {
  const until = (mark: string, from: number) => {
    const end = text.indexOf(mark, from);
    if (end < 0) {
      throw damaged(`"${mark}" is missing`);
    }
    return end + mark.length;
  };
  if (text.startsWith('<!--', at)) {
    return { end: until('-->', at + 4), text: '' };
  }
  if (text.startsWith('<![CDATA[', at) && !html) {
    const end = until(']]>', at + 9);
    return { end, text: text.slice(at + 9, end - 3) };
  }
  if (text.startsWith('<!', at)) {
    const end = until('>', at);
    if (!html && text.slice(at, end).includes('[')) {
      throw new IntervalError('document-unsupported', 'XML that declares entities of its own is not read.');
    }
    return { end, text: '' };
  }
  return text.startsWith('<?', at) ? { end: until('>', at), text: '' } : undefined;
}

/**
 * The tree of an HTML or XML text, without recursion and without anything fetched. XML must be well formed, and may
 * declare no entities; HTML is read as browsers forgive it. Throws `document-damaged`, `document-unsupported`,
 * `document-too-large`, `document-unreadable`.
 */
export function parseMarkup(text: string, html: boolean): Element {
  const root: Open = { name: '#document', attributes: new Map(), children: [] };
  const stack: Open[] = [root];
  let nodes = 0;
  const decode = (raw: string) =>
    decodeEntities(
      raw,
      html,
      html
        ? undefined
        : () => {
            throw damaged('an entity is not known');
          },
    );
  const add = (node: Node) => {
    if (++nodes > maxNodes) {
      throw new IntervalError('document-too-large', `The document has more than ${maxNodes} elements.`);
    }
    stack.at(-1)!.children.push(node);
  };
  for (let at = 0; at < text.length; ) {
    const start = text.indexOf('<', at);
    const tagLike = start >= 0 && (!html || /[A-Za-z/!?]/.test(text[start + 1] ?? ''));
    const next = start < 0 ? text.length : tagLike ? start : start + 1;
    if (next > at) {
      add(decode(text.slice(at, next)));
    }
    at = next;
    if (!tagLike || start < 0) {
      continue;
    }
    const skipped = special(text, at, html);
    if (skipped) {
      if (skipped.text) {
        add(skipped.text);
      }
      at = skipped.end;
      continue;
    }
    const end = tagEnd(text, at);
    if (end < 0) {
      throw damaged('it ends inside a tag');
    }
    const tag = /^<(\/?)(?:[^\s/>:]*:)?([^\s/>]+)([\s\S]*?)(\/?)>$/.exec(text.slice(at, end + 1));
    at = end + 1;
    if (!tag) {
      throw damaged('a tag has no name');
    }
    const name = html ? tag[2]!.toLowerCase() : tag[2]!;
    if (tag[1]) {
      close(stack, name, html);
      continue;
    }
    if (html) {
      closeImplied(stack, name);
    }
    const element: Open = { name, attributes: attributesOf(tag[3]!, html, decode), children: [] };
    add(element);
    if ((html && voids.has(name)) || (!html && tag[4])) {
      continue;
    }
    if (html && rawText.has(name)) {
      const found = text.slice(at).search(new RegExp(`</${name}[\\s>]`, 'i'));
      const stop = found < 0 ? text.length : at + found;
      element.children.push(text.slice(at, stop));
      at = stop;
    }
    if (stack.length < maxDepth) {
      stack.push(element);
    } else if (!html || !formatting.has(name)) {
      throw new IntervalError('document-unreadable', 'The markup is nested deeper than any report.');
    }
  }
  if (!html && stack.length > 1) {
    throw damaged('it ends before its last end tag');
  }
  return root;
}

function close(stack: Open[], name: string, html: boolean): void {
  if (!html) {
    if (stack.length < 2 || stack.at(-1)!.name !== name) {
      throw damaged('an end tag has no start tag');
    }
    stack.pop();
    return;
  }
  for (let at = stack.length - 1; at > 0; at--) {
    if (stack[at]!.name === name) {
      stack.length = at;
      return;
    }
    if (walls.has(stack[at]!.name) && !throughWalls.has(name)) {
      return;
    }
  }
}

function closeImplied(stack: Open[], name: string): void {
  const rule = closes[name];
  if (!rule) {
    return;
  }
  const [ended, walled] = rule;
  let cut = stack.length;
  for (let at = stack.length - 1; at > 0 && !walled.includes(stack[at]!.name); at--) {
    if (ended.includes(stack[at]!.name)) {
      cut = at;
    }
  }
  stack.length = cut;
}
