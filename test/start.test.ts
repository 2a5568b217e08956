import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function start(environment: Record<string, string>) {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', 'serve'], {
    env: { ...process.env, INTERVAL_SAMPLES: 'off', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

test('a call that comes while the service is being built waits for its answer', async () => {
  const port = await freePort();
  const child = start({ INTERVAL_PORT: String(port) });
  const ended = once(child, 'exit');
  try {
    // Knock until the first connection is taken: that very call must be answered.
    let answer: Response | undefined;
    for (const until = Date.now() + 30_000; !answer && Date.now() < until; ) {
      answer = await fetch(`http://127.0.0.1:${port}/cds-services`, { signal: AbortSignal.timeout(20_000) }).catch(
        (error) => {
          if (error.name === 'TimeoutError') {
            throw error;
          }
          return undefined;
        },
      );
      await sleep(2);
    }
    expect(answer?.status).toBe(200);
  } finally {
    child.kill('SIGTERM');
  }
  await ended;
}, 60_000);

test('what cannot be built ends the process with its code, and leaves no port open', async () => {
  const port = await freePort();
  const child = start({
    INTERVAL_PORT: String(port),
    INTERVAL_LAB_REPORT_READER: 'medgemma',
    INTERVAL_MODEL_URL: 'http://127.0.0.1:9',
    INTERVAL_MODEL_NAME: 'm',
  });
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  const [code] = await once(child, 'exit');
  expect(code).toBe(1);
  expect(err).toMatch(/model-unavailable: /);
}, 60_000);

test('a port that is taken is a start-up error that names the setting', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const child = start({ INTERVAL_PORT: String((taken.address() as AddressInfo).port) });
  let err = '';
  child.stderr.on('data', (data) => {
    err += data;
  });
  const [code] = await once(child, 'exit');
  taken.close();
  expect(code).toBe(2);
  expect(err).toMatch(/config-invalid: Setting "port"/);
}, 60_000);
