import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { attachmentBytes } from '../../src/documents/attachment.ts';

const signal = new AbortController().signal;
const never = () => Promise.reject(new Error('not to be called'));
const bytes = new TextEncoder().encode('Sodium 140');
const data = Buffer.from(bytes).toString('base64');
const sha1 = createHash('sha1').update(bytes).digest('base64');
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  );

test('inline data, with size and hash that fit', async () => {
  const got = await attachmentBytes({ data, size: 10, hash: sha1, contentType: 'text/plain' }, never, signal);
  expect(Buffer.from(got.bytes).toString()).toBe('Sodium 140');
  expect(got).toMatchObject({
    contentType: 'text/plain',
    notes: [],
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

test('a wrong size and hash are noted, not refused', async () => {
  const got = await attachmentBytes({ data, size: 11, hash: 'AAAA', url: 'Binary/1' }, never, signal);
  expect(got.notes).toEqual(['size-mismatch', 'hash-mismatch', 'also-url']);
});

test('a URL goes through the function that was given, and its content type wins', async () => {
  const asked: string[] = [];
  const fetchBinary = async (url: string) => {
    asked.push(url);
    return { bytes, contentType: 'application/pdf' };
  };
  const got = await attachmentBytes({ url: 'Binary/7', contentType: 'text/plain' }, fetchBinary, signal);
  expect(asked).toEqual(['Binary/7']);
  expect(got.contentType).toBe('application/pdf');
});

test.each([
  [{}, 'attachment-missing'],
  [{ data: 'U29kaXVt!' }, 'document-damaged'],
  [{ data: 'U29kaXV' }, 'document-damaged'],
  [{ data: 'U29kaXVn=A==' }, 'document-damaged'],
  [{ data: 'U3==' }, 'document-damaged'],
  [{ data: Buffer.alloc(2000).toString('base64') }, 'document-too-large'],
])('%j → %s', async (attachment, expected) => {
  expect(await code(attachmentBytes(attachment, never, signal, 1000))).toBe(expected);
});
