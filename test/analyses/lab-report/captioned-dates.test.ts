import { describe, expect, test } from '@jest/globals';
import { captionedDates, dateKind, isGridHead, tellsDates } from '../../../src/analyses/lab-report/captioned-dates.ts';
import { wholeDate } from '../../../src/analyses/lab-report/column-dates.ts';
import { decideDayOrder, findDate, findTime } from '../../../src/analyses/lab-report/dates.ts';
import { readFacts } from '../../../src/analyses/lab-report/facts.ts';
import { layOut } from '../../../src/analyses/lab-report/layout.ts';
import { textPage } from './support.ts';

const linesOf = (text: string) => layOut(textPage(text)).lines;
const factsOf = (text: string) => readFacts([layOut(textPage(text))], decideDayOrder(text));

describe('what a date is of', () => {
  test.each([
    ['sample draw dt/tm', 'collected'],
    ['fecha de extraccion', 'collected'],
    ['data de validacao', 'reported'],
    ['geb.', 'birthDate'],
    ['next visit', 'other'],
    ['ward', undefined],
  ])('%s: %s', (phrase, kind) => {
    expect(dateKind(phrase)).toBe(kind);
  });

  test('each date of a line keeps its own words', () => {
    const dates = captionedDates([
      layOut(textPage('Requested 01/02/2026   Drawn 02/02/2026 07:30   Printed 03/02/2026')),
    ]);
    expect(dates.map(({ label, text }) => [label, text])).toEqual([
      ['received', '01/02/2026'],
      ['collected', '02/02/2026 07:30'],
      ['printed', '03/02/2026'],
    ]);
  });

  test('dates side by side without words head columns; with a colon before them they do not', () => {
    expect(isGridHead(linesOf('Date   11/02/2026   12/02/2026')[0]!, undefined)).toBe(true);
    expect(isGridHead(linesOf('Date   26 Jun   27 Mar   26 Dec')[0]!, undefined)).toBe(true);
    expect(isGridHead(linesOf('Coll : 19.01.2024 11:49   Rec : 19.01.2024 12:49')[0]!, undefined)).toBe(false);
  });

  test('a sentence of dates is a line of facts', () => {
    expect(tellsDates(linesOf('Demande du 21/05/2024 - Prélevé le 21/05/2024')[0]!)).toBe(true);
    expect(tellsDates(linesOf('Sodium   140   141')[0]!)).toBe(false);
  });

  test('when it was drawn counts before when it was measured', () => {
    const text = 'DOB: 24/01/1989\nANALYZED: 25/05/2025 15:42   DRAWN: 25/05/2025 15:36';
    expect(factsOf(text)).toMatchObject({ collected: '2025-05-25T15:36' });
    expect(new Set(factsOf(text).draws.map(({ at }) => at))).toEqual(new Set(['2025-05-25T15:36']));
    expect(factsOf('DOB: 24/01/1989\nANALYZED: 25/05/2025 15:42').collected).toBe('2025-05-25T15:42');
  });

  test('a request is no birth, whoever stands above it', () => {
    const { patient } = factsOf(
      'FICTIF Noémie\nNé(e) le 09/03/1981\nDemande du 21/05/2024 - Prélevé le 21/05/2024 à 14h01',
    );
    expect(patient.birthDate).toBe('1981-03-09');
    expect(patient.others).toBeUndefined();
  });
});

describe('dates as they are printed', () => {
  test.each([
    ['Collected: 03/14/2025 0830', '2025-03-14T08:30'],
    ['03/23/2025 / 07:48 EDT', '2025-03-23T07:48'],
    ['12 Sep 2025 02.19 pm', '2025-09-12T14:19'],
    ['O9/07/2O25 07:41', '2025-09-07T07:41'],
  ])('%s', (text, iso) => {
    expect(findDate(text, 'month-first')?.iso).toBe(iso);
  });
  test('a number behind a date is a result unless it is a time', () => {
    expect(findDate('03/04/2025 14.20 mg/dL', 'day-first')?.iso).toBe('2025-04-03');
    expect(factsOf('Data prelievo: 03/04/2025 07.37\nNato il: 21/11/1960').collected).toBe('2025-04-03T07:37');
    expect(findTime('0830')).toBe('08:30');
    expect(findTime('2530')).toBeUndefined();
  });

  test.each([
    ['Mar 25, 2026', '2026-03-25'],
    ['Tue 09/06', '0000-06-09'],
    ['15-Oct', '0000-10-15'],
    ['Dec 4', '0000-12-04'],
    ['06.09. 09:34', '0000-09-06T09:34'],
    ['06AUG26', '2026-08-06'],
  ])('over a column: %s', (text, iso) => {
    expect(wholeDate(text, 'day-first')?.date).toBe(iso);
  });
  test.each(['12.5', '3-5', 'Sodium 14', '140'])('over a column %s is none', (text) => {
    expect(wholeDate(text, 'day-first')?.date).toBeUndefined();
  });
  test('in an undecided order a day without a year has two readings', () => {
    expect(wholeDate('03/04', 'undecided')).toEqual({ readings: ['0000-04-03', '0000-03-04'] });
  });
});
