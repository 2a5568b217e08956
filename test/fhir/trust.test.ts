import { describe, expect, test } from '@jest/globals';
import { trustedServer } from '../../src/fhir/trust.ts';

const listed = ['https://ehr.example.org/fhir/r4', 'https://ehr.example.org:8443/fhir', 'http://localhost:8103/fhir'];

describe('trustedServer', () => {
  test.each([
    ['https://ehr.example.org/fhir/r4', 'https://ehr.example.org/fhir/r4'],
    ['https://ehr.example.org/fhir/r4/', 'https://ehr.example.org/fhir/r4'],
    ['https://EHR.example.org/fhir/r4', 'https://ehr.example.org/fhir/r4'],
    ['HTTPS://ehr.example.org/fhir/r4', undefined],
    ['https://ehr.example.org/fhir/r4/tenant-7', 'https://ehr.example.org/fhir/r4/tenant-7'],
    ['https://ehr.example.org:8443/fhir', 'https://ehr.example.org:8443/fhir'],
  ])('%s', (url, base) => {
    const trust = trustedServer(url, { listed });
    expect(trust.trusted ? trust.base : undefined).toBe(base);
  });

  test('names the entry that matched, for its settings', () => {
    expect(trustedServer('https://ehr.example.org/fhir/r4/x', { listed })).toMatchObject({ entry: listed[0] });
  });

  test.each([
    ['another host', 'https://evil.example.org/fhir/r4'],
    ['a host that starts the same', 'https://ehr.example.org.evil.test/fhir/r4'],
    ['another port', 'https://ehr.example.org:9443/fhir/r4'],
    ['a default port written out', 'https://ehr.example.org:443/fhir/r4'],
    ['a path that starts the same', 'https://ehr.example.org/fhir/r4x'],
    ['a path above', 'https://ehr.example.org/fhir'],
    ['user information', 'https://ehr.example.org@evil.test/fhir/r4'],
    ['user information before the right host', 'https://me:secret@ehr.example.org/fhir/r4'],
    ['an empty user', 'https://@ehr.example.org/fhir/r4'],
    ['dots that leave the path', 'https://ehr.example.org/fhir/r4/../../admin'],
    ['dots that come back', 'https://ehr.example.org/x/../fhir/r4'],
    ['encoded dots', 'https://ehr.example.org/fhir/r4/%2e%2e/admin'],
    ['an encoded slash', 'https://ehr.example.org/fhir%2fr4'],
    ['an encoded slash below', 'https://ehr.example.org/fhir/r4/a%2Fb'],
    ['a backslash', 'https://ehr.example.org\\@evil.test/fhir/r4'],
    ['a backslash in the path', 'https://ehr.example.org/fhir/r4\\..\\admin'],
    ['a double slash', 'https://ehr.example.org/fhir//r4'],
    ['a trailing dot', 'https://ehr.example.org./fhir/r4'],
    ['a unicode host', 'https://ehr.exаmple.org/fhir/r4'],
    ['a full-width host', 'https://ｅhr.example.org/fhir/r4'],
    ['a punycode host', 'https://xn--ehr-exmple-5uf.org/fhir/r4'],
    ['an IPv6 literal', 'https://[::1]/fhir/r4'],
    ['a decimal address', 'http://2130706433:8103/fhir'],
    ['a hexadecimal address', 'http://0x7f.1:8103/fhir'],
    ['a query', 'https://ehr.example.org/fhir/r4?x=1'],
    ['a fragment', 'https://ehr.example.org/fhir/r4#x'],
    ['white space', ' https://ehr.example.org/fhir/r4'],
    ['a line break', 'https://ehr.example.org/fhir\n/r4'],
    ['a tab in the scheme', 'ht\ttps://ehr.example.org/fhir/r4'],
    ['no slashes', 'https:ehr.example.org/fhir/r4'],
    ['http', 'http://ehr.example.org/fhir/r4'],
    ['a file', 'file:///etc/passwd'],
    ['a data URL', 'data:text/plain,x'],
    ['a relative URL', '/fhir/r4'],
    ['nothing', ''],
    ['too long', `https://ehr.example.org/fhir/r4/${'a'.repeat(3000)}`],
    ['not a string', 7],
    ['null', null],
  ])('X3: refuses %s', (_, url) => {
    const trust = trustedServer(url, { listed, development: true });
    expect(trust.trusted).toBe(false);
  });

  test('X2: http only to loopback, and only in development', () => {
    const url = 'http://localhost:8103/fhir';
    expect(trustedServer(url, { listed }).trusted).toBe(false);
    expect(trustedServer(url, { listed, development: true })).toMatchObject({ trusted: true, base: url });
    const plain = ['http://ehr.example.org/fhir', 'http://127.0.0.1:8103/fhir'];
    expect(trustedServer(plain[0], { listed: plain, development: true }).trusted).toBe(false);
    expect(trustedServer(plain[1], { listed: plain, development: true }).trusted).toBe(true);
  });

  test('a list entry that is no URL matches nothing', () => {
    expect(trustedServer('https://a.test/', { listed: ['*', '', 'a.test'] }).trusted).toBe(false);
  });

  test('reasons do not repeat the URL', () => {
    const trust = trustedServer('https://me:secret@ehr.example.org/fhir/r4', { listed });
    expect(JSON.stringify(trust)).not.toContain('secret');
  });
});
