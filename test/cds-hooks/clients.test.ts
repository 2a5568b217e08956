import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { exportJWK } from 'jose';
import { parseClients, readClients } from '../../src/cds-hooks/clients.ts';
import { createSigner, EHR, type Signer } from '../support/ehr-keys.ts';

let signer: Signer;
beforeAll(async () => {
  signer = await createSigner();
});

const client = (over: Record<string, unknown> = {}) => ({
  id: 'north',
  issuer: EHR,
  jwks: { keys: [signer.publicJwk] },
  fhirServers: [`${EHR}/fhir/R4/`],
  ...over,
});
const parse = (...clients: object[]) => parseClients({ clients }, '/etc/interval');

describe('the file of clients', () => {
  test('what it leaves out is the strictest there is', () => {
    expect(parse(client())).toEqual([
      {
        id: 'north',
        issuer: EHR,
        jwks: { keys: [signer.publicJwk] },
        jku: [],
        algorithms: ['ES384', 'RS384'],
        maxTokenSeconds: 3600,
        privateNetwork: false,
        fhirServers: [`${EHR}/fhir/R4`],
      },
    ]);
    expect(parse(client({ jwks: undefined, jwksFile: 'north.jwks.json' }))[0]?.jwksFile).toBe(
      '/etc/interval/north.jwks.json',
    );
  });

  test('one issuer may stand for several tenants, each its own', () => {
    expect(parse(client({ tenants: ['n'] }), client({ id: 'south', tenants: ['s'] }))).toHaveLength(2);
    for (const tenants of [['n', 's'], undefined]) {
      expect(() => parse(client({ tenants: ['n'] }), client({ id: 'south', tenants }))).toThrow(/share an issuer/);
    }
  });

  test.each<[string, () => object, RegExp]>([
    ['no keys', () => client({ jwks: undefined }), /no keys/],
    ['two sources of keys', () => client({ jwksFile: 'x' }), /both jwks and jwksFile/],
    ['an unknown field', () => client({ fhirServer: EHR }), /additional properties/],
    ['no FHIR servers field', () => client({ fhirServers: undefined }), /fhirServers/],
    ['a symmetric algorithm', () => client({ algorithms: ['HS256'] }), /allowed values/],
    ['a token life of a day', () => client({ maxTokenSeconds: 86_400 }), /3600/],
    ['a key without kid', () => client({ jwks: { keys: [{ ...signer.publicJwk, kid: undefined }] } }), /kid/],
    ['a symmetric key', () => client({ jwks: { keys: [{ kty: 'oct', k: 'x', kid: 'a' }] } }), /EC and RSA/],
    ['a jku by http', () => client({ jku: ['http://ehr.example.org/jwks.json'] }), /not https/],
    ['a jku on a private address', () => client({ jku: ['https://10.0.0.1/jwks.json'] }), /private address/],
    ['smart links without a launch URL', () => client({ links: { type: 'smart' } }), /links/],
    ['an origin with a path', () => client({ origins: ['https://a.example/x'] }), /origins\.0/],
    ['a negative limit', () => client({ callsPerMinute: -1 }), />= 0/],
    ['a FHIR server that is no URL', () => client({ fhirServers: ['ehr'] }), /no URL/],
    ['the public sandbox', () => client({ issuer: 'https://sandbox.cds-hooks.org' }), /private key is public/],
    [
      'the public sandbox’s key under another name',
      () => client({ jwks: { keys: [{ ...signer.publicJwk, kid: '44823f3d-0b01-4a6c-a80e-b9d3e8a7226f' }] } }),
      /private key is public/,
    ],
  ])('refuses %s', (_name, make, why) => {
    expect(() => parse(JSON.parse(JSON.stringify(make())))).toThrow(
      expect.objectContaining({ code: 'config-invalid', message: expect.stringMatching(why) }),
    );
  });

  test('a private key there is refused and not repeated', async () => {
    const leaked = { ...(await exportJWK(signer.privateKey)), kid: 'a' };
    const attempt = () => parse(client({ jwks: { keys: [leaked] } }));
    expect(attempt).toThrow(/private key/);
    expect(attempt).not.toThrow(new RegExp(leaked.d as string));
  });

  test('one id twice, no client at all, no file, no JSON', () => {
    expect(() => parse(client(), client({ issuer: 'https://other.example' }))).toThrow(/given twice/);
    expect(() => parse()).toThrow(/fewer than 1/);
    expect(() => readClients('/nowhere/clients.json')).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    const file = join(mkdtempSync(join(tmpdir(), 'interval-clients-')), 'clients.json');
    writeFileSync(file, '{');
    expect(() => readClients(file)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});
