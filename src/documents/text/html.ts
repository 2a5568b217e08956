import { IntervalError } from '../../errors.ts';
import { bold, type Cell, gridLines, widthOf, wrapped } from './grid.ts';
import { shownBy } from './hidden.ts';
import { parseMarkup } from './markup.ts';
import { childrenOf, type Element, type Node, textOf } from './markup-tree.ts';
import { expandTabs } from './plain-text.ts';
import { raised } from './script.ts';

/** Elements that begin and end a line; after those of `apart` a line is left free. HTML first, then CDA's own. */
const blocks = new Set(
  `address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form
  h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary ul list item paragraph text
  title`.split(/\s+/),
);
const apart = new Set('h1 h2 h3 h4 h5 h6 p ul ol dl list paragraph fieldset hr pre'.split(' '));
const strong = new Set(['b', 'strong', 'th', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'caption']);

interface Style {
  readonly bold: boolean;
  readonly pre: boolean;
}

interface Flow {
  readonly shown: (element: Element) => boolean;
  readonly lines: string[];
  /** The line that is being written. */
  inline: string;
}

const isBold = ({ name, attributes }: Element) =>
  strong.has(name) ||
  /font-weight\s*:\s*(?:bold|bolder|[6-9]00)/i.test(attributes.get('style') ?? '') ||
  /\bBold\b/.test(attributes.get('styleCode') ?? '');

function endLine(flow: Flow, pre = false): void {
  const lines = pre ? [flow.inline.trimEnd()] : wrapped(flow.inline);
  flow.lines.push(...(lines.length > 1 || widthOf(lines[0] ?? '') > 0 ? lines : []));
  flow.inline = '';
}

function freeLine(flow: Flow): void {
  if (flow.lines.length > 0 && flow.lines.at(-1) !== '') {
    flow.lines.push('');
  }
}

function writeText(flow: Flow, text: string, style: Style): void {
  const marked = style.bold ? bold(text) : text;
  if (!style.pre) {
    flow.inline += marked.replace(/[ \t\n\r\f]+/g, ' ');
    return;
  }
  const [first, ...rest] = marked.split(/\r\n|\r|\n/).map(expandTabs);
  flow.inline += first!;
  for (const line of rest) {
    flow.lines.push(flow.inline.trimEnd());
    flow.inline = line;
  }
}

function write(flow: Flow, node: Node, style: Style): void {
  if (typeof node === 'string') {
    writeText(flow, node, style);
    return;
  }
  if (!flow.shown(node)) {
    return;
  }
  const { name, attributes } = node;
  const css = attributes.get('style') ?? '';
  const own: Style = {
    bold: style.bold || isBold(node),
    pre: style.pre || name === 'pre' || /white-space\s*:\s*pre/i.test(css),
  };
  if (/break-before\s*:\s*(?:always|page)/i.test(css)) {
    endLine(flow);
    flow.lines.push('\f');
  }
  if (name === 'br') {
    flow.lines.push(...(flow.inline.trim() === '' ? [''] : []));
    endLine(flow, style.pre);
  } else if (name === 'table') {
    endLine(flow, style.pre);
    freeLine(flow);
    flow.lines.push(...tableLines(flow, node, own), '');
  } else if (name === 'sup' || name === 'sub') {
    const text = textOf(node);
    writeText(flow, name === 'sup' ? raised(flow.inline, text) : text, own);
  } else if (name === 'input') {
    writeText(flow, ` ${attributes.get('value') ?? ''} `, own);
  } else if (name === 'option') {
    writeText(flow, attributes.has('selected') ? ` ${textOf(node)} ` : '', own);
  } else {
    writeChildren(flow, node, style, own);
  }
  if (/break-after\s*:\s*(?:always|page)/i.test(css)) {
    endLine(flow);
    flow.lines.push('\f');
  }
}

/**
 * Two spans side by side that a style sheet draws apart: "7.1", "mmol/L" and "High" as three of them. Letters and signs only:
 * "13" and ".5" in spans of their own are one number.
 */
