import { describe, expect, test } from '@jest/globals';
import { decideDayOrder } from '../../../src/analyses/lab-report/dates.ts';
import { readFacts } from '../../../src/analyses/lab-report/facts.ts';
import { layOut } from '../../../src/analyses/lab-report/layout.ts';
import { textPage } from './support.ts';

function facts(pages: readonly string[], { filed, scanned }: { filed?: string; scanned?: true } = {}) {
  const opened = pages.map((text, index) => ({
    ...textPage(text, index + 1),
    ...(scanned ? { source: 'ocr' as const } : {}),
  }));
  return readFacts(opened.map(layOut), decideDayOrder(pages.join('\n'), filed), filed);
}

describe('times', () => {
  test.each<[string, string, { collected?: string; received?: string; reported?: string }]>([
    [
      'en-US',
      'Collected: 03/14/2025 08:30 AM   Received: 03/14/2025 11:02 AM\nReported: 03/15/2025 2:10 PM',
      { collected: '2025-03-14T08:30', received: '2025-03-14T11:02', reported: '2025-03-15T14:10' },
    ],
    [
      'en-GB',
      'NHS No: 999 000 1234\nDate & time of collection: 03/04/2025 08:30   Received at: 03/04/2025 10:00\nAuthorised on: 04/04/2025',
      { collected: '2025-04-03T08:30', received: '2025-04-03T10:00', reported: '2025-04-04' },
    ],
    [
      'en-IN',
      'UHID: 12345678\nRegistered On : 03/04/2025 07:55 AM\nSample Collected On : 03/04/2025 08:10 AM\nReport Released On : 03/04/2025 06:45 PM',
      { collected: '2025-04-03T08:10', received: '2025-04-03T07:55', reported: '2025-04-03T18:45' },
    ],
    [
      'de',
      'Entnahme am: 03.04.2025 07.45 Uhr   Eingang am: 03.04.2025 09:10\nBefunddatum: 04.04.25',
      { collected: '2025-04-03T07:45', received: '2025-04-03T09:10', reported: '2025-04-04' },
    ],
    [
      'fr',
      'Date de prélèvement : 03/04/2025 à 8h05\nReçu le : 03/04/2025\nDate d’édition : 04/04/2025',
      { collected: '2025-04-03T08:05', received: '2025-04-03', reported: '2025-04-04' },
    ],
    [
      'es',
      'Fecha y hora de extracción: 3 de abril de 2025 a las 8:05\nFecha de recepción: 03/04/2025\nFecha de informe: 04/04/2025',
      { collected: '2025-04-03T08:05', received: '2025-04-03', reported: '2025-04-04' },
    ],
    [
      'it',
      'Data prelievo: 03/04/2025 ore 7.45\nData accettazione: 03/04/2025\nRefertato il: 04/04/2025 12:00',
      { collected: '2025-04-03T07:45', received: '2025-04-03', reported: '2025-04-04T12:00' },
    ],
    [
      'pt',
      'Data da colheita: 3 de outubro de 2025 às 08h15\nRecebido em: 03/10/2025\nEmitido em: 04/10/2025',
      { collected: '2025-10-03T08:15', received: '2025-10-03', reported: '2025-10-04' },
    ],
    [
      'a time of its own',
      'Collection date: 2025-04-03   Time: 08:30\nReported: 2025-04-04',
      { collected: '2025-04-03T08:30', reported: '2025-04-04' },
    ],
    [
      'a time of its own, in Spanish',
      'Fecha de extracción: 15/04/2025   Hora: 08.05',
      { collected: '2025-04-15T08:05' },
    ],
    ['hours without a sign', 'Collected: 14-Mar-2025 0830 hrs', { collected: '2025-03-14T08:30' }],
    ['a zone behind it', 'Collected: 14-Mar-2025 12:15 AM EST', { collected: '2025-03-14T00:15' }],
    ['two-digit years', 'Entnahme: 14.03.25', { collected: '2025-03-14' }],
    [
      'a print that stands in for the report',
      'Entnahme: 14.03.2025\nGedruckt am: 15.03.2025',
      { collected: '2025-03-14', reported: '2025-03-15' },
    ],
    ['a report before its print', 'Printed on: 2025-03-20\nReported: 2025-03-15', { reported: '2025-03-15' }],
  ])('%s', (_, text, expected) => {
    const { collected, received, reported } = facts([text]);
    expect({
      ...(collected ? { collected } : {}),
      ...(received ? { received } : {}),
      ...(reported ? { reported } : {}),
    }).toEqual(expected);
  });

  test('a prothrombin time is no time of day, and its line is no fact', () => {
    const read = facts(['Collected: 2025-03-14\nProthrombin Time: 12.5 s\nBleeding time : 3 min']);
    expect(read.collected).toBe('2025-03-14');
    expect(read.lines.size).toBe(1);
  });

  test('day and month that nothing else decides follow from the course of things, if they do', () => {
    expect(facts(['Collected: 05/04/2025\nReported: 05/04/2025'])).toMatchObject({ order: 'undecided' });
    expect(facts(['Collected: 05/04/2025\nReported: 05/04/2025']).collected).toBeUndefined();
    // A day, or a month and the same day of it.
    expect(facts(['Collected: 05/04/2025\nReported: 06/04/2025'])).toMatchObject({ order: 'day-first' });
    expect(facts(['Collected: 12/02/2025\nReported: 02/03/2025'])).toMatchObject({
      order: 'day-first',
      collected: '2025-02-12',
      reported: '2025-03-02',
    });
    expect(facts(['Collected: 02/11/2025\nReported: 03/02/2025'])).toMatchObject({
      order: 'month-first',
      collected: '2025-02-11',
      reported: '2025-03-02',
    });
    expect(facts(['Collected: 03/04/2025'], { filed: '2025-03-06' })).toMatchObject({
      order: 'month-first',
      collected: '2025-03-04',
    });
  });

  test('what lies after the filing was not collected then', () => {
    expect(
      facts(['Collection date: 2025-09-01\nReported: 2025-03-15'], { filed: '2025-03-16' }).collected,
    ).toBeUndefined();
  });

  test('a two-digit year of birth is never after the report', () => {
    expect(facts(['Geb.: 03.04.31\nEntnahme: 14.03.2025']).patient.birthDate).toBe('1931-04-03');
    expect(facts(['Geb.: 03.04.24\nEntnahme: 14.03.2025']).patient.birthDate).toBe('2024-04-03');
  });
});

