import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkKeyUrl, fetchKeys } from '../../src/cds-hooks/key-url.ts';
import { type Listener, listen } from '../support/listener.ts';

/** A resolver whose answers the test chooses. */
const leadingTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('J9: where keys are fetched from', () => {
  let server: Listener;
  beforeAll(async () => {
    server = await listen((_request, response) => response.end('{"keys":[]}'));
  });
  afterAll(() => server.close());

  test.each([
    ['plain http', 'http://ehr.example.org/jwks.json'],
    ['a file', 'file:///etc/passwd'],
    ['credentials', 'https://user:pw@ehr.example.org/jwks.json'],
    ['a fragment', 'https://ehr.example.org/jwks.json#x'],
    ['localhost', 'https://localhost/jwks.json'],
    ['loopback', 'https://127.0.0.1/jwks.json'],
    ['loopback in decimal', 'https://2130706433/jwks.json'],
    ['the metadata service of a cloud', 'https://169.254.169.254/jwks.json'],
    ['IPv6 loopback', 'https://[::1]/jwks.json'],
    ['IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/jwks.json'],
    ['nothing', ''],
  ])('not from %s', async (_name, url) => {
    expect(checkKeyUrl(url, { privateNetwork: false })).toEqual(expect.any(String));
    await expect(fetchKeys(url, { privateNetwork: false })).rejects.toThrow();
  });

  test('https is, and with privateNetwork loopback by http, but nothing else by http', () => {
    expect(checkKeyUrl('https://ehr.example.org/jwks.json?tenant=1', { privateNetwork: false })).toBeUndefined();
    expect(checkKeyUrl('https://10.0.0.1/jwks.json', { privateNetwork: true })).toBeUndefined();
    expect(checkKeyUrl('http://127.0.0.1:8080/jwks.json', { privateNetwork: true })).toBeUndefined();
    expect(checkKeyUrl('http://10.0.0.1/jwks.json', { privateNetwork: true })).toBe('is not https');
  });

  test.each([[['10.0.0.1']], [['93.184.216.34', '192.168.0.7']], [['fd00::1']], [['::ffff:127.0.0.1']], [[]]])(
    'a name that leads to %j is not connected to',
    async (addresses) => {
      const lookup = leadingTo(...addresses);
      await expect(
        fetchKeys('https://ehr.example.org/jwks.json', { privateNetwork: false, lookup, timeoutMs: 2000 }),
      ).rejects.toThrow(/address/);
      expect(server.requests).toEqual([]);
    },
  );

  test('a server that does not answer is given up', async () => {
    const slow = await listen(() => undefined);
    const started = performance.now();
    await expect(fetchKeys(`${slow.base}/jwks.json`, { privateNetwork: true, timeoutMs: 100 })).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(5000);
    await slow.close();
  });
});
