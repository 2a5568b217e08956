import { IntervalError } from '../../errors.ts';
import { bold } from './grid.ts';
import { createRtfBlocks, type RtfBlocks } from './rtf-blocks.ts';
import { decodeRtfBytes, labelOfCodePage, labelOfFont } from './rtf-charset.ts';
import { rtfTokens } from './rtf-tokens.ts';
import { raised } from './script.ts';

/** Groups of which nothing is shown. */
const unseen = new Set(
  `fonttbl colortbl stylesheet listtable listoverridetable info pict object objdata fldinst themedata colorschememapping
  datastore latentstyles rsidtbl xmlnstbl generator filetbl revtbl sp annotation atnid atnauthor bkmkstart bkmkend
  footnote xe tc template private pgptbl nonesttables mmathPr formfield ftnsep ftnsepc aftnsep`.split(/\s+/),
);
/** Groups marked as optional that hold what is shown all the same. */
const shownThough = new Set(['shpinst', 'shptxt', 'fldrslt', 'nesttableprops', 'ud']);
const characters: Readonly<Record<string, string>> = {
  '~': '\u00a0',
  _: '-',
  '{': '{',
  '}': '}',
  '\\': '\\',
  bullet: '•',
  endash: '–',
  emdash: '—',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  emspace: ' ',
  enspace: ' ',
  qmspace: ' ',
};
const maxDepth = 500;

interface State {
  /** In a group of which nothing is shown. */
  readonly unseen: boolean;
  /** Marked as hidden or deleted. */
  readonly hidden: boolean;
  readonly footer: boolean;
  readonly bold: boolean;
  readonly script: '' | 'super' | 'sub';
  /** Characters that follow a `\u` for readers that know no Unicode. */
  readonly fallback: number;
  readonly font: number;
}

interface Font {
  charset?: number;
  name: string;
}

/**
 * RTF as lines of text as a reader would see it: tables and tabbed lists as columns, headers where they stand, footers
 * at the end, hidden and deleted text left out; a line "\f" begins a new page. Throws `document-damaged` for a file
 * that is cut, `document-unreadable` for one that is nested beyond reason, `document-too-large`.
 */
export function rtfLines(bytes: Uint8Array): readonly string[] {
  const body = createRtfBlocks();
  const footer = createRtfBlocks();
  const fonts = new Map<number, Font>();
  const stack: State[] = [];
  let state: State = { unseen: false, hidden: false, footer: false, bold: false, script: '', fallback: 1, font: -1 };
  let codePage = 'windows-1252';
  let defaultFont = -1;
  let inFonts = 0;
  let optional = false;
  let skip = 0;
  let pending: number[] = [];

  const blocks = (): RtfBlocks => (state.footer ? footer : body);
  const labelNow = () => {
    const font = fonts.get(state.font);
    return (font && labelOfFont(font.charset, font.name)) ?? codePage;
  };
  const say = (text: string) => {
    if (state.unseen || state.hidden) {
      return;
    }
    const { script } = state;
    const shown = script === 'super' ? raised(blocks().line(), text.trim()) : text;
    blocks().text(state.bold ? bold(shown) : shown);
  };
  const flush = () => {
    if (pending.length > 0) {
      const text = decodeRtfBytes(pending, labelNow());
      pending = [];
      say(text);
    }
  };
  const change = (more: Partial<State>) => {
    state = { ...state, ...more };
  };

  const word = (name: string, value: number | undefined): void => {
    const isOptional = optional;
    optional = name === '*';
    if (name === 'fonttbl') {
      inFonts = stack.length;
    }
    if (unseen.has(name) || (isOptional && !shownThough.has(name))) {
      change({ unseen: true });
    } else if (name === 'f') {
      change({ font: value ?? 0 });
      if (inFonts > 0 && !fonts.has(value ?? 0)) fonts.set(value ?? 0, { name: '' });
    } else if (name === 'fcharset' && inFonts > 0) {
      const font = fonts.get(state.font);
      if (font) font.charset = value ?? 0;
    } else if (name === 'deff') {
      defaultFont = value ?? 0;
      change({ font: defaultFont });
    } else if (name === 'ansicpg') {
      codePage = labelOfCodePage(value ?? 1252);
    } else if (name === 'mac') {
      codePage = 'macintosh';
    } else if (/^footer[lrf]?$/.test(name)) {
      change({ footer: true });
    } else if (name === 'plain') {
      change({ bold: false, script: '', hidden: false, font: defaultFont });
    } else if (name === 'b') {
      change({ bold: value !== 0 });
    } else if (name === 'v' || name === 'deleted') {
      change({ hidden: value !== 0 });
    } else if (name === 'super' || name === 'sub') {
      change({ script: value === 0 ? '' : name });
    } else if (name === 'nosupersub') {
      change({ script: '' });
    } else if (name === 'uc') {
      change({ fallback: Math.min(16, Math.max(0, value ?? 1)) });
    } else if (name === 'u' && value !== undefined) {
      say(String.fromCharCode(value & 0xffff));
      skip = state.fallback;
    } else if (name in characters) {
      say(characters[name]!);
    } else if (!state.unseen) {
      blocks().control(name, value);
    }
  };

  for (const token of rtfTokens(bytes)) {
    if (token.kind === 'byte') {
      optional = false;
      if (skip > 0) {
        skip--;
      } else if (inFonts > 0) {
        const font = fonts.get(state.font);
        if (font && font.name.length < 64) font.name += String.fromCharCode(token.byte);
      } else if (!state.unseen) {
        pending.push(token.byte);
      }
      continue;
    }
    flush();
    if (token.kind === 'word') {
      word(token.word, token.value);
      continue;
    }
    skip = 0;
    optional = false;
    if (token.kind === 'open') {
      if (stack.length >= maxDepth) {
        throw new IntervalError('document-unreadable', 'The RTF file is nested deeper than any report.');
      }
      stack.push(state);
    } else {
      if (inFonts > 0 && stack.length <= inFonts) inFonts = 0;
      state = stack.pop() ?? state;
    }
  }
  return [...body.end(), ...footer.end()];
}
