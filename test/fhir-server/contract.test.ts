import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe } from '@jest/globals';
import express from 'express';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { type FhirServerThread, startFhirServer } from '../../src/fhir-server/thread.ts';
import { type FhirTarget, fhirServerContract } from '../contract/fhir-server.ts';

describe('embedded server, in process', () => {
  const server = createFhirServer({ base: 'http://fhir.test/R4' });
  afterAll(() => server.close());
  fhirServerContract(() => server);
});

describe('embedded server, in a thread of its own', () => {
  let server: FhirServerThread;
  beforeAll(async () => {
    server = await startFhirServer({ base: 'http://fhir.test/R4' });
  });
  afterAll(() => server.close());
  fhirServerContract(() => server);
});

describe('embedded server, over HTTP', () => {
  let listener: Server;
  let server: FhirServer;
  let target: FhirTarget;
  beforeAll(async () => {
    const app = express();
    await new Promise<void>((resolve) => {
      listener = app.listen(0, '127.0.0.1', () => resolve());
    });
    const base = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/fhir/R4`;
    server = createFhirServer({ base });
    app.use('/fhir/R4', server.router);
    target = { base, fetch };
  });
  afterAll(async () => {
    listener.closeAllConnections();
    await new Promise((resolve) => listener.close(resolve));
    server.close();
  });
  fhirServerContract(() => target);
});
