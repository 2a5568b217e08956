/**
 * The part of GitHub-flavoured Markdown that cards use, as a tree. HTML in the source is text like any other, images are
 * not loaded, and a link is kept only when it is absolute http or https.
 */
export type Block =
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis' | 'deleted'; readonly content: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly content: readonly Inline[] };

export function parseMarkdown(source: string): readonly Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (line.trim() === '') {
      at++;
    } else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]!.length, content: parseInline(heading[2]!) });
      at++;
    } else if (isItem(line)) {
      const items: string[] = [];
      const ordered = /^\s*\d/.test(line);
      for (; at < lines.length && lines[at]!.trim() !== ''; at++) {
        if (isItem(lines[at]!)) {
          items.push(lines[at]!.replace(/^\s*(?:[-*+]|\d{1,9}[.)])\s+/, ''));
        } else {
          items[items.length - 1] += ` ${lines[at]!.trim()}`;
        }
      }
      blocks.push({ kind: 'list', ordered, items: items.map(parseInline) });
    } else if (line.includes('|') && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[at + 1] ?? '')) {
      const head = cells(line).map(parseInline);
      const rows: Inline[][][] = [];
      for (at += 2; at < lines.length && lines[at]!.includes('|'); at++) {
        rows.push(cells(lines[at]!).map((cell) => [...parseInline(cell)]));
      }
      blocks.push({ kind: 'table', head, rows });
    } else {
      const paragraph: string[] = [];
      for (; at < lines.length && lines[at]!.trim() !== '' && !(paragraph.length > 0 && isItem(lines[at]!)); at++) {
        paragraph.push(lines[at]!);
      }
      blocks.push({ kind: 'paragraph', lines: joinLines(paragraph).map(parseInline) });
    }
  }
  return blocks;
}

/** Two spaces or a backslash at the end of a line break it; otherwise lines run on. */
function joinLines(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let open = '';
  for (const line of lines) {
    const broken = /( {2,}|\\)$/.test(line);
    open += (open === '' ? '' : ' ') + line.replace(/( {2,}|\\)$/, '').trim();
    if (broken) {
      joined.push(open);
      open = '';
    }
  }
  return open === '' ? joined : [...joined, open];
}

function isItem(line: string): boolean {
  return /^\s{0,3}(?:[-*+]|\d{1,9}[.)])\s+/.test(line);
}

function cells(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
const marks = [
  { open: '**', kind: 'strong' },
  { open: '~~', kind: 'deleted' },
  { open: '*', kind: 'emphasis' },
  { open: '_', kind: 'emphasis' },
] as const;

function parseInline(source: string): readonly Inline[] {
  const found: Inline[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') {
      found.push({ kind: 'text', text });
      text = '';
    }
  };
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const escaped = /^\\([!-/:-@[-`{-~])/.exec(rest);
    const entity = /^&(?:amp|lt|gt|quot|#39);/.exec(rest);
    const code = /^`([^`]+)`/.exec(rest);
    const link = /^\[((?:\\.|[^\]\\])*)\]\(([^\s()]+)\)/.exec(rest);
    const mark = marks.find(({ open }) => rest.startsWith(open));
    const end = mark ? closing(rest, mark.open) : -1;
    if (escaped) {
      text += escaped[1];
      at += 2;
    } else if (entity) {
      text += entities[entity[0]];
      at += entity[0].length;
    } else if (code) {
      flush();
      found.push({ kind: 'code', text: code[1]! });
      at += code[0].length;
    } else if (link && isWebAddress(link[2]!)) {
      flush();
      found.push({ kind: 'link', url: link[2]!, content: parseInline(link[1]!) });
      at += link[0].length;
    } else if (mark && end > 0) {
      flush();
      found.push({ kind: mark.kind, content: parseInline(rest.slice(mark.open.length, end)) });
      at += end + mark.open.length;
    } else {
      text += source[at];
      at++;
    }
  }
  flush();
  return found;
}

/** Where the mark closes, not counting escaped ones; -1 when it does not, or holds nothing. */
function closing(rest: string, open: string): number {
  if (/^\s/.test(rest.slice(open.length))) {
    return -1;
  }
  for (let at = open.length; at < rest.length; at++) {
    if (rest[at] === '\\') {
      at++;
    } else if (rest.startsWith(open, at) && at > open.length && !/\s/.test(rest[at - 1]!)) {
      return at;
    }
  }
  return -1;
}

function isWebAddress(url: string): boolean {
  return /^https?:\/\/[^\s]+$/i.test(url) && URL.canParse(url);
}
