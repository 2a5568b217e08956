import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Observation } from '@medplum/fhirtypes';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import type { LabFinding } from '../../../src/analyses/lab-report/finding.ts';
import { labReport } from '../../../src/analyses/lab-report/index.ts';
import type { LabInput } from '../../../src/analyses/lab-report/input.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import { createDocuments } from '../../../src/documents/documents.ts';
import { openTensorModel } from '../../../src/inference/onnx/tensor.ts';

const folder = resolve('src/analyses/lab-report/examples');
const documents = createDocuments();
const analysis = labReport({ documents });
const signal = new AbortController().signal;
const models = { tensor: (name: string) => openTensorModel(name, resolve('models', name, 'model.onnx')) };
const reading = createReading<LabInput, LabFinding>(analysis);

afterAll(() => documents.close());

/** An Observation in the terms of the examples. */
function inShort({ code, valueQuantity, valueString, dataAbsentReason, referenceRange, interpretation }: Observation) {
  const all = {
    code: code?.coding?.[0]?.code,
    value: valueQuantity?.value ?? valueString,
    absent: dataAbsentReason?.coding?.[0]?.code,
    comparator: valueQuantity?.comparator,
    unit: valueQuantity?.code,
    low: referenceRange?.[0]?.low?.value,
    high: referenceRange?.[0]?.high?.value,
    interpretation: interpretation?.[0]?.coding?.[0]?.code,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

describe('examples: file in, Observations out, every value on its page', () => {
  test.each(readdirSync(folder).filter((file) => file.endsWith('.json')))('%s', async (file) => {
    const { input, expect: expected } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const opened = await analysis.open({ file: new Uint8Array(readFileSync(join(folder, input.file))) }, signal);
    if (isAbstention(opened)) throw new Error('An example must open.');
    const reader = await analysis.readers.embedded!(models);
    const read = await reading(opened, reader, signal);
    if (read.outcome === 'abstention') {
      expect({ outcome: read.outcome, reason: read.reason }).toEqual(expected);
      return;
    }
    const drafted = analysis.draft(read.finding, opened, {
      companions: [],
      now: '2026-11-13T10:00:00Z',
      timeZone: 'UTC',
    });
    expect(drafted.observations.map(({ resource }) => inShort(resource as Observation))).toEqual(expected.observations);
    expect(analysis.evidence(read.finding, opened).every(({ box }) => box?.length === 4)).toBe(true);
  });

  test('the version of the reader names the model by its bytes', async () => {
    const reader = await analysis.readers.embedded!(models);
    expect(reader.version).toMatch(/^1-[0-9a-f]{12}$/);
    expect(reader.models).toEqual([{ id: 'lab-token-roles', version: reader.version.slice(2) }]);
  });
});

test.each([
  ['document-empty', new Uint8Array()],
  ['document-unsupported', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0])],
  ['document-damaged', new TextEncoder().encode('%PDF-1.7\n1 0 obj\n<<')],
])('a bad file is %s, not an empty result', async (code, bytes) => {
  await expect(analysis.open({ file: bytes }, signal)).rejects.toMatchObject({ code });
});

test('a missing file is said', async () => {
  await expect(analysis.open({}, signal)).rejects.toMatchObject({ code: 'attachment-missing' });
});
