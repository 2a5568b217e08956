import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { compareFilms } from '../../../src/analyses/chest-xray-comparison/compare.ts';
import { draft, evidence } from '../../../src/analyses/chest-xray-comparison/draft.ts';
import type { ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { summarize } from '../../../src/analyses/chest-xray-comparison/summary.ts';
import { codeSystem, extension } from '../../../src/fhir/codes.ts';
import { completeResult } from '../../../src/fhir/complete.ts';
import { siteDateTime } from '../../../src/fhir/site-time.ts';
import { filmReading, inputOf } from './fixtures.ts';

const input = inputOf({ prior: { acquired: '2026-11-02T14:20:00' }, current: { acquired: '2026-11-14T06:55:00' } });
const charted = {
  prior: { ...input.prior, study: 'ImagingStudy/pri', started: '2026-11-02T14:20:00+01:00' },
  current: { ...input.current, study: 'ImagingStudy/cur', started: '2026-11-14T06:55:00+01:00' },
};
const films = {
  prior: filmReading(0.1),
  current: filmReading(0.1, {
    opacity: { ...filmReading(0.1).opacity, 'left-lower': 0.6 },
    base: { right: 0.1, left: 0.7 },
  }),
};
const compared = compareFilms(films.prior, films.current);
const finding: ComparisonFinding = {
  films,
  registration: { score: 0.8, overlap: 0.9, matrix: [1, 0, 0, 0, 1, 0] },
  sameFilm: false,
  ...compared,
  findings: compared.findings.map((one) => ({ ...one, region: [140, 150, 220, 240] })),
  exchanged: [],
};
const context = {
  patient: 'Patient/p',
  subject: 'ImagingStudy/cur',
  companions: [{ role: 'prior', reference: 'ImagingStudy/pri' }],
  now: '2026-11-14T08:00:00Z',
  timeZone: 'Europe/Berlin',
};

describe('what is written', () => {
  test('one Observation per finding, with codes, change, roles, presence and region', () => {
    const { observations, sourceIdentity } = draft(finding, charted, context);
    expect(sourceIdentity).toBe('2.25.2.1:2.25.1.1');
    expect(observations.map(({ item }) => item)).toEqual(['lung-opacity-left', 'pleural-effusion-left']);
    const { resource, regions } = observations[1]!;
    expect(resource.code?.coding).toEqual([
      { system: codeSystem.chestFinding, code: 'pleural-effusion', display: 'Pleural effusion' },
      { system: codeSystem.snomed, code: '60046008' },
      { system: codeSystem.radlex, code: 'RID34539' },
    ]);
    expect(resource.valueCodeableConcept?.coding?.map(({ code }) => code)).toEqual(['worsened', '230993007']);
    expect(resource.interpretation?.[0]?.coding?.[0]?.code).toBe('W');
    expect(resource.bodySite?.text).toBe('Left lung, lower zone');
    expect(resource.derivedFrom).toEqual([
      {
        reference: 'ImagingStudy/cur',
        display: 'Chest radiograph of 14 Nov 2026',
        extension: [{ url: extension.comparisonRole, valueCode: 'current' }],
      },
      {
        reference: 'ImagingStudy/pri',
        display: 'Chest radiograph of 2 Nov 2026',
        extension: [{ url: extension.comparisonRole, valueCode: 'prior' }],
      },
    ]);
    expect(resource.component?.map((one) => one.valueCodeableConcept?.text)).toEqual(['Present', 'Indeterminate']);
    expect(resource.effectiveDateTime).toBe('2026-11-14T06:55:00+01:00');
    expect(resource.note?.[0]?.text).toMatch(/opacity 10 % on the prior and 70 % .* Confidence, .*: \d+ %\.$/);
    expect(regions).toEqual([
      {
        source: 'ImagingStudy/cur',
        seriesUid: '2.25.2.2',
        sopInstanceUid: '2.25.2.3',
        box: [140, 150, 220, 240],
        width: 256,
        height: 256,
      },
    ]);
  });

  test('a report of one sentence, both studies, and the hashes of what was read', () => {
    const { report, inputs } = draft(finding, charted, context);
    expect(report.conclusion).toBe(
      'Left lower lung opacity worsened, left basal opacity (compatible with pleural effusion) worsened since 2 Nov 2026.',
    );
    expect(report.category?.[0]?.coding?.[0]?.code).toBe('LP29684-5');
    expect(report.imagingStudy?.map(({ reference }) => reference)).toEqual(['ImagingStudy/cur', 'ImagingStudy/pri']);
    expect(inputs.map(({ sha256 }) => sha256)).toEqual(['2.25.2', '2.25.1']);
  });

  test('an overlay that opens as a picture and says in its pixels that nobody verified it', async () => {
    const [overlay] = draft(finding, charted, context).media;
    const { data, info } = await sharp(overlay!.bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([overlay!.width, overlay!.height, 3]);
    const banner = data.subarray(0, info.width * 30 * 3);
    expect(banner.filter((value) => value === 255).length).toBeGreaterThan(1000);
  });

  test('without a chart the header says when, in the zone of the site', () => {
    const bare = draft(finding, input, { companions: [], now: context.now, timeZone: 'Europe/Berlin' });
    expect(bare.observations[0]!.resource.effectiveDateTime).toBe('2026-11-14T06:55:00+01:00');
    expect(bare.observations[0]!.resource.derivedFrom).toBeUndefined();
    expect(siteDateTime('2026-07-01T12:00:00', 'America/New_York')).toBe('2026-07-01T12:00:00-04:00');
    expect(siteDateTime('2026-07-01', 'America/New_York')).toBe('2026-07-01');
  });

  test('evidence names the same items as the Observations', () => {
    expect(evidence(finding, charted).map(({ item, box }) => [item, box])).toEqual([
      ['lung-opacity-left', [140, 150, 220, 240]],
      ['pleural-effusion-left', [140, 150, 220, 240]],
    ]);
  });
});

describe('what a clinician is told', () => {
  const chart = {
    patient: { resourceType: 'Patient' as const, id: 'p' },
    reports: [],
    documents: [],
    observations: [],
    studies: (['current', 'prior'] as const).map((role) => ({
      resourceType: 'ImagingStudy' as const,
      id: role === 'current' ? 'cur' : 'pri',
      status: 'available' as const,
      subject: { reference: 'Patient/p' },
      started: charted[role].started,
    })),
  };
  const task = {
    resourceType: 'Task' as const,
    id: 't',
    status: 'completed' as const,
    intent: 'order' as const,
    focus: { reference: 'ImagingStudy/cur' },
  };
  const stored = () => {
    const { report, observations } = completeResult(
      {
        ...draft(finding, charted, context),
        jobKey: 'job',
        analysis: 'chest-xray-comparison',
        reader: {
          analysis: 'chest-xray-comparison',
          analysisVersion: '1',
          readerId: 'embedded',
          readerVersion: '1',
          models: [],
        },
        patient: 'Patient/p',
        subject: 'ImagingStudy/cur',
      },
      { now: context.now, organization: { display: 'Site' } },
    );
    return { task, report: { ...report, id: 'rep' }, observations };
  };

  test('the worst change first, both dates, the reader, the caveats and a link', () => {
    const [summary] = summarize([stored()], chart);
    expect(summary!.indicator).toBe('warning');
    expect(summary!.headline).toBe('Chest X-ray 14 Nov 2026: left lower lung opacity worsened since 2 Nov 2026');
    expect(summary!.lines).toEqual([
      'Left lower lung opacity: worsened',
      'Left basal opacity (compatible with pleural effusion): worsened',
    ]);
    expect(summary!.sources.map(({ reference }) => reference)).toEqual(['ImagingStudy/cur', 'ImagingStudy/pri']);
    expect(summary!.caveats.length).toBeGreaterThan(1);
    expect(summary!.links).toEqual([expect.objectContaining({ url: '/review/rep' })]);
  });

  test('earlier comparisons are told as a course, newest first, each study once', () => {
    const day = (id: string, started: string) => ({ ...chart.studies[1]!, id, started });
    const longer = {
      ...chart,
      studies: [...chart.studies, day('old', '2026-10-20T09:00:00+01:00'), day('older', '2026-10-01T09:00:00+01:00')],
    };
    const past = (current: string, prior: string, effective: string, issued: string) => {
      const { report, observations } = stored();
      const [first] = observations;
      return {
        task: { ...task, focus: { reference: `ImagingStudy/${current}` } },
        report: {
          ...report,
          issued,
          effectiveDateTime: effective,
          imagingStudy: [{ reference: `ImagingStudy/${current}` }, { reference: `ImagingStudy/${prior}` }],
        },
        observations: [first!],
      };
    };
    const results = [
      past('old', 'older', '2026-10-20T09:00:00+01:00', '2026-10-20T10:00:00Z'),
      stored(),
      past('pri', 'old', '2026-11-02T14:20:00+01:00', '2026-11-02T15:00:00Z'),
      past('pri', 'old', '2026-11-02T14:20:00+01:00', '2026-11-02T14:50:00Z'),
    ];
    const [summary] = summarize(results, longer);
    expect(summary!.headline).toContain('14 Nov 2026');
    expect(summary!.lines.slice(2)).toEqual([
      'Before, on 2 Nov 2026: left lower lung opacity worsened since 20 Oct 2026',
      'Before, on 20 Oct 2026: left lower lung opacity worsened since 1 Oct 2026',
    ]);
  });

  test.each([
    ['patient-mismatch', 'warning', 'another patient'],
    ['image-rotated', 'info', 'turned'],
    ['image-flat', 'info', 'contrast'],
    ['inspiration-differs', 'info', 'breath'],
    ['identity-unsure', 'info', 'of one person'],
    ['view-lateral', 'info', 'not a frontal view'],
    ['dicom-decode-failed', 'info', 'could not be read'],
    ['reply-truncated', 'info', 'no usable answer'],
  ])('a job rejected with %s is said plainly (%s)', (code, indicator, words) => {
    const rejected = { ...task, status: 'rejected' as const, statusReason: { coding: [{ code }], text: 'Why.' } };
    const [summary] = summarize([{ task: rejected, observations: [] }], chart);
    expect(summary!.indicator).toBe(indicator);
    expect(summary!.headline).toContain(words);
    expect(summary!.headline).toContain('14 Nov 2026');
    expect(summary!.lines).toEqual(['Why.']);
  });

  test('a job that is not done yet says nothing', () => {
    expect(summarize([{ task: { ...task, status: 'in-progress' }, observations: [] }], chart)).toEqual([]);
    expect(summarize([], chart)).toEqual([]);
  });
});
