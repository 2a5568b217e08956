import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, exportJWK, type JWK, jwtVerify } from 'jose';
import { createClientCredentials } from '../../src/fhir/client-credentials.ts';
import { readServiceKeys } from '../../src/fhir/service-keys.ts';
import type { Fetch } from '../../src/fhir/transport.ts';
import { createSigner } from '../support/ehr-keys.ts';

const file = (content: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'interval-key-')), 'key');
  writeFileSync(path, content);
  return path;
};
const tokenUrl = 'https://auth.test/token';

let es: JWK;
let rs: JWK;
beforeAll(async () => {
  const [one, other] = await Promise.all([createSigner('ES384', 'first'), createSigner('RS384', 'second')]);
  es = { ...(await exportJWK(one.privateKey)), kid: 'first' };
  rs = { ...(await exportJWK(other.privateKey)), kid: 'second' };
});

describe('the service’s own keys', () => {
  test.each([
    ['a JWK', () => JSON.stringify(es), 'ES384'],
    ['an RSA JWK', () => JSON.stringify(rs), 'RS384'],
    ['a set', () => JSON.stringify({ keys: [es, rs] }), 'ES384'],
    [
      'a PEM file',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-384' })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      'ES384',
    ],
    [
      'an RSA PEM file',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 2048 })
          .privateKey.export({ type: 'pkcs1', format: 'pem' })
          .toString(),
      'RS384',
    ],
  ])('%s signs what its public part verifies', async (_name, content, alg) => {
    const keys = await readServiceKeys(file(content()));
    const now = Date.now();
    const assertion = await keys.assert({ clientId: 'interval', tokenUrl, now, id: 'one' });
    const { payload, protectedHeader } = await jwtVerify(assertion, createLocalJWKSet({ keys: [...keys.jwks.keys] }), {
      issuer: 'interval',
      subject: 'interval',
      audience: tokenUrl,
      typ: 'JWT',
    });
    expect(protectedHeader.alg).toBe(alg);
    expect([payload.jti, payload.exp! - payload.iat!]).toEqual(['one', 300]);
    expect(keys.jwks.keys.every((key) => typeof key.kid === 'string' && key.kid !== '')).toBe(true);
  });

  test('only public parts are published, of every key', async () => {
    const { jwks } = await readServiceKeys(file(JSON.stringify({ keys: [es, rs] })));
    expect(jwks.keys.map(({ kid, alg }) => [kid, alg])).toEqual([
      ['first', 'ES384'],
      ['second', 'RS384'],
    ]);
    for (const key of jwks.keys) {
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) {
        expect(key).not.toHaveProperty(secret);
      }
    }
  });

  test.each<[string, () => string]>([
    ['a public key', () => JSON.stringify({ ...es, d: undefined })],
    ['a symmetric key', () => '{"kty":"oct","k":"c2VjcmV0LXNlY3JldA"}'],
    ['another curve', () => JSON.stringify({ ...es, crv: 'P-256' })],
    [
      'a short RSA key',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 1024 })
          .privateKey.export({ type: 'pkcs8', format: 'pem' })
          .toString(),
    ],
    ['an empty set', () => '{"keys":[]}'],
    ['no key', () => 'c2VjcmV0LXNlY3JldA'],
  ])('refuses %s, without a word of the file', async (_name, content) => {
    const text = content();
    const refused = await readServiceKeys(file(text)).catch((error) => error);
    expect(refused).toMatchObject({ code: 'config-invalid', message: expect.stringContaining('privateKeyFile') });
    expect(`${refused.message} ${refused.cause?.message}`).not.toMatch(/c2VjcmV0/);
  });

  test('a file that is not there', async () => {
    await expect(readServiceKeys('/nowhere/key.json')).rejects.toMatchObject({ code: 'config-invalid' });
  });

  test('SMART Backend Services: the token endpoint gets an assertion of its own each time, and no secret', async () => {
    const keys = await readServiceKeys(file(JSON.stringify(es)));
    const bodies: URLSearchParams[] = [];
    const headers: Headers[] = [];
    const fetch: Fetch = async (_url, init) => {
      bodies.push(new URLSearchParams(String(init.body)));
      headers.push(new Headers(init.headers));
      return Response.json({ access_token: `token-${bodies.length}`, expires_in: 60 });
    };
    const token = createClientCredentials({
      tokenUrl,
      clientId: 'interval',
      proof: { keys },
      scope: 'system/*.rs',
      fetch,
    });
    expect(await token()).toBe('token-1');
    expect(await token('token-1')).toBe('token-2');
    expect(bodies[0]?.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect([bodies[0]?.get('grant_type'), bodies[0]?.get('scope')]).toEqual(['client_credentials', 'system/*.rs']);
    expect(bodies[0]?.get('client_assertion')).not.toBe(bodies[1]?.get('client_assertion'));
    expect(headers[0]?.get('authorization')).toBeNull();
  });
});