describe('the patient', () => {
  test.each<[string, string, { name?: string; birthDate?: string; identifier?: string }]>([
    [
      'it',
      'Cognome e nome: ROSSI MARIA   Nata il: 15/04/1950\nCodice fiscale: RSSMRA50D55H501X',
      { name: 'ROSSI MARIA', birthDate: '1950-04-15', identifier: 'RSSMRA50D55H501X' },
    ],
    [
      'pt',
      'Nome do paciente: João da Silva   Data de nascimento: 15/04/1950\nProntuário: 778812',
      { name: 'João da Silva', birthDate: '1950-04-15', identifier: '778812' },
    ],
    ['titles', 'Name: Frau Dr. Erika Muster   Geb.: 15.04.1950', { name: 'Erika Muster', birthDate: '1950-04-15' }],
  ])('%s', (_, text, expected) => {
    expect(facts([text]).patient).toEqual(expected);
  });

  test.each<[string, string, { name?: string; birthDate?: string; identifier?: string }]>([
    [
      'in a sentence',
      'Testfall, Erika, geb. 20.04.1953, Nr. 27466452   Abnahme 15.07.2024 06:46',
      { name: 'Testfall, Erika', birthDate: '1953-04-20', identifier: '27466452' },
    ],
    [
      'with a star',
      'TESTFALL Lotte *14.12.1970 Fallnr. 96675570 Station: Innere 3 B',
      { name: 'TESTFALL Lotte', birthDate: '1970-12-14', identifier: '96675570' },
    ],
    [
      'behind the name',
      'Lotte Testfall, 27.01.1970 Entnahme 25.02.2024',
      { name: 'Lotte Testfall', birthDate: '1970-01-27' },
    ],
    ['in French', 'Madame EXEMPLE Camille\nNé(e) le 22/07/1951', { name: 'EXEMPLE Camille', birthDate: '1951-07-22' }],
    [
      'in Italian',
      'Sig. PROVETTA UGO nato il 21/03/1979 Cod. 11949571',
      { name: 'PROVETTA UGO', birthDate: '1979-03-21', identifier: '11949571' },
    ],
    [
      'in cells',
      'Alice Synthwell   DOB 10/16/1958   MRN 80623817',
      { name: 'Alice Synthwell', birthDate: '1958-10-16', identifier: '80623817' },
    ],
    [
      'of a portal',
      'Results for Ivan Sampleton\nBorn Mar 18, 1986   Chart 90016770   Collected Apr 11, 2023',
      { name: 'Ivan Sampleton', birthDate: '1986-03-18', identifier: '90016770' },
    ],
    [
      'of a letter',
      'RE: Ivan Sampleton, DOB 09/22/1986, MRN 34209292',
      { name: 'Ivan Sampleton', birthDate: '1986-09-22', identifier: '34209292' },
    ],
  ])('without colons %s', (_, text, expected) => {
    expect(facts([text]).patient).toEqual(expected);
  });

  test('a number of a specimen or an order is not the patient’s', () => {
    expect(facts(['DOB 10/16/1958   Specimen ID 263-125-4947-0   Order No 998877']).patient.identifier).toBeUndefined();
  });

  test('a result that tells when it was collected, or when an earlier one was, stays a result', () => {
    const read = facts([
      'Patient: Anna Weber   DOB: 1950-01-31\nGlucose 5.5 mmol/L collected 2025-03-01\nPrevious sample collected 2024-01-05',
    ]);
    expect(read.lines.size).toBe(1);
    expect(read.collected).toBe('2025-03-01');
  });

  const page = (name: string, born: string, number = '') =>
    `Patient: ${name}   DOB: ${born}${number ? `   MRN: ${number}` : ''}\nPotassium   4.1   mmol/L`;
  const others = (pages: readonly string[], scanned?: true) => facts(pages, scanned ? { scanned } : {}).patient.others;

  test('of two reports in one file: the second is another', () => {
    expect(others([page('Anna Weber', '1950-01-31', 'A1001'), page('Victor Petrov', '1961-11-14', 'A2002')])).toEqual([
      { name: 'Victor Petrov', birthDate: '1961-11-14', identifier: 'A2002', page: 2 },
    ]);
    expect(others([page('Anna Weber', '1950-01-31'), page('Anna Weber', '1978-01-31')])).toHaveLength(1);
    expect(
      others(['Patient: Anna Weber\nSodium 140 mmol/L', 'Patient: Victor Petrov\nSodium 141 mmol/L']),
    ).toHaveLength(1);
    expect(
      others([
        'Patient: Anna Weber   DOB: 1950-01-31\nSodium 140 mmol/L\n\nPatient: Victor Petrov   DOB: 1961-11-14\nSodium 141 mmol/L',
      ]),
    ).toHaveLength(1);
  });

  test.each<[string, readonly string[]]>([
    [
      'the same header on every page',
      [page('Anna Weber', '1950-01-31', 'A1001'), page('Anna Weber', '1950-01-31', 'A1001')],
    ],
    ['another order and case', [page('Anna Maria Weber', '1950-01-31'), page('WEBER, ANNA M.', '1950-01-31')]],
    ['a page without a patient', [page('Anna Weber', '1950-01-31'), 'Page 2 of 2\nSodium 140 mmol/L']],
    ['a signature', [page('Anna Weber', '1950-01-31'), 'Name: Dr. Victor Petrov\nSodium 140 mmol/L']],
    [
      'several numbers of one person',
      [
        'Patient: Anna Weber   DOB: 1950-01-31   MRN: A1001   Patient ID: 77120',
        'Patient: Anna Weber   Hospital No: 99120',
      ],
    ],
  ])('%s is one patient', (_, pages) => {
    expect(others(pages)).toBeUndefined();
  });

  test('a digit that a scan misread is no second patient', () => {
    const pages = [
      page('Anna Weber', '1950-01-31', 'A10012'),
      page('Anna Weber', '1950-01-81'.replace('81', '21'), 'A1O012'),
    ];
    expect(others(pages, true)).toBeUndefined();
    expect(others(pages)).toHaveLength(1);
  });
});
