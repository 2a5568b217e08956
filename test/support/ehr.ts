import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { createFhirServer, type FhirServer, type FhirServerOptions } from '../../src/fhir-server/server.ts';
import { createSigner, type Signer, type TokenParts, tokenFor } from './ehr-keys.ts';

/** An EHR with everything that a production site has: a FHIR server that asks for tokens, an authorization server, keys. */
export interface Ehr {
  readonly base: string;
  readonly issuer: string;
  readonly fhir: FhirServer;
  readonly fhirBase: string;
  readonly tokenUrl: string;
  readonly signer: Signer;
  /** Every request to the FHIR server. */
  readonly requests: { readonly method: string; readonly path: string; readonly authorization: string | undefined }[];
  /** Claims of every assertion that was accepted. */
  readonly grants: { readonly issuer: string; readonly scope: string | null; readonly token: string }[];
  /** Tokens of hooks that are good at the moment. */
  readonly hookTokens: Set<string>;
  /** Takes over the FHIR server's answers. */
  misbehave: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Where the service publishes its keys. */
  serviceKeys: string;
  /** As the file of clients has it. */
  registration(over?: object): object;
  token(endpoint: string, parts?: TokenParts): Promise<string>;
  close(): Promise<void>;
}

export const serviceClientId = 'interval-at-the-ehr';

export async function openEhr(name: string, options: Pick<FhirServerOptions, 'subscriptions'> = {}): Promise<Ehr> {
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const fhirBase = `${base}/fhir/R4`;
  const tokenUrl = `${base}/token`;
  const issuer = `https://${name}.example.org`;
  const fhir = createFhirServer({ base: fhirBase, ...options });
  const signer = await createSigner('ES384');
  const backendTokens = new Set<string>();
  const ehr: Ehr = {
    base,
    issuer,
    fhir,
    fhirBase,
    tokenUrl,
    signer,
    requests: [],
    grants: [],
    hookTokens: new Set(),
    misbehave: undefined,
    serviceKeys: '',
    registration: (over) => ({
      id: name,
      issuer,
      jku: [`${base}/jwks.json`],
      privateNetwork: true,
      fhirServers: [fhirBase],
      ...over,
    }),
    token: (endpoint, parts = {}) => tokenFor(endpoint, signer, { ...parts, claims: { iss: issuer, ...parts.claims } }),
    async close() {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
      fhir.close();
    },
  };

  const app = express();
  app.get('/jwks.json', (_request, response) => void response.json({ keys: [signer.publicJwk] }));
  app.post('/token', express.urlencoded({ extended: false }), async (request, response) => {
    const keys = createLocalJWKSet((await (await fetch(ehr.serviceKeys)).json()) as JSONWebKeySet);
    try {
      const { payload, protectedHeader } = await jwtVerify(request.body.client_assertion, keys, {
        issuer: serviceClientId,
        subject: serviceClientId,
        audience: tokenUrl,
        algorithms: ['ES384', 'RS384'],
        typ: 'JWT',
        requiredClaims: ['jti', 'exp'],
        maxTokenAge: '5 minutes',
      });
      if (
        request.body.grant_type !== 'client_credentials' ||
        request.body.client_assertion_type !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' ||
        protectedHeader.kid === undefined
      ) {
        throw new Error('not as SMART Backend Services has it');
      }
      const token = `backend-token-${crypto.randomUUID()}`;
      backendTokens.add(token);
      ehr.grants.push({ issuer: String(payload.iss), scope: request.body.scope ?? null, token });
      response.json({ access_token: token, token_type: 'bearer', expires_in: 300, scope: request.body.scope });
    } catch {
      response.status(400).json({ error: 'invalid_client' });
    }
  });
  app.use('/fhir/R4', (request, response, next) => {
    const { authorization } = request.headers;
    ehr.requests.push({ method: request.method, path: request.originalUrl, authorization });
    if (ehr.misbehave) {
      ehr.misbehave(request, response);
      return;
    }
    const token = authorization?.replace(/^Bearer /, '') ?? '';
    if (!ehr.hookTokens.has(token) && !backendTokens.has(token)) {
      response.status(401).json({ resourceType: 'OperationOutcome', issue: [] });
      return;
    }
    next();
  });
  app.use('/fhir/R4', fhir.router);
  http.on('request', app);
  return ehr;
}

export function clientsFile(...clients: readonly object[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'interval-clients-')), 'clients.json');
  writeFileSync(file, JSON.stringify({ clients }));
  return file;
}

/** A port that was free a moment ago: in production the public URL is part of the configuration. */
export async function freePort(): Promise<number> {
  const server = createSocketServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}
