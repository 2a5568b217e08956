import { describe, expect, test } from '@jest/globals';
import { parseMediaType, parseMultipart } from '../../src/imaging/multipart.ts';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const split = (text: string, most = 10) =>
  parseMultipart(bytes(text), 'B', most).map(({ body }) => Buffer.from(body).toString('latin1'));

describe('media type', () => {
  test('a semicolon inside quotes does not separate', () => {
    const header = 'multipart/related; type="image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70"; boundary=a-b_c';
    expect(parseMediaType(header)).toEqual({
      type: 'multipart/related',
      parameters: { type: 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70', boundary: 'a-b_c' },
    });
  });

  test('quotes, escapes, spaces, capitals, nothing', () => {
    expect(parseMediaType('Multipart/Related ; Boundary = "x\\"y;z"').parameters).toEqual({ boundary: 'x"y;z' });
    expect(parseMediaType('')).toEqual({ type: '', parameters: {} });
  });
});

describe('multipart body', () => {
  test.each([
    ['plain', '--B\r\nContent-Type: a/b\r\n\r\none\r\n--B\r\n\r\ntwo\r\n--B--\r\n', ['one', 'two']],
    ['preamble and epilogue', 'hello\r\n--B\r\nA: b\r\n\r\none\r\n--B--\r\nbye', ['one']],
    ['line feeds only', '--B\nA: b\n\none\n--B--\n', ['one']],
    ['no line break behind the end', '--B\r\nA: b\r\n\r\none\r\n--B--', ['one']],
    ['an empty part', '--B\r\nA: b\r\n\r\n\r\n--B--', ['']],
    ['a delimiter inside a line', '--B\r\nA: b\r\n\r\none --B two\r\n--B--', ['one --B two']],
    [
      'a delimiter inside the data, told by the length',
      '--B\r\nContent-Length: 9\r\n\r\none\r\n--Bx\r\n--B--',
      ['one\r\n--Bx'],
    ],
    ['a wrong length', '--B\r\nContent-Length: 2\r\n\r\none\r\n--B--', ['one']],
    ['a length beyond the end', '--B\r\nContent-Length: 99\r\n\r\none\r\n--B--', ['one']],
    ['line breaks at the end of the data', '--B\r\nA: b\r\n\r\none\r\n\r\n\r\n--B--', ['one\r\n\r\n']],
    ['nothing at all', '--B--', []],
  ])('%s', (_, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  test('headers are read, names in lower case', () => {
    const [part] = parseMultipart(bytes('--B\r\nContent-Type: a/b; c="d:e"\r\nX:1\r\n\r\n.\r\n--B--'), 'B', 1);
    expect(part!.headers).toEqual({ 'content-type': 'a/b; c="d:e"', x: '1' });
  });

  test.each([
    ['empty', ''],
    ['without the boundary', 'one\r\ntwo'],
    ['ends in the headers', '--B\r\nContent-Type: a/b'],
    ['ends in a part', '--B\r\nA: b\r\n\r\none'],
    ['the end is missing', '--B\r\nA: b\r\n\r\none\r\n--B'],
  ])('%s is a bad answer', (_, text) => {
    expect(() => split(text)).toThrow(expect.objectContaining({ code: 'dicomweb-bad-answer' }));
  });

  test('too many parts; no boundary', () => {
    const part = '--B\r\n\r\none\r\n';
    expect(() => split(`${part.repeat(3)}--B--`, 2)).toThrow(expect.objectContaining({ code: 'dicomweb-too-large' }));
    expect(() => parseMultipart(bytes(part), '', 2)).toThrow(expect.objectContaining({ code: 'dicomweb-bad-answer' }));
  });
});
