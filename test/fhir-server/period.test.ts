import { describe, expect, test } from '@jest/globals';
import { FAR_FUTURE, FAR_PAST, parseDate, spanOf } from '../../src/fhir-server/period.ts';

const ms = (text: string) => Date.parse(text);

describe('parseDate', () => {
  test.each([
    ['2026', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-02-29T23:59:59.999Z'],
    ['2026-03-02', '2026-03-02T00:00:00.000Z', '2026-03-02T23:59:59.999Z'],
    ['2026-03-02T07:40', '2026-03-02T07:40:00.000Z', '2026-03-02T07:40:59.999Z'],
    ['2026-03-02T07:40:10+01:00', '2026-03-02T06:40:10.000Z', '2026-03-02T06:40:10.999Z'],
    ['2026-03-02T07:40:10-05:30', '2026-03-02T13:10:10.000Z', '2026-03-02T13:10:10.999Z'],
    ['2026-03-02T07:40:10.5Z', '2026-03-02T07:40:10.500Z', '2026-03-02T07:40:10.500Z'],
  ])('%s', (text, from, to) => {
    expect(parseDate(text)).toEqual([ms(from), ms(to)]);
  });

  test('years below 100 stay what they are', () => {
    expect(new Date(parseDate('0044-03-15')![0]).getUTCFullYear()).toBe(44);
  });

  test.each(['', 'yesterday', '2026-13', '2026-02-30', '2026-1-1', '2026-01-01T25:00', '02.03.2026', '2026-01-01T10'])(
    '%s is no date',
    (text) => expect(parseDate(text)).toBeUndefined(),
  );
});

describe('spanOf', () => {
  test('an open Period reaches beyond every date', () => {
    expect(spanOf({ start: '2026' })).toEqual([ms('2026-01-01T00:00:00Z'), FAR_FUTURE]);
    expect(spanOf({ end: '2026' })).toEqual([FAR_PAST, ms('2026-12-31T23:59:59.999Z')]);
  });
  test('a Timing spans its events', () => {
    expect(spanOf({ event: ['2026-01-02', '2026-01-01'] })).toEqual([
      ms('2026-01-01T00:00:00Z'),
      ms('2026-01-02T23:59:59.999Z'),
    ]);
  });
  test('what is no date has none', () => {
    expect(spanOf({})).toBeUndefined();
    expect(spanOf(5)).toBeUndefined();
    expect(spanOf({ start: 'x' })).toBeUndefined();
  });
});
