import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { draft } from '../../../src/analyses/chest-xray-comparison/draft.ts';
import type { ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { chestXrayComparison } from '../../../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput, Film } from '../../../src/analyses/chest-xray-comparison/input.ts';
import { summarize } from '../../../src/analyses/chest-xray-comparison/summary.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import { completeResult } from '../../../src/fhir/complete.ts';
import { taskOfJob } from '../../../src/fhir/job-task.ts';
import { createValidator } from '../../../src/fhir/validate.ts';
import { resourcesOf } from '../../../src/fhir/write-back.ts';
import type { Decoder } from '../../../src/imaging/decoder.ts';
import type { ChatRequest } from '../../../src/inference/model.ts';
import { openTensorModel } from '../../../src/inference/onnx/tensor.ts';
import type { ChestParameters } from '../../../src/samples/thorax/chest.ts';
import { simulateChest } from '../../../src/samples/thorax/simulate.ts';
import { type ScriptedModel, scriptedModel, textOf } from '../scripted-model.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const analysis = chestXrayComparison({ decoder: {} as Decoder });
const lungs = openTensorModel('lung-field', `${root}/models/lung-field/model.onnx`);
const opacity = openTensorModel('lung-opacity', `${root}/models/lung-opacity/model.onnx`);
const tensor = (name: string) => (name === 'lung-field' ? lungs : opacity);
const reading = createReading(analysis);
const never = new AbortController().signal;
afterAll(async () => {
  await (await lungs).close();
  await (await opacity).close();
});

function film(parameters: ChestParameters, study: string, started: string): Film {
  const { width, height, data } = simulateChest({ width: 400, height: 320, ...parameters });
  return {
    study: `ImagingStudy/${study}`,
    started,
    radiograph: {
      header: {
        sopInstanceUid: `2.25.3${study.length}`,
        studyInstanceUid: `2.25.1${study.length}`,
        seriesInstanceUid: `2.25.2${study.length}`,
        transferSyntaxUid: '',
        imageType: [],
        rows: height,
        columns: width,
        numberOfFrames: 1,
        viewPosition: 'PA',
      },
      image: { width, height, data: Float32Array.from(data, (value) => value / 4095) },
      sha256: (study === 'cur' ? 'c' : 'b').repeat(64),
    },
  };
}

const example = JSON.parse(
  readFileSync(`${root}/src/analyses/chest-xray-comparison/examples/worsening-effusion.json`, 'utf8'),
) as { readonly prior: ChestParameters; readonly current: ChestParameters };
const input: ComparisonInput = {
  prior: film(example.prior, 'earlier', '2026-11-02T14:20:00Z'),
  current: film(example.current, 'cur', '2026-11-14T06:55:00Z'),
};

const names = ['consolidation', 'pulmonary edema', 'pleural effusion', 'pneumonia', 'pneumothorax'] as const;
type Name = (typeof names)[number];
const nameIn = (request: ChatRequest) =>
  names.find((name) => textOf(request).includes(`How has ${name} changed from the prior image`)) as Name;

/** Answers by letter; the first five questions are asked with the films in their order, the others exchanged. */
const answers = (forward: Partial<Record<Name, string>>, backward: Partial<Record<Name, string>>) => {
  const seen = new Set<Name>();
  return scriptedModel((request) => {
    const name = nameIn(request);
    const letter = (seen.has(name) ? backward : forward)[name] ?? 'B';
    seen.add(name);
    return `The costophrenic angles are compared. Final Answer: (${letter})`;
  });
};
const read = async (chat: ScriptedModel, given = input) =>
  reading(given, await analysis.readers.medgemma!({ tensor, chat }), never);
const found = async (chat: ScriptedModel): Promise<ComparisonFinding> => {
  const result = await read(chat);
  if (result.outcome !== 'finding') throw new Error(`abstained: ${result.reason}`);
  return result.finding;
};
const said = ({ findings }: ComparisonFinding) => findings.map(({ finding, change }) => `${finding} ${change}`);

describe('the medgemma reader', () => {
  test('asks for five findings in both orders, prior first, each film in a black square', async () => {
    const model = answers({ 'pleural effusion': 'C' }, { 'pleural effusion': 'A' });
    const finding = await found(model);
    expect(said(finding)).toEqual([
      'consolidation stable',
      'pulmonary-edema stable',
      'pleural-effusion worsened',
      'pneumonia stable',
      'pneumothorax stable',
    ]);
    expect(model.asked.map(nameIn)).toEqual([...names, ...names]);
    const images = model.asked.map(({ content, maxTokens }) => {
      expect(content.map(({ type }) => type)).toEqual(['image', 'image', 'text']);
      expect(maxTokens).toBe(600);
      return content.flatMap((part) => (part.type === 'image' ? [Buffer.from(part.bytes).toString('base64')] : []));
    });
    const [prior, current] = images[0]!;
    expect(prior).not.toBe(current);
    expect(images.slice(0, 5).every(([first, second]) => first === prior && second === current)).toBe(true);
    expect(images.slice(5).every(([first, second]) => first === current && second === prior)).toBe(true);
    const { data, info } = await sharp(Buffer.from(current!, 'base64')).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([896, 896]);
    // 400 × 320: a tenth of the side is black above and below
    expect(data.subarray(0, 80 * 896 * info.channels).every((value) => value === 0)).toBe(true);
    expect(data.some((value) => value > 200)).toBe(true);
    expect(finding.notJudged.map(({ finding, reason }) => `${finding} ${reason}`)).toContain('atelectasis not-asked');
  });

  test('what does not turn round with the films is not judged; when nothing does, nothing is said', async () => {
    const one = await found(answers({ pneumonia: 'C', pneumothorax: 'A' }, { pneumonia: 'C', pneumothorax: 'C' }));
    expect(said(one)).not.toContain('pneumonia worsened');
    expect(said(one)).toContain('pneumothorax improved');
    expect(one.notJudged).toContainEqual({ finding: 'pneumonia', reason: 'not-mirrored' });
    const same = Object.fromEntries(names.map((name) => [name, 'C']));
    expect(await read(answers(same, same))).toMatchObject({
      outcome: 'abstention',
      reason: 'not-mirrored',
      detail: expect.stringContaining(''),
    });
  });

  test('a thought is no answer and does not hide one; an unclear answer is not judged', async () => {
    const model = scriptedModel((request, index) => {
      switch (nameIn(request)) {
        case 'pneumonia':
          return `<unused94>thought\nFinal Answer: (A)?<unused95>Final Answer: ${index < 5 ? 'C' : 'A'}`;
        case 'consolidation':
          return 'It is hard to say.';
        case 'pneumothorax':
          return index < 5 ? 'Final Answer: (B) Stable' : 'Final Answer: A or B';
        default:
          return 'Final Answer: **B**';
      }
    });
    const finding = await found(model);
    expect(said(finding)).toEqual(['pulmonary-edema stable', 'pleural-effusion stable', 'pneumonia worsened']);
    expect(finding.notJudged.filter(({ reason }) => reason === 'answer-unclear').map(({ finding }) => finding)).toEqual(
      ['consolidation', 'pneumothorax'],
    );
    // no second question where the first had no answer
    expect(model.asked).toHaveLength(9);
    await expect(read(scriptedModel(() => 'I cannot compare.'))).rejects.toMatchObject({ code: 'reply-invalid' });
  });

  test.each([
    ['reply-truncated', { text: 'The lungs', finish: 'length' as const }],
    ['reply-refused', { text: '', finish: 'refused' as const }],
    ['reply-unfinished-thought', { text: '<unused94>thought\nFinal Answer: C' }],
  ])('%s is a failure', async (code, reply) => {
    await expect(read(scriptedModel((_, at) => (at === 3 ? reply : 'Final Answer: B')))).rejects.toMatchObject({
      code,
    });
  });

  test('what the guards refuse is not asked about, and one exposure has not changed', async () => {
    const model = answers({}, {});
    const ramp = {
      ...input.current,
      radiograph: {
        ...input.current.radiograph,
        image: {
          ...input.current.radiograph.image,
          data: input.current.radiograph.image.data.map((_, index) => (index % 400) / 400),
        },
      },
    };
    expect(await read(model, { ...input, current: ramp })).toMatchObject({ reason: 'not-a-chest' });
    const twice = await read(model, { prior: input.current, current: input.current });
    expect(twice).toMatchObject({ outcome: 'finding', finding: { sameFilm: true, findings: [] } });
    expect(model.asked).toEqual([]);
  });

  test('the full range of the film is shown where it is known', async () => {
    const plain = { ...input.current.radiograph.image, data: input.current.radiograph.image.data.map(() => 0.5) };
    const model = answers({}, {});
    const radiograph = { ...input.current.radiograph, fullRange: () => plain };
    await read(model, { ...input, current: { ...input.current, radiograph } });
    const part = model.asked[0]!.content[1]!;
    const { data, info } = await sharp(part.type === 'image' ? part.bytes : new Uint8Array())
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[(448 * 896 + 448) * info.channels]).toBe(128);
  });

  test('names both models and the prompt, and needs a language model', async () => {
    const reader = await analysis.readers.medgemma!({ tensor, chat: answers({}, {}) });
    expect(reader.models.map(({ id }) => id)).toEqual(['google/medgemma-1.5-4b-it', 'lung-field', 'lung-opacity']);
    expect(reader.prompts?.map(({ id }) => id)).toEqual(['compare-1']);
    await expect(analysis.readers.medgemma!({ tensor })).rejects.toMatchObject({ code: 'reader-unavailable' });
  });
});

