import { describe, expect, test } from '@jest/globals';
import { createClientCredentials } from '../../src/fhir/client-credentials.ts';
import type { Fetch } from '../../src/fhir/transport.ts';

const options = { tokenUrl: 'https://auth.test/token', clientId: 'interval', proof: { secret: 'p&ss:word' } };

function granting(expiresIn: unknown = 3600) {
  const requests: RequestInit[] = [];
  const fetch: Fetch = async (_url, init) => {
    requests.push(init);
    return Response.json({ access_token: `token-${requests.length}`, expires_in: expiresIn });
  };
  return { requests, fetch };
}

describe('client credentials', () => {
  test('asks as RFC 6749 has it, once for all who wait, and keeps the token until shortly before its end', async () => {
    let now = 0;
    const { requests, fetch } = granting();
    const token = createClientCredentials({ ...options, scope: 'system/*.cruds', fetch, clock: () => now });
    expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(String(requests[0]?.body)).toBe('grant_type=client_credentials&scope=system%2F*.cruds');
    const basic = new Headers(requests[0]?.headers).get('authorization')?.slice(6) ?? '';
    expect(Buffer.from(basic, 'base64').toString()).toBe('interval:p%26ss%3Aword');
    now = 3569_000;
    expect(await token()).toBe('token-1');
    now = 3570_000;
    expect(await token()).toBe('token-2');
  });

  test('a refused token is renewed; one that another call has renewed is not asked for again', async () => {
    const { requests, fetch } = granting();
    const token = createClientCredentials({ ...options, fetch });
    const first = await token();
    expect(await token(first)).toBe('token-2');
    expect(await token(first)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  test.each([[undefined], ['soon'], [-1], [10]])(
    'expires_in %j does not make it ask on every call',
    async (expiresIn) => {
      const { requests, fetch } = granting(expiresIn);
      const token = createClientCredentials({ ...options, fetch, clock: () => 0 });
      await token();
      await token();
      expect(requests).toHaveLength(1);
    },
  );

  test.each<[string, Fetch, string]>([
    ['refused', async () => new Response('{"error":"invalid_client"}', { status: 401 }), 'fhir-unauthorized'],
    ['bad request', async () => new Response('{}', { status: 400 }), 'fhir-unauthorized'],
    ['down', async () => new Response('', { status: 503, headers: { 'retry-after': '5' } }), 'fhir-unavailable'],
    ['HTML', async () => new Response('<html>'), 'fhir-bad-answer'],
    ['no token', async () => Response.json({ token_type: 'bearer' }), 'fhir-bad-answer'],
    ['unreachable', async () => Promise.reject(new TypeError('fetch failed')), 'fhir-unavailable'],
    ['slow', async () => Promise.reject(new DOMException('late', 'TimeoutError')), 'fhir-timeout'],
  ])('%s', async (_, fetch, code) => {
    const token = createClientCredentials({ ...options, fetch });
    await expect(token()).rejects.toMatchObject({ code });
    await expect(token()).rejects.not.toThrow('word');
  });

  test('after a failure the next call asks again', async () => {
    let down = true;
    const fetch: Fetch = async () => (down ? new Response('', { status: 500 }) : Response.json({ access_token: 't' }));
    const token = createClientCredentials({ ...options, fetch });
    await expect(token()).rejects.toMatchObject({ code: 'fhir-unavailable' });
    down = false;
    expect(await token()).toBe('t');
  });
});