function isBeside(flow: Flow, node: Node, before: Node | undefined): boolean {
  const styled = (one: Node | undefined): one is Element =>
    typeof one === 'object' && one.name === 'span' && one.attributes.has('class') && flow.shown(one);
  return styled(node) && styled(before) && /\S$/.test(flow.inline) && /^[\p{L}µ(↑↓*]/u.test(textOf(node));
}

function writeChildren(flow: Flow, node: Element, outer: Style, own: Style): void {
  const block = blocks.has(node.name);
  if (block) {
    endLine(flow, outer.pre);
  }
  if (apart.has(node.name)) {
    freeLine(flow);
  }
  node.children.forEach((child, at) => {
    if (!own.pre && isBeside(flow, child, node.children[at - 1])) flow.inline += ' ';
    write(flow, child, own);
  });
  if (block) {
    endLine(flow, own.pre);
  }
  if (apart.has(node.name)) {
    freeLine(flow);
  }
}

/** The rows of a table, head first and foot last wherever they stand. */
function rowsOf(table: Element, shown: Flow['shown']): readonly Element[] {
  const parts = childrenOf(table).filter(shown);
  const rows = (...names: readonly string[]) =>
    parts.filter(({ name }) => names.includes(name)).flatMap((part) => childrenOf(part, 'tr'));
  const body = parts.flatMap((part) =>
    part.name === 'tr' ? [part] : part.name === 'tbody' ? childrenOf(part, 'tr') : [],
  );
  return [...rows('thead'), ...body, ...rows('tfoot')].filter(shown);
}

const count = (text: string | undefined, most: number) =>
  Math.min(most, Math.max(1, Number.parseInt(text ?? '1', 10) || 1));

function tableLines(flow: Flow, table: Element, style: Style): readonly string[] {
  const { shown } = flow;
  const captions = childrenOf(table, 'caption').flatMap((caption) => linesIn(caption, shown, { ...style, bold: true }));
  // Columns that a cell of a row above reaches down into, and for how many rows more.
  const taken = new Map<number, number>();
  const grid = rowsOf(table, shown).map((row) => {
    const cells: Cell[] = [];
    let column = 0;
    const skip = () => {
      while (taken.has(column)) {
        cells.push({ lines: [] });
        column++;
      }
    };
    for (const cell of childrenOf(row)) {
      if ((cell.name !== 'td' && cell.name !== 'th') || !shown(cell)) {
        continue;
      }
      skip();
      const span = count(cell.attributes.get('colspan'), 100);
      const down = count(cell.attributes.get('rowspan'), 1000);
      const inside = { ...style, bold: style.bold || isBold(cell) || isBold(row) };
      cells.push({ lines: linesIn(cell, shown, inside), span });
      for (let at = column; down > 1 && at < column + span; at++) {
        taken.set(at, down);
      }
      column += span;
    }
    skip();
    for (const [at, left] of taken) {
      left > 1 ? taken.set(at, left - 1) : taken.delete(at);
    }
    return cells;
  });
  return [...captions, ...gridLines(grid)];
}

/** What stands in a cell or caption, without free lines. */
function linesIn(element: Element, shown: Flow['shown'], style: Style): readonly string[] {
  return blockLines(element.children, shown, style).filter((line) => line.trim() !== '' && line !== '\f');
}

function blockLines(nodes: readonly Node[], shown: Flow['shown'], style: Style): readonly string[] {
  const flow: Flow = { shown, lines: [], inline: '' };
  for (const node of nodes) {
    write(flow, node, style);
  }
  endLine(flow, style.pre);
  return flow.lines;
}

/** Lines of text of a part of a page: tables as columns, blocks on lines of their own, hidden parts left out. */
export function linesOfMarkup(element: Element): readonly string[] {
  return blockLines(element.children, shownBy(element), { bold: false, pre: false });
}

/**
 * HTML as lines of text as a reader would see it; a line "\f" begins a new page. Nothing is run or fetched. Throws
 * `document-damaged` when a page with an `html` tag ends before its body does, and what `parseMarkup` throws.
 */
export function htmlLines(text: string): readonly string[] {
  if (/<html[\s>]/i.test(text) && !/<\/(?:html|body)\s*>/i.test(text)) {
    // Browsers forgive this, but part of a report is worse than none.
    throw new IntervalError('document-damaged', 'The HTML ends before its end tag: it is truncated.');
  }
  return linesOfMarkup(parseMarkup(text, true));
}
