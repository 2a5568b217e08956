import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Started, startService } from '../support/service.ts';
import { type Fhir, fhirAt, interval, labReport, patient, until } from './world.ts';

/** `interval backfill` against the embedded server of a running service. */
let service: Started;
let fhir: Fhir;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  service = await startService('listening', { INTERVAL_SAMPLES: 'off' });
  fhir = fhirAt(`${service.base}/fhir/R4`);
  folder = mkdtempSync(join(tmpdir(), 'interval-backfill-'));
  environment = { INTERVAL_PORT: new URL(service.base).port, XDG_CACHE_HOME: folder };
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await fhir.send('PUT', `Patient/${id}`, patient(id));
    await fhir.send('POST', 'DiagnosticReport', labReport(id));
  }
  await fhir.send('POST', 'DiagnosticReport', labReport('nobody'));
}, 60_000);
afterAll(() => service?.stop());

const run = (...argv: string[]) => interval(environment, 'backfill', ...argv);
const kept = () => readdirSync(join(folder, 'interval')).filter((name) => name.startsWith('backfill-'));

describe('interval backfill', () => {
  test('is broken off and gone on with; every patient is asked for once', async () => {
    const argv = ['bin/interval.js', 'backfill', '--since', '2026-01-01', '--rate', '30'];
    const child = spawn(process.execPath, argv, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data;
    });
    const begun = new Promise<void>((resolve) => {
      child.stderr.on('data', (data: Buffer) => {
        err += data;
        if (err.includes('Begins')) resolve();
      });
    });
    await begun;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    const [code] = await ended;
    expect([code, err]).toEqual([1, expect.stringContaining('The same command goes on from here.')]);
    expect(out).toMatch(/resources of \d+ patients looked at/);
    const [file] = kept();
    expect(readFileSync(join(folder, 'interval', file ?? ''), 'utf8')).not.toMatch(/synthetic|potassium/i);

    const on = await run('--since', '2026-01-01', '--rate', '60000');
    // One of them names a patient that is not there: that is said, and no reason to stop.
    expect([on.code, on.err.split(';')[0]]).toEqual([1, 'Goes on']);
    expect(on.out).toMatch(/of 6 patients looked at, \d jobs asked for/);
    expect(on.out).toContain('1 patients could not be looked at: fhir-not-found');
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      expect([id, (await fhir.jobsOf(id)).length]).toEqual([id, 1]);
    }
    expect(kept()).toEqual([]);
    // The service finds them in the store, by itself.
    await until(
      'all are read',
      async () => {
        const jobs = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => fhir.jobsOf(id)));
        return jobs.flat().every(({ status }) => status === 'completed');
      },
      120_000,
    );
    expect((await fhir.jobsOf('a'))[0]?.priority).toBe('routine');
  }, 180_000);

  test('once more finds nothing new; an analysis that reads none of it asks for nothing', async () => {
    const again = await run('--since', '2026-01-01', '--rate', '60000');
    expect(again.out).toContain(', 0 jobs asked for');
    const other = await run('--since', '2026-01-01', '--rate', '60000', '--analysis', 'chest-xray-comparison');
    expect([other.code, other.out]).toEqual([0, expect.stringContaining('0 resources of 0 patients')]);
  });

  test.each([
    ['no date', []],
    ['a word', ['--since', 'yesterday']],
    ['a day that is none', ['--since', '2026-02-30']],
    ['a local time', ['--since', '2026-03-01T08:00']],
    ['the future', ['--since', '2999-01-01']],
    ['an end before the beginning', ['--since', '2026-03-01', '--until', '2026-02-01']],
    ['an unknown analysis', ['--since', '2026-03-01', '--analysis', 'tea-leaves']],
    ['no rate', ['--since', '2026-03-01', '--rate', '0']],
  ])('%s is refused', async (_name, argv) => {
    const said = await run(...argv);
    expect([said.code, said.out]).toEqual([2, '']);
    expect(said.err).not.toBe('');
  });

  test('a file that is another back-fill’s, or none, is refused and left alone', async () => {
    const file = join(folder, 'state.json');
    for (const text of [
      '{',
      '{}',
      '{"of":"x","state":null}',
      '{"of":"x","state":{"until":"2026-03-01","type":"Patient"}}',
    ]) {
      writeFileSync(file, text);
      const said = await run('--since', '2026-01-01', '--resume', file);
      expect([said.code, said.err]).toEqual([2, expect.stringContaining('The file of the back-fill')]);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
    const state = {
      until: '2026-03-01T00:00:00Z',
      type: 'ImagingStudy',
      updated: '2026-01-01T00:00:00Z',
      patients: [],
      resources: 0,
      jobs: 0,
      failed: {},
    };
    writeFileSync(file, JSON.stringify({ of: 'another', state }));
    expect((await run('--since', '2026-01-01', '--resume', file)).err).toContain('belongs to another');
    expect(existsSync(file)).toBe(true);
  });
});
