import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { type Hint, readNotification, type Sent } from '../../src/subscriptions/notification.ts';
import { isProved, showsProof } from '../../src/subscriptions/verify.ts';

const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const read = (body: unknown, over: Partial<Sent> = {}): Hint =>
  readNotification({ type: 'DiagnosticReport', body: bytes(body), ...over });
const refused = (body: unknown, over: Partial<Sent> = {}) => {
  try {
    return read(body, over);
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const entry = (over: object) => ({ resourceType: 'Bundle', type: 'history', entry: [over] });

describe('what a notification hints at', () => {
  test.each<[string, unknown, Partial<Sent>, Hint]>([
    ['a resource', { resourceType: 'DiagnosticReport', id: '1' }, {}, { references: ['DiagnosticReport/1'] }],
    ['an id alone', { resourceType: 'ImagingStudy', id: 'a.b-C' }, {}, { references: ['ImagingStudy/a.b-C'] }],
    ['nothing', '', {}, { references: [], anyOf: 'DiagnosticReport' }],
    ['an empty object', {}, {}, { references: [], anyOf: 'DiagnosticReport' }],
    ['a path', '', { named: ['DocumentReference', '7'] }, { references: ['DocumentReference/7'] }],
    ['a deletion', {}, { deleted: 'DiagnosticReport/9' }, { references: ['DiagnosticReport/9'] }],
    ['a handshake', entry({ resource: { resourceType: 'Parameters', id: 'x' } }), {}, { references: [] }],
    [
      'a bundle of ids',
      entry({ fullUrl: 'https://ehr.example/fhir/DiagnosticReport/5', request: { url: 'DiagnosticReport/5' } }),
      {},
      { references: ['DiagnosticReport/5'] },
    ],
    ['an empty bundle', { resourceType: 'Bundle', type: 'history' }, {}, { references: [] }],
  ])('%s', (_name, body, over, hint) => {
    expect(read(body, over)).toEqual(hint);
  });

  test.each<[string, unknown, Partial<Sent>, string]>([
    ['no JSON', '{"resourceType":', {}, 'request-malformed'],
    ['no object', '"text"', {}, 'request-malformed'],
    ['null', 'null', {}, 'request-malformed'],
    ['no id', { resourceType: 'DiagnosticReport' }, {}, 'request-malformed'],
    ['an id that is no text', { resourceType: 'DiagnosticReport', id: 1 }, {}, 'request-malformed'],
    ['an id of dots', { resourceType: 'DiagnosticReport', id: '..' }, {}, 'request-malformed'],
    ['an id with a query', { resourceType: 'DiagnosticReport', id: '1?_include=*' }, {}, 'request-malformed'],
    ['no type', { id: '1' }, {}, 'request-malformed'],
    ['another type', { resourceType: 'Observation', id: '1' }, {}, 'subject-unsupported'],
    ['another type in the path', '', { named: ['Patient', '1'] }, 'subject-unsupported'],
    ['another type that was deleted', {}, { deleted: 'Patient/1' }, 'subject-unsupported'],
    ['a deletion that is no reference', {}, { deleted: 'DiagnosticReport' }, 'request-malformed'],
    ['a longer path', {}, { deleted: 'DiagnosticReport/1/_history' }, 'request-malformed'],
    [
      'too many entries',
      { resourceType: 'Bundle', entry: Array.from({ length: 1001 }, () => ({})) },
      {},
      'request-too-large',
    ],
  ])('%s is refused', (_name, body, over, code) => {
    expect(refused(body, over)).toBe(code);
  });

  test('bytes that are no UTF-8 are refused', () => {
    expect(refused('', { body: Uint8Array.of(0x7b, 0xff, 0x7d) })).toBe('request-malformed');
  });
});

describe('who sends it', () => {
  const secret = 'a secret of thirty-two characters';
  const body = bytes({ resourceType: 'DiagnosticReport', id: '1' });
  const good = createHmac('sha256', secret).update(body).digest('hex');
  const of = (headers: Record<string, string>, header?: string): [boolean, boolean] => {
    const headerOf = (name: string) => headers[name.toLowerCase()];
    const proof = { secret, ...(header === undefined ? {} : { header }) };
    return [showsProof(headerOf, proof), isProved(headerOf, body, proof)];
  };

  test.each<[string, Record<string, string>, string | undefined, [boolean, boolean]]>([
    ['the signature', { 'x-signature': good }, undefined, [true, true]],
    ['the signature in capitals', { 'x-signature': good.toUpperCase() }, undefined, [true, true]],
    [
      'another signature',
      { 'x-signature': good.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
      undefined,
      [true, false],
    ],
    ['a part of it', { 'x-signature': good.slice(0, 32) }, undefined, [false, false]],
    ['nothing', {}, undefined, [false, false]],
    ['nothing where a header is expected', {}, 'Authorization', [false, false]],
    ['the bearer token', { authorization: `Bearer ${secret}` }, 'Authorization', [true, true]],
    ['the bare secret as Authorization', { authorization: secret }, 'Authorization', [false, false]],
    ['a header of the site', { 'x-arrival': secret }, 'X-Arrival', [true, true]],
    ['a longer secret', { 'x-arrival': `${secret}x` }, 'X-Arrival', [false, false]],
    ['a header that is not configured', { authorization: `Bearer ${secret}` }, undefined, [false, false]],
    // who signs must sign rightly, whatever else it shows
    [
      'a wrong signature beside the header',
      { 'x-signature': 'f'.repeat(64), 'x-arrival': secret },
      'X-Arrival',
      [true, false],
    ],
  ])('%s', (_name, headers, header, expected) => {
    expect(of(headers, header)).toEqual(expected);
  });
});
