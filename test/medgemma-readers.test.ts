import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSamples } from '../src/samples/create.ts';
import { type OpenAiServer, type ScriptedReply, type SentRequest, startOpenAiServer } from './support/openai-server.ts';

/**
 * Both medgemma readers through the command line, with a server that answers as MedGemma might: the settings, the model
 * behind them, the reader, the guards and what is printed are the real ones.
 */
const lab = 'Clinical Data Extraction Specialist';
const directory = mkdtempSync(join(tmpdir(), 'interval-medgemma-'));

describe('interval read … --reader medgemma', () => {
  let server: OpenAiServer;
  let reply: (request: SentRequest) => ScriptedReply = () => '[]';
  let films: readonly string[] = [];

  beforeAll(async () => {
    server = await startOpenAiServer({ reply: (request) => reply(request) });
    const { samples } = await createSamples({ now: new Date(), timeZone: 'UTC' });
    const dicom = samples
      .find(({ id }) => id === 'sample-effusion')!
      .binaries.filter(({ contentType }) => contentType === 'application/dicom');
    films = await Promise.all(
      dicom.slice(0, 2).map(async (one, index) => {
        const path = join(directory, `film-${index}.dcm`);
        writeFileSync(path, await one.bytes());
        return path;
      }),
    );
  }, 60_000);
  afterAll(() => server.close());

  async function interval(arguments_: readonly string[], settings?: Record<string, string>) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', ...arguments_], {
      env: {
        ...process.env,
        ...(settings ?? { INTERVAL_MODEL_URL: server.base, INTERVAL_MODEL_NAME: server.model }),
      },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, out, err };
  }
  const readReport = (settings?: Record<string, string>) => {
    const file = resolve('src/analyses/lab-report/examples/critical-potassium.pdf');
    return interval(['read', 'lab-report', file, '--reader', 'medgemma'], settings);
  };
  const compare = () =>
    interval(['read', 'chest-xray-comparison', '--prior', films[0]!, '--current', films[1]!, '--reader', 'medgemma']);

  test('a lab report: what is printed becomes Observations, what is not goes to unread, thoughts go nowhere', async () => {
    reply = ({ text, images }) => {
      expect(text).toContain(lab);
      expect(images).toHaveLength(1);
      const rows = [
        { name: 'Potassium', result: '6.8', unit: 'mmol/L', range: '3.5 - 5.1' },
        { name: 'Chloride', result: '104', unit: 'mmol/L', range: null },
      ];
      const rest = { panel: null, method: null, specimen: null, sample_collection_time: null };
      return `<unused94>thought\nIs it 9.9?<unused95>${JSON.stringify(rows.map((row) => ({ ...row, ...rest })))}`;
    };
    const { code, out, err } = await readReport();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const read = JSON.parse(out);
    expect(read).toMatchObject({ reader: { id: 'medgemma' }, outcome: 'finding' });
    expect(read.observations).toMatchObject([
      {
        code: { coding: [{ code: '2823-3' }] },
        valueQuantity: { value: 6.8, code: 'mmol/L' },
        interpretation: [{ coding: [{ code: 'HH' }] }],
        device: { display: 'Interval lab-report reader (medgemma)' },
      },
    ]);
    expect(read.finding.unread).toContainEqual(
      expect.objectContaining({ text: 'Chloride  104', reason: 'value-not-on-page' }),
    );
  }, 60_000);

  test('two films: what turns round with them is found, what does not is not judged', async () => {
    const before = server.requests.length;
    // Ten questions, five for each order of the films.
    reply = ({ text, index }) =>
      text.includes('has pleural effusion changed')
        ? `Fluid. Final Answer: ${index - before < 5 ? 'C' : 'A'}`
        : text.includes('has pneumonia changed')
          ? 'Final Answer: (C)'
          : 'Final Answer: (B) Stable';
    const { code, out, err } = await compare();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const read = JSON.parse(out);
    expect(server.requests.length - before).toBe(10);
    expect(read.finding.findings).toContainEqual(
      expect.objectContaining({ finding: 'pleural-effusion', change: 'worsened' }),
    );
    expect(read.finding.notJudged).toContainEqual({ finding: 'pneumonia', reason: 'not-mirrored' });
    expect(read.observations).toHaveLength(4);
  }, 60_000);

  test('answers that never turn round are an abstention', async () => {
    reply = () => 'Final Answer: (C) Worsened';
    const { code, out } = await compare();
    expect([code, JSON.parse(out)]).toMatchObject([0, { outcome: 'abstention', reason: 'not-mirrored' }]);
  }, 60_000);

  test.each([
    ['reply-truncated', { text: '[{"name":"Potassium","result":"6.8"}]', finish: 'length' }],
    ['reply-unfinished-thought', '<unused94>thought\n[]'],
    ['reply-invalid', 'I see no tests.'],
    ['model-image-ignored', { text: '[]', promptTokens: 90 }],
  ] satisfies [string, ScriptedReply][])(
    '%s fails, and nothing is printed',
    async (code, said) => {
      reply = () => said;
      const ran = await readReport();
      expect(ran).toMatchObject({ code: 1, out: '' });
      expect(ran.err).toMatch(new RegExp(`^${code}: `));
      expect(ran.err).not.toContain('Potassium');
    },
    60_000,
  );

  test('without a model it says which settings it needs', async () => {
    const ran = await readReport({ INTERVAL_MODEL_URL: '' });
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('modelUrl');
  }, 60_000);
});
