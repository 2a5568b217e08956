import { createHmac } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT } from 'jose';
import type { Registration } from '../../src/cds-hooks/clients.ts';
import { type JwtOptions, jwtAuthentication } from '../../src/cds-hooks/jwt.ts';
import { createMemoryReplayStore } from '../../src/cds-hooks/replay/memory.ts';
import {
  createSigner,
  EHR,
  registration,
  type Signer,
  type TokenParts,
  tokenFor,
  unsigned,
} from '../support/ehr-keys.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Front, openFront, patientView, service } from './front.ts';

const call = '/cds-services/lab-report-results';
const paths = { discovery: '/cds-services', call, feedback: `${call}/feedback` } as const;
const feedback = { feedback: [{ card: 'a', outcome: 'overridden', outcomeTimestamp: '2026-03-01T08:00:00Z' }] };

let es: Signer;
let rs: Signer;
let rs256: Signer;
let front: Front;
let current: ReturnType<typeof jwtAuthentication>;

function trust(registrations: readonly Registration[], options: Partial<JwtOptions> = {}): void {
  current = jwtAuthentication({
    registrations,
    replay: createMemoryReplayStore({ clock: Date.now }),
    clock: Date.now,
    ...options,
  });
}

beforeAll(async () => {
  [es, rs, rs256] = await Promise.all([createSigner('ES384'), createSigner('RS384'), createSigner('RS256')]);
  front = await openFront([service('lab-report-results'), service('order-sign-advice')], {
    authenticate: (credentials) => current(credentials),
  });
}, 60_000);
afterAll(() => front.close());
beforeEach(() => {
  trust([registration({ jwks: { keys: [es.publicJwk, rs.publicJwk, rs256.publicJwk] } })]);
});

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly reason: string | undefined;
}

async function ask(path: string, token?: string): Promise<Answered> {
  const before = front.outcomes.length;
  const response = await fetch(front.url + path, {
    method: path === paths.discovery ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: token.includes(' ') ? token : `Bearer ${token}` }),
    },
    ...(path === paths.discovery ? {} : { body: JSON.stringify(path.endsWith('feedback') ? feedback : patientView()) }),
  });
  const text = await response.text();
  return { status: response.status, text, headers: response.headers, reason: front.outcomes[before]?.refusal };
}

const signed = (parts?: TokenParts, signer = es, path: string = call) => tokenFor(front.url + path, signer, parts);
const now = () => Math.floor(Date.now() / 1000);

