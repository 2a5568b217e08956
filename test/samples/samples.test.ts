import { beforeAll, describe, expect, test } from '@jest/globals';
import { validateResource } from '@medplum/core';
import type { DiagnosticReport, DocumentReference, ImagingStudy, Resource } from '@medplum/fhirtypes';
import dicomParser from 'dicom-parser';
import { loadDefinitions } from '../../src/fhir/definitions.ts';
import { createSamples } from '../../src/samples/create.ts';
import { NOTICE } from '../../src/samples/lab-document.ts';
import type { ExpectedLabReading, Sample, SampleSet } from '../../src/samples/sample.ts';
import { textOfPdf } from './pdf-text.ts';

const now = new Date('2026-03-14T16:00:00Z');
const timeZone = 'America/New_York';
let set: SampleSet;
let bytes: ReadonlyMap<string, Uint8Array>;
let cpuMilliseconds = 0;

beforeAll(async () => {
  loadDefinitions();
  const begun = process.cpuUsage();
  set = await createSamples({ now, timeZone });
  const binaries = set.samples.flatMap((sample) => sample.binaries);
  bytes = new Map(await Promise.all(binaries.map(async (binary) => [binary.id, await binary.bytes()] as const)));
  const used = process.cpuUsage(begun);
  cpuMilliseconds = (used.user + used.system) / 1000;
});

const all = (): readonly Resource[] => [...set.shared, ...set.samples.flatMap((sample) => sample.resources)];
const sampleOf = (id: string): Sample => {
  const found = set.samples.find((sample) => sample.id === id);
  if (!found) {
    throw new Error(`no sample ${id}`);
  }
  return found;
};

describe('sample patients', () => {
  test('are made quickly', () => {
    // 1.8 s of wall time and 3.5 s of computing by itself on two idle cores; the test runner more than doubles both
    expect(cpuMilliseconds).toBeLessThan(20_000);
  });

  test('are valid R4, declared as test data, and have ids of their own', () => {
    const resources = all();
    for (const resource of resources) {
      expect(() => validateResource(resource)).not.toThrow();
      expect(resource.id).toMatch(/^sample-[a-z0-9-]{1,57}$/);
      expect(resource.meta?.tag).toContainEqual(expect.objectContaining({ code: 'HTEST' }));
      expect(JSON.stringify(resource)).toContain('Not a real person');
    }
    const references = resources.map((one) => `${one.resourceType}/${one.id}`);
    expect(new Set(references).size).toBe(references.length);
  });

  test('refer to nothing that is not there', () => {
    const known = new Set([
      ...all().map((one) => `${one.resourceType}/${one.id}`),
      ...[...bytes.keys()].map((id) => `Binary/${id}`),
    ]);
    const referred = JSON.stringify(all()).matchAll(/"(?:reference|url)":"([A-Z][A-Za-z]+\/[^"]+)"/g);
    for (const [, reference] of referred) {
      expect(known).toContain(reference);
    }
  });

  test('have nothing in the future', () => {
    const dates = JSON.stringify(all()).matchAll(/"(?:effectiveDateTime|issued|date|started|authoredOn)":"([^"]+)"/g);
    for (const [, date] of dates) {
      expect(Date.parse(date!)).toBeLessThanOrEqual(now.getTime());
    }
  });

  test('are the same for the same moment, and made of other bytes for another', async () => {
    const again = await createSamples({ now, timeZone });
    expect(again.samples.map(({ resources }) => resources)).toEqual(set.samples.map(({ resources }) => resources));
    const binary = sampleOf('sample-potassium').binaries[0]!;
    expect(await again.samples[0]!.binaries[0]!.bytes()).toEqual(await binary.bytes());
    const later = await createSamples({ now: new Date('2026-04-14T16:00:00Z'), timeZone });
    expect(await later.samples[0]!.binaries[0]!.bytes()).not.toEqual(await binary.bytes());
  });

  test('take the offset of the site on the day, and none where the site has no zone', async () => {
    const lab = (samples: SampleSet) => samples.samples[0]!.expected.readings[0] as ExpectedLabReading;
    expect(lab(set).effective).toBe('2026-03-13T07:40:00-04:00');
    expect(lab(await createSamples({ now, timeZone: 'Europe/Berlin' })).effective).toBe('2026-03-13T07:40:00+01:00');
    expect(lab(await createSamples({ now, timeZone: '' })).effective).toBe('2026-03-13');
  });
});

