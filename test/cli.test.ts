import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createSamples } from '../src/samples/create.ts';
import type { Sample } from '../src/samples/sample.ts';
import { startOpenAiServer } from './support/openai-server.ts';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function interval(arguments_: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', ...arguments_], {
      env: { ...process.env, ...environment },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

const directory = mkdtempSync(join(tmpdir(), 'interval-cli-'));
const file = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(directory, name), bytes);
  return join(directory, name);
};

describe('interval', () => {
  let samples: ReadonlyMap<string, Sample>;
  const binary = async (sample: string, contentType: string, at = 0) =>
    samples
      .get(sample)!
      .binaries.filter((one) => one.contentType === contentType)
      [at]!.bytes();

  beforeAll(async () => {
    const set = await createSamples({ now: new Date(), timeZone: 'UTC' });
    samples = new Map(set.samples.map((sample) => [sample.id, sample]));
  });

  test('read lab-report prints one JSON object and nothing else', async () => {
    const { code, out, err } = await interval([
      'read',
      'lab-report',
      file('report.pdf', await binary('sample-potassium', 'application/pdf')),
      '--json',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const read = JSON.parse(out);
    expect(Object.keys(read)).toEqual([
      'analysis',
      'reader',
      'outcome',
      'finding',
      'observations',
      'evidence',
      'milliseconds',
    ]);
    expect(read).toMatchObject({ analysis: 'lab-report', reader: { id: 'embedded' }, outcome: 'finding' });
    const potassium = read.observations.find(
      (one: { code: { coding?: { code: string }[] } }) => one.code.coding?.[0]?.code === '2823-3',
    );
    expect(potassium).toMatchObject({
      resourceType: 'Observation',
      status: 'preliminary',
      valueQuantity: { value: 6.8, code: 'mmol/L' },
    });
    expect(read.evidence.find((one: { text?: string }) => one.text?.includes('6.8'))).toMatchObject({
      page: 1,
      box: expect.any(Array),
    });
  }, 60_000);

  test('read chest-xray-comparison', async () => {
    const [prior, current] = await Promise.all([
      binary('sample-effusion', 'application/dicom', 0),
      binary('sample-effusion', 'application/dicom', 1),
    ]);
    const { code, out, err } = await interval([
      'read',
      'chest-xray-comparison',
      '--prior',
      file('prior.dcm', prior),
      '--current',
      file('current.dcm', current),
      '--json',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      analysis: 'chest-xray-comparison',
      outcome: 'finding',
      observations: expect.arrayContaining([expect.objectContaining({ status: 'preliminary' })]),
    });
  }, 60_000);

  test('an abstention is a result: exit 0, a reason, nothing else', async () => {
    const { code, out } = await interval([
      'read',
      'lab-report',
      file('letter.txt', 'Dear colleague,\n\nthank you for seeing this patient next week.\n'),
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'abstention',
      reason: expect.stringMatching(/^[a-z-]+$/),
      observations: [],
      evidence: [],
    });
  }, 60_000);

  test.each([
    ['a file that is not there', () => ['read', 'lab-report', join(directory, 'nothing.pdf')], 'attachment-missing'],
    ['an empty file', () => ['read', 'lab-report', file('empty.pdf', '')], 'document-empty'],
    [
      'a file that is no document',
      () => ['read', 'lab-report', file('noise.bin', Buffer.from([0, 1, 2, 3, 255, 254, 0, 0, 9]))],
      'document-unsupported',
    ],
    [
      'a DICOM file that is none',
      () => ['read', 'chest-xray-comparison', '--prior', file('a.dcm', 'no'), '--current', file('b.dcm', 'no')],
      'dicom-invalid',
    ],
  ])(
    '%s: exit 2, one coded line on standard error',
    async (_name, arguments_, expected) => {
      const { code, out, err } = await interval(arguments_());
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(new RegExp(`^${expected}: .+\\n$`));
    },
    60_000,
  );

  test('a truncated PDF: exit 2', async () => {
    const whole = await binary('sample-potassium', 'application/pdf');
    const { code, err } = await interval(['read', 'lab-report', file('cut.pdf', whole.subarray(0, whole.length >> 1))]);
    expect({ code, coded: /^document-damaged: /.test(err) }).toEqual({ code: 2, coded: true });
  }, 60_000);

  test('arguments that are wrong: exit 2 and say so', async () => {
    const runs = await Promise.all([
      interval(['read', 'lab-report']),
      interval(['read', 'nonsense']),
      interval(['read', 'lab-report', 'x.pdf', '--reader', 'oracle']),
      interval(['read', 'chest-xray-comparison', '--prior', 'x.dcm']),
    ]);
    for (const { code, out, err } of runs) {
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^error: /);
    }
  }, 60_000);

  test('a medgemma reader without a model says which settings it needs', async () => {
    const { code, err } = await interval([
      'read',
      'lab-report',
      file('some.txt', 'Potassium 4.1 mmol/L'),
      '--reader',
      'medgemma',
    ]);
    expect(code).toBe(2);
    expect(err).toMatch(/^config-invalid: .*INTERVAL_MODEL\).*INTERVAL_MODEL_URL\)/);
  }, 60_000);

  test('a medgemma reader whose model cannot be had', async () => {
    const some = file('some.txt', 'Potassium 4.1 mmol/L');
    const [here, there] = await Promise.all([
      interval(['read', 'lab-report', some, '--reader', 'medgemma'], {
        INTERVAL_MODEL: 'google/nothing',
        INTERVAL_MODELS_DIRECTORY: directory,
      }),
      interval(['read', 'lab-report', some, '--reader', 'medgemma'], {
        INTERVAL_MODEL_URL: 'http://127.0.0.1:9',
        INTERVAL_MODEL_NAME: 'm',
      }),
    ]);
    expect([here.code, here.err.split(':')[0]]).toEqual([1, 'model-not-found']);
    expect([there.code, there.err.split(':')[0]]).toEqual([1, 'model-unavailable']);
  }, 60_000);

  test('read lab-report with MedGemma behind a server, by settings alone', async () => {
    const server = await startOpenAiServer({ key: 'hunter2', reply: () => '[]' });
    try {
      const { code, out, err } = await interval(
        [
          'read',
          'lab-report',
          file('report.pdf', await binary('sample-potassium', 'application/pdf')),
          '--reader',
          'medgemma',
        ],
        {
          INTERVAL_MODEL_URL: server.base,
          INTERVAL_MODEL_NAME: server.model,
          INTERVAL_MODEL_KEY_FILE: file('key', 'hunter2\n'),
        },
      );
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(JSON.parse(out)).toMatchObject({ analysis: 'lab-report', reader: { id: 'medgemma' } });
      expect(server.requests.length).toBeGreaterThan(0);
    } finally {
      await server.close();
    }
  }, 60_000);

  test('help, version and the list of settings', async () => {
    const [help, version, config] = await Promise.all([
      interval(['--help']),
      interval(['--version']),
      interval(['config']),
    ]);
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('Exit codes') });
    expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(config.out).toContain('hookDeadlineMs');
  }, 60_000);

  test('a bad setting ends serve at once and names it', async () => {
    const { code, err } = await interval(['serve'], { INTERVAL_WRITE_BACK: 'sometimes' });
    expect(code).toBe(2);
    expect(err).toMatch(/^config-invalid: .*writeBack/);
  }, 60_000);
});