/** Refused on every endpoint, with the same words (J18, J19). */
async function refused(make: (path: string) => Promise<string | undefined>, reason: string): Promise<void> {
  for (const path of Object.values(paths)) {
    const answer = await ask(path, await make(path));
    expect([path, answer.status]).toEqual([path, 401]);
    const { issue } = JSON.parse(answer.text);
    expect(issue).toHaveLength(1);
    expect([issue[0].details.text, issue[0].diagnostics]).toEqual(['Authentication is required.', 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(path === paths.discovery ? reason : answer.reason).toBe(reason);
  }
}

const refusedWith = (parts: TokenParts, reason: string, signer = () => es) =>
  refused((path) => signed(parts, signer(), path), reason);

describe('J18: a JWT for each call, on discovery, service and feedback alike', () => {
  test.each(Object.entries(paths))('a valid one is taken at %s, ES384 and RS384', async (_name, path) => {
    expect((await ask(path, await signed({}, es, path))).status).toBe(200);
    expect((await ask(path, await signed({}, rs, path))).status).toBe(200);
  });

  test('J18: each endpoint has an aud of its own', async () => {
    for (const path of Object.values(paths)) {
      for (const other of Object.values(paths).filter((one) => one !== path)) {
        expect((await ask(path, await signed({}, es, other))).status).toBe(401);
      }
    }
  });

  test('the client and its tenant are known behind it, the token is not', async () => {
    await ask(paths.feedback, await signed({ claims: { tenant: 't-1' } }, es, paths.feedback));
    const { client } = front.feedback.at(-1)!;
    expect(client).toMatchObject({ id: 'ehr', authenticated: true, tenant: 't-1' });
    expect(JSON.stringify(client)).not.toMatch(/eyJ/);
  });
});

describe('what is refused', () => {
  test('J1: no Authorization header', () => refused(async () => undefined, 'no-token'));

  test.each([
    ['the scheme alone', 'Bearer'],
    ['nothing behind it', 'Bearer '],
    ['another scheme', 'Basic dXNlcjpwdw=='],
    ['two parts', 'Bearer a.b'],
    ['three parts of nothing', 'Bearer a.b.c'],
    ['two words', 'Bearer a b.c.d'],
    ['no scheme', 'eyJ '],
    ['4,000 characters', `Bearer ${'a'.repeat(4000)}.b.c`],
  ])('J1: an Authorization header that is no JWT: %s', (_name, header) =>
    refused(async () => (header.includes(' ') ? header : `${header} `), 'malformed'),
  );

  test('J2: alg none, however written', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      await refused(
        async (path) =>
          unsigned(
            { alg, kid: es.kid, typ: 'JWT' },
            { iss: EHR, aud: front.url + path, iat: now(), exp: now() + 60, jti: crypto.randomUUID() },
          ),
        'algorithm',
      );
    }
  });

  test('J3: HS256 and HS384 with the public key as secret', async () => {
    const pem = await exportSPKI((await importJWK(rs.publicJwk, 'RS384', { extractable: true })) as CryptoKey);
    for (const [alg, hash] of [
      ['HS256', 'sha256'],
      ['HS384', 'sha384'],
    ] as const) {
      await refused(async (path) => {
        const [header, claims] = unsigned(
          { alg, kid: rs.kid, typ: 'JWT' },
          { iss: EHR, aud: front.url + path, iat: now(), exp: now() + 60, jti: crypto.randomUUID() },
        ).split('.');
        const signature = createHmac(hash, pem).update(`${header}.${claims}`).digest('base64url');
        return `${header}.${claims}.${signature}`;
      }, 'algorithm');
    }
  });

  test('J4: an algorithm that is not on the list; on it, it is taken', async () => {
    await refusedWith({}, 'algorithm', () => rs256);
    trust([registration({ jwks: { keys: [rs256.publicJwk] }, algorithms: ['RS256'] })]);
    expect((await ask(call, await signed({}, rs256))).status).toBe(200);
    await refusedWith({}, 'algorithm');
  });

  test('J5: signed by another key of the same kid, and a signature that was changed', async () => {
    const other = await createSigner('ES384', es.kid);
    await refusedWith({}, 'signature', () => other);
    await refused(async (path) => {
      const token = await signed({}, es, path);
      return token.slice(0, -4) + (token.endsWith('AAAA') ? 'BBBB' : 'AAAA');
    }, 'signature');
    await refused(async (path) => {
      const [header, , signature] = (await signed({}, es, path)).split('.');
      const [, claims] = unsigned({}, { iss: EHR, aud: front.url + path, iat: now(), exp: now() + 60, jti: 'x' }).split(
        '.',
      );
      return `${header}.${claims}.${signature}`;
    }, 'signature');
  });

  test('J6: an unknown kid, a missing kid', async () => {
    await refusedWith({ header: { kid: 'unknown' } }, 'signature');
    await refusedWith({ header: { kid: undefined } }, 'key-id');
  });

  test('J7: an issuer that is not registered, or none', async () => {
    await refusedWith({ claims: { iss: 'https://evil.example' } }, 'issuer');
    await refusedWith({ claims: { iss: `${EHR}/` } }, 'issuer');
    await refusedWith({ claims: { iss: undefined } }, 'issuer');
    await refusedWith({ claims: { iss: [EHR] } }, 'issuer');
  });

  test('J10: aud is the base URL, another service, discovery, with a slash or a query more, or missing', async () => {
    const wrong = ['', '/', '/cds-services/order-sign-advice', `${call}/`, `${call}?x=1`].map(
      (path) => front.url + path,
    );
    for (const aud of [...wrong, undefined, [], ['https://other.example']]) {
      const answer = await ask(call, await signed({ claims: { aud } }));
      expect([aud, answer.status, answer.reason]).toEqual([aud, 401, 'audience']);
    }
  });

  test('J10: the audience is the public URL, whatever Host a caller sends', async () => {
    const port = new URL(front.url).port;
    const token = await tokenFor(`http://localhost:${port}${call}`, es);
    const response = await fetch(`http://localhost:${port}${call}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(patientView()),
    });
    expect(response.status).toBe(401);
  });

  test('J11: aud may be a list that holds the endpoint', async () => {
    expect(
      (await ask(call, await signed({ claims: { aud: ['https://other.example', front.url + call] } }))).status,
    ).toBe(200);
  });

  test.each<[string, (time: number) => Record<string, unknown>, string]>([
    ['exp past', (time) => ({ iat: time - 400, exp: time - 60 }), 'time'],
    ['exp missing', () => ({ exp: undefined }), 'claims'],
    ['exp no number', (time) => ({ exp: String(time + 300) }), 'claims'],
    ['iat missing', () => ({ iat: undefined }), 'claims'],
    ['iat in the future', (time) => ({ iat: time + 120, exp: time + 300 }), 'time'],
    ['exp − iat above the cap', (time) => ({ iat: time, exp: time + 3601 }), 'time'],
    ['exp before iat', (time) => ({ iat: time, exp: time - 1 }), 'time'],
  ])('J12: %s', async (_name, claims, reason) => {
    await refusedWith({ claims: claims(now()) }, reason);
  });

  test('J12: the cap is the client’s own; clocks may differ by half a minute', async () => {
    trust([registration({ jwks: { keys: [es.publicJwk] }, maxTokenSeconds: 60 })]);
    await refusedWith({ claims: { exp: now() + 300 } }, 'time');
    expect((await ask(call, await signed({ claims: { iat: now() + 20, exp: now() + 70 } }))).status).toBe(200);
    expect((await ask(call, await signed({ claims: { iat: now() - 70, exp: now() - 15 } }))).status).toBe(200);
  });

  test('J13: nbf in the future, or no number', async () => {
    await refusedWith({ claims: { nbf: now() + 120 } }, 'time');
    await refusedWith({ claims: { nbf: 'soon' } }, 'claims');
    expect((await ask(call, await signed({ claims: { nbf: now() - 5, sub: 'x' } }))).status).toBe(200);
  });

  test('J14: jti missing, empty, no string, or endless', async () => {
    for (const jti of [undefined, '', 7, 'x'.repeat(513)]) {
      await refusedWith({ claims: { jti } }, 'claims');
    }
  });

  test('J15: a jti is taken once, at another service or endpoint neither', async () => {
    const jti = crypto.randomUUID();
    expect((await ask(call, await signed({ claims: { jti } }))).status).toBe(200);
    for (const path of [...Object.values(paths), '/cds-services/order-sign-advice']) {
      expect((await ask(path, await signed({ claims: { jti } }, es, path))).status).toBe(401);
    }
    const token = await signed();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(call, token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('J15: a token that was refused does not use up its jti; two issuers may choose the same', async () => {
    const second = await createSigner();
    const other = 'https://other.example';
    trust([
      registration({ jwks: { keys: [es.publicJwk] } }),
      registration({ id: 'other', issuer: other, jwks: { keys: [second.publicJwk] } }),
    ]);
    const jti = crypto.randomUUID();
    const forged = await createSigner('ES384', es.kid);
    expect((await ask(call, await signed({ claims: { jti } }, forged))).status).toBe(401);
    expect((await ask(call, await signed({ claims: { jti } }))).status).toBe(200);
    expect((await ask(call, await signed({ claims: { jti, iss: other } }, second))).status).toBe(200);
  });

  test('J15: a store that does not answer lets nobody in, and says nothing of why', async () => {
    const down = {
      firstUse: () => Promise.reject(new Error('redis://user:secret@host')),
      ready: async () => {},
      close: async () => {},
    };
    trust([registration({ jwks: { keys: [es.publicJwk] } })], { replay: down });
    const answer = await ask(call, await signed());
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('secret');
  });

  test('J16: typ other than JWT; its case does not matter', async () => {
    for (const typ of ['at+jwt', 'JWS', '', undefined, 7]) {
      await refusedWith({ header: { typ } }, 'type');
    }
    for (const typ of ['jwt', 'Jwt']) {
      expect((await ask(call, await signed({ header: { typ } }))).status).toBe(200);
    }
  });

  test('J17: a tenant that is not on the list of an issuer with several', async () => {
    trust([
      registration({ id: 'north', jwks: { keys: [es.publicJwk] }, tenants: ['north'] }),
      registration({ id: 'south', jwks: { keys: [rs.publicJwk] }, tenants: ['south'] }),
    ]);
    for (const tenant of ['east', undefined, '', ['north'], 'NORTH']) {
      await refusedWith({ claims: { tenant } }, 'tenant');
    }
    expect((await ask(call, await signed({ claims: { tenant: 'north' } }))).status).toBe(200);
    // Each tenant has its own keys: north's do not sign for south.
    await refusedWith({ claims: { tenant: 'south' } }, 'signature');
    expect((await ask(call, await signed({ claims: { tenant: 'south' } }, rs))).status).toBe(200);
  });

  test('J19: a refusal tells no difference, in words, headers or length', async () => {
    const answers = [
      await ask(call),
      await ask(call, await signed({ claims: { iss: 'https://evil.example' } })),
      await ask(call, await signed({ claims: { exp: now() - 3000, iat: now() - 3100 } })),
      await ask(call, await signed({ header: { kid: 'unknown' } })),
    ];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const headers = ({ headers: all }: Answered) =>
      [...all.keys()].filter((name) => !['date', 'x-request-id'].includes(name)).join();
    expect(new Set(answers.map(headers)).size).toBe(1);
  });

  test('J20: what is passed on for the log names client and reason, never the token', async () => {
    const token = await signed({ claims: { aud: 'https://other.example', secret: 'Mrs. X' } });
    await ask(call, token);
    const outcome = front.outcomes.at(-1);
    expect(outcome).toMatchObject({ outcome: 'refused', client: 'ehr', refusal: 'audience', code: 'unauthenticated' });
    expect(JSON.stringify(outcome)).not.toContain(token.split('.')[1]);
    expect(JSON.stringify(outcome)).not.toContain('Mrs. X');
  });

  test('critical headers that nobody understands, and a key that comes along, change nothing', async () => {
    await refused(
      (path) =>
        new SignJWT({ iss: EHR, aud: front.url + path, iat: now(), exp: now() + 60, jti: crypto.randomUUID() })
          .setProtectedHeader({ alg: 'ES384', kid: es.kid, typ: 'JWT', crit: ['x'], x: 1 })
          .sign(es.privateKey, { crit: { x: true } }),
      'signature',
    );
    const attacker = await createSigner('ES384', 'attacker');
    await refusedWith({ header: { jwk: attacker.publicJwk } }, 'signature', () => attacker);
  });
});

describe('keys by jku', () => {
  let server: Listener;
  let elsewhere: Listener;
  let keys: object[];
  let answer: 'keys' | 'redirect' | 'html' | 'large' | 'fails' = 'keys';
  const jku = () => `${server.base}/jwks.json`;

  beforeAll(async () => {
    elsewhere = await listen();
    server = await listen((_request, response) => {
      if (answer === 'redirect') {
        response.writeHead(302, { location: `${elsewhere.base}/jwks.json` }).end();
      } else if (answer === 'fails') {
        response.writeHead(503).end();
      } else if (answer === 'html') {
        response.end('<html>');
      } else {
        response.end(JSON.stringify({ keys, filler: answer === 'large' ? 'x'.repeat(300_000) : '' }));
      }
    });
  });
  afterAll(async () => {
    await server.close();
    await elsewhere.close();
  });
  beforeEach(() => {
    keys = [es.publicJwk];
    answer = 'keys';
  });
  const asked = () => server.requests.length;

  test('a listed one is fetched once and used for many; without jku in the header the only listed one is meant', async () => {
    trust([registration({ jku: [jku()], privateNetwork: true })]);
    const before = asked();
    expect((await ask(call, await signed({ header: { jku: jku() } }))).status).toBe(200);
    await Promise.all(
      Array.from({ length: 5 }, async () => expect((await ask(call, await signed())).status).toBe(200)),
    );
    expect(asked() - before).toBe(1);
    expect(server.requests.at(-1)?.authorization).toBeUndefined();
  });

  test('J8: one that is not listed for this issuer is 401, and no request is made', async () => {
    trust([
      registration({ jku: [jku()], privateNetwork: true }),
      registration({ id: 'inline', issuer: 'https://inline.example', jwks: { keys: [es.publicJwk] } }),
      registration({
        id: 'other',
        issuer: 'https://other.example',
        jku: [`${server.base}/other.json`],
        privateNetwork: true,
      }),
    ]);
    const before = asked();
    for (const url of [
      `${elsewhere.base}/jwks.json`,
      `${server.base}/other.json`,
      `${jku()}?x=1`,
      `${jku()}#x`,
      7,
      '',
    ]) {
      await refusedWith({ header: { jku: url } }, 'key-url');
    }
    await refusedWith({ header: { jku: jku() }, claims: { iss: 'https://inline.example' } }, 'key-url');
    expect(asked()).toBe(before);
    expect(elsewhere.requests).toEqual([]);
  });

  test('J9: http, a private address or a name that leads to one: 401, and no request is made', async () => {
    const before = asked();
    for (const url of [jku(), jku().replace('127.0.0.1', 'localhost'), 'http://ehr.example.org/jwks.json']) {
      trust([registration({ jku: [url] })]);
      await refusedWith({ header: { jku: url } }, 'signature');
    }
    for (const host of ['10.0.0.1', '[::1]', '169.254.169.254', '192.168.1.1', 'localhost']) {
      const url = `https://${host}/jwks.json`;
      trust([registration({ jku: [url] })]);
      await refusedWith({ header: { jku: url } }, 'signature');
    }
    expect(asked()).toBe(before);
  });

  test.each(['redirect', 'html', 'large', 'fails'] as const)(
    'J9: a server that answers with %s is not followed or believed',
    async (kind) => {
      answer = kind;
      trust([registration({ jku: [jku()], privateNetwork: true })]);
      await refusedWith({ header: { jku: jku() } }, 'signature');
      expect(elsewhere.requests).toEqual([]);
    },
  );

  test('J6: an unknown kid makes the set be fetched once more, at most every half minute', async () => {
    let time = Date.now();
    const next = await createSigner();
    trust([registration({ jku: [jku()], privateNetwork: true })], { clock: () => time });
    const at = (signer: Signer) => signed({ now: Math.floor(time / 1000) }, signer);
    expect((await ask(call, await at(es))).status).toBe(200);
    keys = [next.publicJwk, es.publicJwk];
    const before = asked();
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await ask(call, await at(next))).status).toBe(401);
    }
    expect(asked()).toBe(before);
    time += 31_000;
    expect((await ask(call, await at(next))).status).toBe(200);
    expect(asked() - before).toBe(1);
    // A key that was withdrawn is gone with the next fetch, at the latest after ten minutes.
    keys = [next.publicJwk];
    time += 601_000;
    expect((await ask(call, await at(es))).status).toBe(401);
  });

  test('a short failure of the EHR’s server is bridged, a long one is not', async () => {
    let time = Date.now();
    trust([registration({ jku: [jku()], privateNetwork: true })], { clock: () => time });
    const at = () => signed({ now: Math.floor(time / 1000) });
    expect((await ask(call, await at())).status).toBe(200);
    answer = 'fails';
    time += 1_200_000;
    expect((await ask(call, await at())).status).toBe(200);
    time += 4_000_000;
    expect((await ask(call, await at())).status).toBe(401);
  });

  test('keys that cannot verify are left out: symmetric, private parts, without kid', async () => {
    keys = [
      { kty: 'oct', kid: es.kid, k: 'c2VjcmV0' },
      { ...es.publicJwk, kid: undefined },
      null as never,
      'x' as never,
    ];
    trust([registration({ jku: [jku()], privateNetwork: true })]);
    await refusedWith({}, 'signature');
  });

  test('a key file is read again when an unknown kid comes', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'interval-keys-')), 'jwks.json');
    writeFileSync(file, JSON.stringify({ keys: [es.publicJwk] }));
    let time = Date.now();
    trust([registration({ jwksFile: file })], { clock: () => time });
    expect((await ask(call, await signed())).status).toBe(200);
    writeFileSync(file, JSON.stringify({ keys: [rs.publicJwk] }));
    time += 31_000;
    expect((await ask(call, await signed({ now: Math.floor(time / 1000) }, rs))).status).toBe(200);
  });
});
