/** Windows code pages by the character set number of a font (`\fcharset`). */
const byCharset: Readonly<Record<number, string>> = {
  0: 'windows-1252',
  77: 'macintosh',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  163: 'windows-1258',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  222: 'windows-874',
  238: 'windows-1250',
};

const byCodePage: Readonly<Record<number, string>> = {
  437: 'windows-1252',
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  10000: 'macintosh',
  28591: 'windows-1252',
  28592: 'iso-8859-2',
  28605: 'iso-8859-15',
  65001: 'utf-8',
};

/** Decoder label of a code page (`\ansicpg`). */
export function labelOfCodePage(number: number): string {
  return byCodePage[number] ?? (number >= 1250 && number <= 1258 ? `windows-${number}` : 'windows-1252');
}

/** What the bytes of a font say: a label for TextDecoder, or `symbol`; undefined for the default of the document. */
export function labelOfFont(charset: number | undefined, name: string): string | undefined {
  if (charset === 2 || /^symbol\b/i.test(name.trim())) {
    return /wing|web/i.test(name) ? undefined : 'symbol';
  }
  return charset === undefined || charset === 1 ? undefined : byCharset[charset];
}

/** The font Symbol from 0x41 on: Greek letters where Latin ones stand, so that "mg" in it is "μγ". */
const symbolLetters = 'ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼';
const symbolSigns: Readonly<Record<number, string>> = {
  163: '≤',
  165: '∞',
  171: '↔',
  172: '←',
  173: '↑',
  174: '→',
  175: '↓',
  176: '°',
  177: '±',
  178: '″',
  179: '≥',
  180: '×',
  183: '•',
  184: '÷',
  185: '≠',
  187: '≈',
  189: '|',
  190: '―',
  215: '⋅',
  221: '⇑',
  223: '⇓',
};

function symbol(code: number): string {
  return symbolSigns[code] ?? symbolLetters[code - 0x41] ?? (code < 0x80 ? String.fromCharCode(code) : '\ufffd');
}

/** Bytes of a font in characters. Half a character of two bytes becomes a replacement character. */
export function decodeRtfBytes(bytes: readonly number[], label: string): string {
  return label === 'symbol'
    ? bytes.map(symbol).join('')
    : new TextDecoder(label).decode(Uint8Array.from(bytes)).replaceAll('\0', '');
}