test('what is written and told: the model, no presence, and no "stable" for what may not be there', async () => {
  const chat = answers({ pneumonia: 'C' }, { pneumonia: 'A' });
  const reader = await analysis.readers.medgemma!({ tensor, chat });
  const finding = await found(chat);
  const now = '2026-11-14T08:00:00Z';
  const job = {
    key: 'job',
    analysis: analysis.id,
    reader: 'medgemma',
    patient: 'Patient/p',
    subject: { reference: 'ImagingStudy/cur', version: '1' },
    companions: [{ role: 'prior', reference: 'ImagingStudy/earlier', version: '1' }],
  };
  const result = completeResult(
    {
      ...draft(finding, input, {
        patient: 'Patient/p',
        subject: 'ImagingStudy/cur',
        companions: job.companions,
        now,
        timeZone: 'UTC',
      }),
      jobKey: 'job',
      analysis: analysis.id,
      reader: {
        analysis: analysis.id,
        analysisVersion: analysis.version,
        readerId: reader.id,
        readerVersion: reader.version,
        models: reader.models,
        prompts: reader.prompts!,
      },
      patient: 'Patient/p',
      subject: 'ImagingStudy/cur',
    },
    { now, organization: { display: 'Site' } },
  );
  const validate = createValidator();
  for (const resource of resourcesOf(result)) {
    expect(validate(resource)).toEqual([]);
  }
  expect(result.report.conclusion).toBe(
    'Pneumonia worsened, no change in consolidation, pulmonary edema, pleural effusion, pneumothorax since 2 Nov 2026.',
  );
  const pneumonia = result.observations.find(({ code }) => code?.text?.startsWith('Pneumonia'))!;
  expect(pneumonia.interpretation?.[0]?.coding?.[0]?.code).toBe('W');
  expect(pneumonia.component?.map((one) => one.valueCodeableConcept?.text)).toEqual(['Indeterminate', 'Indeterminate']);
  expect(pneumonia.device?.display).toContain('(medgemma)');

  const task = { ...taskOfJob(job, now), status: 'completed' as const };
  const stored = { task, report: { ...result.report, id: 'rep' }, observations: result.observations };
  const chart = {
    patient: { resourceType: 'Patient' as const },
    reports: [],
    documents: [],
    observations: [],
    studies: [],
  };
  const [summary] = summarize([stored], chart);
  expect(summary!.headline).toBe('Chest X-ray 14 Nov 2026: pneumonia worsened since 2 Nov 2026');
  expect(summary!.lines).toContain('Pneumothorax: no change, or on neither film');
  expect(summary!.sources[0]?.readBy).toContain('(medgemma)');
  expect(summary!.caveats.join(' ')).toMatch(/MedGemma.*65\.7 %/);
  expect(summary!.caveats.join(' ')).not.toContain('embedded');
});
