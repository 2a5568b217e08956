import { describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import { completeResult } from '../../src/fhir/complete.ts';
import { createActions } from '../../src/fhir/create-actions.ts';
import { fingerprint, isUntouched } from '../../src/fhir/fingerprint.ts';
import { regionExtension, regionsOf } from '../../src/fhir/region.ts';
import { isAiAsserted, isOurs } from '../../src/fhir/result-key.ts';
import { createValidator } from '../../src/fhir/validate.ts';
import { resourcesOf } from '../../src/fhir/write-back.ts';
import { context, labDraft, potassium } from './draft.ts';

const validate = createValidator();

describe('completeResult', () => {
  const result = completeResult(labDraft(), context);

  test('is valid, labelled, preliminary and traceable', () => {
    for (const resource of resourcesOf(result)) {
      expect(validate(resource)).toEqual([]);
    }
    for (const resource of [...result.observations, result.report]) {
      expect([resource.status, isAiAsserted(resource), isOurs(resource)]).toEqual(['preliminary', true, true]);
      expect(resource.meta?.source).toBe('urn:interval:job:job-1');
    }
    expect(result.observations[0]?.identifier?.map((one) => one.value)).toEqual([
      'lab-report:DiagnosticReport.outside-1:5f2a90c1:potassium-0',
      'lab-report:DiagnosticReport.outside-1:5f2a90c1',
    ]);
    expect(result.report.extension?.[0]).toEqual({
      url: 'http://hl7.org/fhir/StructureDefinition/diagnosticReport-extends',
      valueReference: { reference: 'DiagnosticReport/outside-1' },
    });
    const { agent, entity } = result.provenance;
    expect(agent[0]).toMatchObject({
      type: { coding: [{ code: 'assembler' }] },
      onBehalfOf: { display: 'Sample hospital (synthetic)' },
    });
    expect(entity?.[0]).toMatchObject({ role: 'source', what: { identifier: { value: '5f2a90c1'.repeat(8) } } });
    expect(result.device.version?.map((one) => [one.type?.text, one.value])).toEqual([
      ['analysis', '1'],
      ['reader', '1'],
      ['model lab-words', '3'],
    ]);
  });

  test('says the same for the same draft, whenever it is completed', () => {
    const later = completeResult(labDraft({ jobKey: 'job-2' }), { ...context, now: '2027-01-01T00:00:00.000Z' });
    expect(later.observations.map(fingerprint)).toEqual(result.observations.map(fingerprint));
    expect(fingerprint(later.report)).toBe(fingerprint(result.report));
    const other = completeResult(labDraft({ observations: [potassium(6.5)] }), context);
    expect(fingerprint(other.observations[0] as never)).not.toBe(fingerprint(result.observations[0] as never));
    expect(isUntouched(result.report)).toBe(true);
    expect(isUntouched({ ...result.report, conclusion: 'changed' })).toBe(false);
  });

  test('another model is another Device', () => {
    const reader = { ...labDraft().reader, models: [{ id: 'lab-words', version: '4' }] };
    const other = completeResult(labDraft({ reader }), context);
    expect(other.device.identifier?.[0]?.value).not.toBe(result.device.identifier?.[0]?.value);
    expect(other.observations[0]?.identifier).toEqual(result.observations[0]?.identifier);
  });

  test('another prompt is another Device; prompts stand in Device and Provenance', () => {
    const ask = (version: string) =>
      completeResult(
        labDraft({ reader: { ...labDraft().reader, readerId: 'medgemma', prompts: [{ id: 'extract-1', version }] } }),
        context,
      );
    const [one, other] = [ask('0123456789ab'), ask('ba9876543210')];
    for (const resource of resourcesOf(one)) {
      expect(validate(resource)).toEqual([]);
    }
    expect(one.device.version).toContainEqual({ type: { text: 'prompt extract-1' }, value: '0123456789ab' });
    expect(one.device.identifier?.[0]?.value).toContain('extract-1.0123456789ab');
    expect(one.device.identifier?.[0]?.value).not.toBe(other.device.identifier?.[0]?.value);
    expect(one.provenance.policy).toEqual(['urn:interval:prompt:extract-1:0123456789ab']);
    expect(result.provenance).not.toHaveProperty('policy');
  });

  test('works for the command line: no patient, no subject, no printed date', () => {
    const { effectiveDateTime: _, ...report } = labDraft().report as DiagnosticReport;
    const bare = completeResult(
      labDraft({ patient: undefined, subject: undefined, report, inputs: [{ sha256: 'a'.repeat(64) }] }),
      context,
    );
    for (const resource of resourcesOf(bare)) {
      expect(validate(resource)).toEqual([]);
    }
    expect(bare.observations[0]?.subject).toEqual({ display: expect.stringContaining('not linked to a chart') });
    expect(bare.report).toHaveProperty('_effectiveDateTime.extension.0.valueCode', 'unknown');
    expect(bare.report.extension).toBeUndefined();
  });

  test('two results of one item are our own fault', () => {
    const twice = labDraft({ observations: [potassium(1), potassium(2)] });
    expect(() => completeResult(twice, context)).toThrow(expect.objectContaining({ code: 'result-invalid' }));
  });

  test('an image analysis performs rather than assembles', () => {
    const image = labDraft({ subject: 'https://ehr.test/r4/ImagingStudy/1' });
    expect(completeResult(image, context).provenance.agent[0]?.type?.coding?.[0]?.code).toBe('performer');
  });

  test('create actions of a stored result: no ids, no pictures, the references of the source', () => {
    const report = { ...result.report, id: '9', media: [{ link: { reference: 'Media/8' } }] };
    const stored = result.observations.map((one, index) => ({
      ...one,
      id: String(index),
      meta: { ...one.meta, versionId: '3', lastUpdated: '2026-03-02T00:00:00Z' },
      subject: { reference: 'https://ehr.test/r4/Patient/1' },
      device: { reference: 'Device/7' },
    }));
    const servers = {
      store: 'https://store.test/r4',
      toSource: (reference: string) => reference.replace('https://ehr.test/r4/', ''),
    };
    const actions = createActions({ report, observations: stored }, servers);
    expect(actions.map((one) => one.type)).toEqual(['create', 'create', 'create']);
    expect(actions[0]).toMatchObject({
      description: 'Create a preliminary result: Potassium',
      resource: { subject: { reference: 'Patient/1' }, device: { reference: 'https://store.test/r4/Device/7' } },
    });
    for (const action of actions) {
      const { resource } = action as Extract<typeof action, { resource: object }>;
      expect(resource).not.toHaveProperty('id');
      expect(resource).not.toHaveProperty('media');
      expect(resource).not.toHaveProperty('meta.versionId');
      expect(validate(resource as never)).toEqual([]);
    }
    const reviewed = stored.map((one) => ({ ...one, status: 'final' as const }));
    expect(createActions({ report, observations: reviewed }, servers)).toEqual([]);
  });
});

describe('regions', () => {
  test('a box is a closed polyline of five points, x before y, and comes back', () => {
    const region = {
      source: 'ImagingStudy/1',
      sopInstanceUid: '2.25.1',
      box: [1, 2, 3.456, 4] as const,
      width: 10,
      height: 20,
    };
    const extension = regionExtension(region);
    const coordinates = extension.extension?.filter((one) => one.url === 'coordinate').map((one) => one.valueDecimal);
    expect(coordinates).toEqual([1, 2, 3.46, 2, 3.46, 4, 1, 4, 1, 2]);
    expect(regionsOf([extension])).toEqual([{ ...region, box: [1, 2, 3.46, 4] }]);
  });

  test('a page alone has no coordinates', () => {
    const page = { source: 'DiagnosticReport/1', page: 2 };
    expect(regionsOf([regionExtension(page), { url: 'urn:other', valueString: 'x' }])).toEqual([page]);
  });
});
