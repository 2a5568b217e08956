import { describe, expect, test } from '@jest/globals';
import type { Abstention } from '../../../src/analyses/analysis.ts';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import { compareFilms } from '../../../src/analyses/chest-xray-comparison/compare.ts';
import type { ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import { guards } from '../../../src/analyses/chest-xray-comparison/guards.ts';
import type { ComparisonInput } from '../../../src/analyses/chest-xray-comparison/input.ts';
import type { DicomHeader } from '../../../src/imaging/image.ts';
import { filmReading, inputOf } from './fixtures.ts';

function findingOf(more: Partial<ComparisonFinding> = {}): ComparisonFinding {
  const films = { prior: filmReading(0.1), current: filmReading(0.5) };
  return {
    films,
    registration: { score: 0.8, overlap: 0.95, matrix: [1, 0, 0, 0, 1, 0] },
    sameFilm: false,
    ...compareFilms(films.prior, films.current),
    exchanged: compareFilms(films.current, films.prior).findings,
    ...more,
  };
}

function guard(finding: ComparisonFinding, input: ComparisonInput): ComparisonFinding | Abstention {
  let result: ComparisonFinding | Abstention = finding;
  for (const one of guards) {
    result = isAbstention(result) ? result : one(result, input);
  }
  return result;
}

const reasonOf = (finding: ComparisonFinding, input: ComparisonInput): string | undefined => {
  const result = guard(finding, input);
  return isAbstention(result) ? result.reason : undefined;
};

const headers = (prior: Partial<DicomHeader>, current: Partial<DicomHeader>): ComparisonInput =>
  inputOf({ prior, current });

describe('guards', () => {
  test('let a sound comparison through', () => {
    const result = guard(findingOf(), inputOf({}));
    expect(isAbstention(result)).toBe(false);
    expect((result as ComparisonFinding).findings.map(({ change }) => change)).toContain('worsened');
  });

  test.each<[string, Partial<DicomHeader>, Partial<DicomHeader>]>([
    ['names', { patientName: 'TRIALSBY^HORATIO' }, { patientName: 'ELSEWHERE^LUDMILA' }],
    ['birth dates', { patientBirthDate: '1955-12-09' }, { patientBirthDate: '1955-12-08' }],
    ['numbers with nothing else to go by', { patientId: 'A1' }, { patientId: 'B2' }],
  ])('refuse films with different %s', (_name, prior, current) => {
    expect(reasonOf(findingOf(), headers(prior, current))).toBe('patient-mismatch');
  });

  test('accept different numbers when name and birth date agree, and names spelt differently', () => {
    const same = { patientName: 'Müller^Anna Maria', patientBirthDate: '1960-01-02' };
    const other = { patientName: 'MULLER^ANNA', patientBirthDate: '1960-01-02' };
    expect(reasonOf(findingOf(), headers({ ...same, patientId: '7' }, { ...other, patientId: 'X-7' }))).toBeUndefined();
  });

  test('refuse films that are not those of the chart', () => {
    const stranger = { patientName: 'Elsewhere^Ludmila', patientBirthDate: '1939-12-28', patientId: 'SYN-9' };
    const input = inputOf({ prior: stranger, current: stranger });
    const patient = {
      identifiers: ['SYN-1'],
      names: [{ family: 'Trialsby', given: ['Horatio'] }],
      birthDate: '1955-12-09',
    };
    expect(reasonOf(findingOf(), { ...input, patient })).toBe('patient-mismatch');
  });

  test.each<[string, string, Partial<DicomHeader>]>([
    ['view-lateral', 'a lateral view position', { viewPosition: 'LL' }],
    ['view-lateral', 'a lateral series', { seriesDescription: 'Chest LAT' }],
    ['view-mirrored', 'a film that is stored mirrored', { patientOrientation: ['R', 'F'] }],
    ['view-mirrored', 'a film that is stored head down', { patientOrientation: ['L', 'H'] }],
    ['not-a-chest', 'a CT', { modality: 'CT' }],
    ['not-a-chest', 'a leg', { bodyPartExamined: 'LEG' }],
    ['time-order', 'a current film from before the prior one', { acquired: '2026-02-01T08:00:00' }],
  ])('abstain with %s for %s', (reason, _name, current) => {
    expect(reasonOf(findingOf(), headers({ acquired: '2026-03-01T08:00:00' }, current))).toBe(reason);
  });

  test('a placeholder date is no date', () => {
    expect(reasonOf(findingOf(), headers({ acquired: '2026-03-01' }, { acquired: '1901-01-01' }))).toBeUndefined();
  });

  test.each([
    ['image-too-small', { side: 120 }],
    ['image-blank', { value: 0.5 }],
  ])('abstain with %s', (reason, image) => {
    expect(reasonOf(findingOf(), inputOf({}, image))).toBe(reason);
  });

  test('abstain when lungs, exposure or alignment are poor', () => {
    const films = (more: object) => ({ prior: filmReading(0.1), current: { ...filmReading(0.1), ...more } });
    expect(reasonOf(findingOf({ films: films({ chestLikeness: 0.1 }) }), inputOf({}))).toBe('not-a-chest');
    expect(reasonOf(findingOf({ films: films({ clipped: 0.6 }) }), inputOf({}))).toBe('image-clipped');
    const registration = { score: 0.1, overlap: 0.9, matrix: [1, 0, 0, 0, 1, 0] } as const;
    expect(reasonOf(findingOf({ registration }), inputOf({}))).toBe('registration-poor');
  });

  test.each<[string, string, object]>([
    ['image-rotated', 'a chest that lies askew', { tilt: -30 }],
    ['image-rotated', 'a chest turned about its long axis', { turn: 1.4 }],
    ['image-flat', 'a film without contrast', { contrast: 0.05 }],
    ['inspiration-differs', 'lungs half as high', { inflation: 0.5 }],
  ])('abstain with %s for %s, on either film', (reason, _name, more) => {
    const odd = { ...filmReading(0.1), ...more };
    expect(reasonOf(findingOf({ films: { prior: filmReading(0.1), current: odd } }), inputOf({}))).toBe(reason);
    expect(reasonOf(findingOf({ films: { prior: odd, current: filmReading(0.1) } }), inputOf({}))).toBe(reason);
  });

  test('what real films show of tilt, turn, contrast and breath passes', () => {
    const usual = { ...filmReading(0.1), tilt: 12, turn: -0.5, contrast: 0.2, inflation: 0.8 };
    expect(reasonOf(findingOf({ films: { prior: filmReading(0.1), current: usual } }), inputOf({}))).toBeUndefined();
  });

  test('films that name nobody must be of one person by their bones; those that agree on a name need not', () => {
    const registration = { score: 0.7, overlap: 0.9, structure: 0.1, matrix: [1, 0, 0, 0, 1, 0] } as const;
    const unlike = findingOf({ registration });
    expect(reasonOf(unlike, inputOf({}))).toBe('identity-unsure');
    expect(reasonOf(unlike, headers({ patientId: 'A' }, {}))).toBe('identity-unsure');
    expect(reasonOf(unlike, headers({ patientId: 'A' }, { patientId: 'A' }))).toBeUndefined();
    const name = { patientName: 'Trialsby^Horatio' };
    expect(reasonOf(unlike, headers(name, { ...name, patientId: 'B' }))).toBeUndefined();
    expect(reasonOf(findingOf({ registration: { ...registration, structure: 0.4 } }), inputOf({}))).toBeUndefined();
    // the chart vouches only for films that say the same
    const patient = { identifiers: ['A'], names: [], birthDate: '1955-12-09' };
    const named = headers({ patientId: 'A' }, { patientBirthDate: '1955-12-09' });
    expect(reasonOf(unlike, { ...named, patient })).toBeUndefined();
    expect(reasonOf(unlike, { ...inputOf({}), patient })).toBe('identity-unsure');
  });

  test('one exposure under two dates has not changed', () => {
    const result = guard(findingOf({ sameFilm: true }), inputOf({})) as ComparisonFinding;
    expect(new Set(result.findings.map(({ change }) => change))).toEqual(new Set(['stable']));
    expect(result.overall.change).toBe('stable');
  });

  test('a finding that does not turn round with the films is not judged; when none does, nothing is', () => {
    const whole = findingOf();
    const [first, ...rest] = whole.exchanged;
    const partly = guard(
      { ...whole, exchanged: [{ ...first!, change: 'worsened' }, ...rest] },
      inputOf({}),
    ) as ComparisonFinding;
    expect(partly.findings).toHaveLength(whole.findings.length - 1);
    expect(partly.notJudged.map(({ reason }) => reason)).toContain('not-mirrored');
    expect(reasonOf({ ...whole, exchanged: [] }, inputOf({}))).toBe('not-mirrored');
  });
});
