import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type FhirTarget, fhirServerContract } from '../contract/fhir-server.ts';
import { hapiDifferences } from './hapi/differences.ts';

/**
 * The contract suite against an independent server. HAPI_BASE_URL names one that runs; without it HAPI FHIR is built and
 * started. FHIR_TEST_BASE_URL runs the same suite against any other server, without known differences.
 */
const other = process.env.FHIR_TEST_BASE_URL;
const given = other ?? process.env.HAPI_BASE_URL;

describe(other ? 'FHIR_TEST_BASE_URL' : 'HAPI FHIR', () => {
  let target: FhirTarget;
  let server: ChildProcess | undefined;

  beforeAll(async () => {
    let base = given;
    if (base === undefined) {
      server = spawn(fileURLToPath(new URL('./hapi/start', import.meta.url)), [], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      base = await ready(server);
    }
    target = { base: base.replace(/\/+$/, ''), fetch };
    // the first request of its kind loads HAPI's definitions
    await fetch(`${target.base}/metadata`);
  }, 330_000);

  afterAll(() => {
    server?.kill();
  });

  fhirServerContract(() => target, { differences: other ? {} : hapiDifferences });
});

async function ready(server: ChildProcess): Promise<string> {
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`HAPI FHIR ended with ${code} before it was ready.`)));
    server.once('error', reject);
  });
  const line = (async () => {
    for await (const text of createInterface({ input: server.stdout! })) {
      if (text.startsWith('READY ')) return text.slice('READY '.length).trim();
    }
    throw new Error('HAPI FHIR closed its output before it was ready.');
  })();
  return Promise.race([line, ended]);
}
