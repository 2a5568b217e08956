/** Defined terms of Specific Character Set (PS3.3 C.12.1.1.2) → WHATWG labels; the ISO 2022 names mean the same sets. */
const labels: Readonly<Record<string, string>> = {
  '': 'latin1',
  'ISO_IR 6': 'latin1',
  'ISO_IR 100': 'latin1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 87': 'iso-2022-jp',
  'ISO_IR 159': 'iso-2022-jp',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gbk',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/**
 * Text of one element by the data set's Specific Character Set values. What is not decodable is shown as U+FFFD, never
 * dropped, so that two different names do not become equal. Undeclared UTF-8 is recognised, since it is common.
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const terms = characterSets.map((term) =>
    term
      .trim()
      .toUpperCase()
      .replace(/^ISO 2022 IR /, 'ISO_IR '),
  );
  const multi = terms.map((term) => labels[term]).find((label) => label !== undefined && label !== 'latin1');
  let label = multi ?? 'latin1';
  if (label === 'iso-2022-jp' && !hasEscape(bytes)) {
    label = terms[0] === 'ISO_IR 13' ? 'shift_jis' : 'latin1';
  }
  const declared = terms.some((term) => term !== '' && term !== 'ISO_IR 6');
  const text = label === 'latin1' && !declared ? undeclared(bytes) : new TextDecoder(label).decode(bytes);
  // Escape sequences of the ISO 2022 sets that the decoder does not consume (Korean, Chinese).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC is what is being removed.
  return text.replace(/\u001b[\x20-\x2f]+[\x30-\x7e]/g, '').replace(/[\u0000 ]+$/, '');
}

function undeclared(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

function hasEscape(bytes: Uint8Array): boolean {
  return bytes.includes(0x1b);
}
