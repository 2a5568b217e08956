import { describe, expect, test } from '@jest/globals';
import { accepts } from './accepts.ts';

const isString = accepts({ type: 'string' });
const quoted = (...bytes: number[]) => Uint8Array.of(0x22, ...bytes, 0x22);

describe('strings', () => {
  test('every character of JSON in its shortest form', () => {
    for (const text of ['', 'a', 'é°µ', '血液', '😀', '\ud7ff\ue000\uffff\u{10ffff}', '\u007f', '"\\\n\r\t\b\f']) {
      expect(isString(JSON.stringify(text))).toBe(true);
    }
    expect(isString('"\\/"')).toBe(true);
  });

  test.each([
    ['a raw control', '"\n"'],
    ['an escape by number', '"\\u00b5"'],
    ['an escape that does not exist', '"\\x"'],
    ['no end', '"a'],
    ['an escaped end', '"a\\"'],
    ['more behind the end', '"a" '],
    ['a lone continuation', quoted(0x80)],
    ['an overlong slash', quoted(0xc0, 0xaf)],
    ['overlong in three bytes', quoted(0xe0, 0x9f, 0xbf)],
    ['overlong in four bytes', quoted(0xf0, 0x8f, 0xbf, 0xbf)],
    ['a surrogate', quoted(0xed, 0xa0, 0x80)],
    ['above the last code point', quoted(0xf4, 0x90, 0x80, 0x80)],
    ['a byte of no character', quoted(0xff)],
    ['a character that is not whole', quoted(0xe2, 0x82)],
  ])('not %s', (_, text) => expect(isString(text)).toBe(false));

  test('UTF-8 exactly as the decoder has it', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const valid = (bytes: Uint8Array) => {
      try {
        return decoder.decode(bytes) !== undefined;
      } catch {
        return false;
      }
    };
    const edges = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
    for (let first = 0x80; first < 0x100; first++) {
      for (const second of edges) {
        for (const rest of [[], [0x80], [0xbf, 0x80], [0x80, 0x7f], [0xc2, 0x80]]) {
          const bytes = [first, second, ...rest];
          expect([bytes, isString(quoted(...bytes))]).toEqual([bytes, valid(Uint8Array.from(bytes))]);
        }
      }
    }
  });

  test('length is counted in code points', () => {
    const two = accepts({ type: 'string', minLength: 2, maxLength: 3 });
    expect(['"😀é"', '"\\n\\""', '"abc"'].every(two)).toBe(true);
    expect(['""', '"😀"', '"\\\\"', '"abcd"', '"é😀\\t😀"'].some(two)).toBe(false);
    expect(accepts({ type: 'string', maxLength: 0 })('""')).toBe(true);
    expect(accepts({ type: 'string', maxLength: 0 })('"a"')).toBe(false);
  });
});

describe('patterns mean what they mean to ECMAScript', () => {
  const samples = [
    ...[
      '',
      'a',
      'b',
      'ab',
      'aab',
      'aaab',
      'abab',
      'A',
      '7',
      '42',
      '007',
      '-',
      '_',
      ' ',
      'a b',
      ' a',
      'a\n',
      '\n',
      '\r',
      '\t',
    ],
    ...[
      'é',
      'µg/dL',
      '°',
      '血',
      '😀',
      '😀😀',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '"',
      '\\',
      '\\d',
      '/',
      '.',
      '^',
      '$',
      'a$',
      '^a',
      '|',
    ],
    ...[
      '2024-02-29',
      '12:30',
      'x-y',
      'a-',
      ']',
      '[',
      '{',
      '}',
      'a{2}',
      '(a)',
      '\u007f',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10ffff}',
    ],
  ];
  test.each([
    ...[
      '^a$',
      '^a',
      'b$',
      'a',
      '',
      '^$',
      '^a|b$',
      '^(a|b)+$',
      '^(?:ab)*$',
      '^(?<x>a)b?$',
      '^a{2}b$',
      '^a{2,}b$',
      '^a{1,2}b$',
    ],
    ...[
      '^.$',
      '^.*$',
      '^\\d+$',
      '^\\D$',
      '^\\w+$',
      '^\\W$',
      '^\\s$',
      '^\\S$',
      '^[\\d-]$',
      '^[a-c]$',
      '^[^a-c]$',
      '^[^"]*$',
    ],
    ...[
      '^[^\\\\]$',
      '^\\\\d$',
      '^\\$$',
      '^a\\$$',
      '^\\^a$',
      '^[\\^\\]\\-\\[]$',
      '^[-a]$',
      '^[a-]+$',
      '^\\u00b5',
      '^\\x22$',
    ],
    ...[
      '^\\u{1F600}+$',
      '^[à-ÿ]$',
      '^[^\\s"]+$',
      '^\\d{4}-\\d\\d-\\d{2}$',
      '^(\\d{2}:?){2}$',
      '^[\\s\\S]$',
      '^\\n$',
      '^[\\t\\r]$',
    ],
    ...['^a*?b$', '^(a+|b+)*$', '^[\\ud000-\\uffff]$', '^\\{\\}?$', '^\\/$', '^[/.|]$', '^[^]$', '^()$', '^(|a)b$'],
  ])('%s', (pattern) => {
    const matches = accepts({ type: 'string', pattern });
    const regExp = new RegExp(pattern, 'u');
    // One control character, DEL apart, has no escape of one letter, and none of the samples is such.
    for (const sample of samples)
      expect([sample, matches(JSON.stringify(sample))]).toEqual([sample, regExp.test(sample)]);
  });

  test('with a length', () => {
    const both = accepts({ type: 'string', pattern: '^(ab|"|é)*$', minLength: 2, maxLength: 4 });
    expect(['ab', 'éé', '""', 'abab', '"ab"'].every((text) => both(JSON.stringify(text)))).toBe(true);
    expect(['', 'é', 'a', 'abc', 'ababab', 'éab""'].some((text) => both(JSON.stringify(text)))).toBe(false);
  });

  test.each([
    ...[
      '^(?=a)',
      '^(?!a)',
      '(?<=a)b',
      '(a)\\1',
      '\\bword',
      '^\\p{L}$',
      '^(^a)$',
      '^(a$)$',
      '(',
      'a**',
      '^[\\ud83d\\ude00]$',
      '^\\cJ$',
    ],
    ...['^(?i:a)$', '^(\\d{1000}){1000}$', '^[^\\ud83d]$'],
  ])('not %s', (pattern) => {
    expect(() => accepts({ type: 'string', pattern })).toThrow(
      expect.objectContaining({ code: 'schema-unsupported', message: expect.stringContaining('"pattern"') }),
    );
  });
});
