import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Long enough for Maven's downloads on the first run of a machine. */
export const HAPI_START_MS = 330_000;

export const hapi = {
  name: 'HAPI FHIR',
  get here() {
    return process.env.HAPI_BASE_URL !== undefined || (runs('mvn', '--version') && runs('javac', '--version'));
  },
  install: 'apt-get install maven default-jdk-headless',
};

/**
 * Base URL of HAPI FHIR, without trailing slash: the one at HAPI_BASE_URL, or one that the first test file which asks
 * starts and all files of the run share. `stop.ts` ends it after the last.
 */
export async function hapiBase(): Promise<string> {
  const given = process.env.HAPI_BASE_URL;
  if (given) {
    return given.replace(/\/+$/, '');
  }
  const started = existsSync(note(process.pid)) ? running(process.pid).base : undefined;
  if (started && (await fetch(`${started}/metadata`).catch(() => undefined))?.ok) {
    return started;
  }
  const server = spawn(fileURLToPath(new URL('./start', import.meta.url)), [], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`HAPI FHIR ended with ${code} before it was ready.`)));
    server.once('error', reject);
  });
  const ready = (async () => {
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.startsWith('READY ')) {
        return line.slice('READY '.length).trim();
      }
    }
    throw new Error('HAPI FHIR closed its output before it was ready.');
  })();
  const base = await Promise.race([ready, ended]);
  writeFileSync(note(process.pid), JSON.stringify({ base, pid: server.pid }));
  // It outlives this file and must not keep the run from ending.
  server.removeAllListeners();
  server.stdout.destroy();
  server.unref();
  // the first request of its kind loads HAPI's definitions
  await fetch(`${base}/metadata`);
  return base;
}

/** Where a run writes down the server that it has started; a process of a run is named by its id. */
export function note(runner: number): string {
  return join(tmpdir(), `interval-hapi-${runner}.json`);
}

export function running(runner: number): { readonly base: string; readonly pid: number } {
  return JSON.parse(readFileSync(note(runner), 'utf8'));
}

function runs(command: string, argument: string): boolean {
  return spawnSync(command, [argument], { stdio: 'ignore' }).status === 0;
}