describe('documents', () => {
  test('print every value, unit, range and date that the truth names, and say that they are synthetic', async () => {
    let checked = 0;
    for (const sample of set.samples) {
      for (const reading of sample.expected.readings) {
        if (reading.analysis === 'lab-report' && reading.outcome === 'finding') {
          const text = await textOf(sample, reading.subject);
          if (text === undefined) {
            continue;
          }
          expect(text).toContain(NOTICE);
          for (const result of reading.results) {
            expect(text).toContain(result.name);
            expect(text).toContain(result.printed);
            checked++;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(60);
  });

  test('name the patient of the chart, but for the misfiled one', async () => {
    for (const sample of set.samples) {
      const reading = sample.expected.readings[0];
      if (reading?.analysis === 'lab-report' && reading.outcome !== 'error') {
        const text = await textOf(sample, reading.subject);
        const named = text?.toLowerCase().includes(sample.patient.name![0]!.family!.toLowerCase()) ?? true;
        expect([sample.id, named]).toEqual([sample.id, sample.id !== 'sample-other-report']);
      }
    }
  });

  test('come in seven layouts and four kinds of file', () => {
    const kinds = new Set(set.samples.flatMap(({ binaries }) => binaries.map(({ contentType }) => contentType)));
    expect([...kinds].sort()).toEqual(['application/dicom', 'application/pdf', 'image/jpeg']);
    expect(JSON.stringify(sampleOf('sample-text').resources)).toContain('text/plain');
  });

  test('one is truncated and one is a scan', async () => {
    const broken = bytes.get('sample-unreadable-pdf')!;
    expect(Buffer.from(broken.subarray(0, 5)).toString()).toBe('%PDF-');
    await expect(textOfPdf(broken)).rejects.toThrow();
    const scan = bytes.get('sample-scan-jpeg')!;
    expect([...scan.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(scan.length).toBeGreaterThan(100_000);
  });
});

describe('films', () => {
  test('are DICOM files that agree with their study, and with the patient but for the misfiled one', () => {
    for (const sample of set.samples) {
      const studies = sample.resources.filter((one): one is ImagingStudy => one.resourceType === 'ImagingStudy');
      const files = sample.resources.filter(
        (one): one is DocumentReference =>
          one.resourceType === 'DocumentReference' && one.context?.related !== undefined,
      );
      expect(files).toHaveLength(studies.length);
      for (const study of studies) {
        const file = files.find((one) => one.context?.related?.[0]?.reference === `ImagingStudy/${study.id}`);
        const id = file!.content![0]!.attachment!.url!.split('/')[1]!;
        const header = dicomParser.parseDicom(Buffer.from(bytes.get(id)!));
        const series = study.series![0]!;
        expect(header.string('x0020000d')).toBe(
          study.identifier?.find(({ system }) => system === 'urn:dicom:uid')?.value?.slice(8),
        );
        expect(header.string('x0020000e')).toBe(series.uid);
        expect(header.string('x00080018')).toBe(series.instance![0]!.uid);
        expect(header.string('x00080020')).toBe(study.started!.slice(0, 10).replaceAll('-', ''));
        expect(
          header
            .string('x00280030')!
            .split('\\')
            .every((one) => one.length <= 16),
        ).toBe(true);
        const mrn = sample.patient.identifier!.find(({ type }) => type)!.value;
        const misfiled = sample.id === 'sample-other-image' && study.id!.endsWith('-current');
        expect(header.string('x00100020') === mrn).toBe(!misfiled);
        const lateral = sample.id === 'sample-lateral' && study.id!.endsWith('-current');
        expect(header.string('x00185101')).toBe(lateral ? 'LL' : 'PA');
      }
    }
  });
});

/** The text of the document of a subject; undefined for a scan. */
async function textOf(sample: Sample, subject: string): Promise<string | undefined> {
  const resource = sample.resources.find((one) => `${one.resourceType}/${one.id}` === subject) as
    | DiagnosticReport
    | DocumentReference;
  const attachment =
    resource.resourceType === 'DiagnosticReport' ? resource.presentedForm![0]! : resource.content![0]!.attachment!;
  if (attachment.data) {
    return Buffer.from(attachment.data, 'base64').toString('utf8');
  }
  return attachment.contentType === 'application/pdf'
    ? textOfPdf(bytes.get(attachment.url!.split('/')[1]!)!)
    : undefined;
}
