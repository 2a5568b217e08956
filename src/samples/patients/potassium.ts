import type { Calendar } from '../calendar.ts';
import { chartResult } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { classicTable } from '../layouts/classic-table.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function potassium(calendar: Calendar): Sample {
  const person = people.potassium;
  const report = labDocument(person, calendar, {
    lab: { name: 'Northgate Reference Laboratory', lines: ['14 Invented Avenue, Nowhere', 'Director: Dr. A. Nobody'] },
    daysAgo: 1,
    accession: 'NG-4471-082',
    orderedBy: 'Dr. P. Outsider',
    panels: [
      {
        title: 'BASIC METABOLIC PANEL',
        specimen: 'Serum',
        rows: [
          row('Sodium', '136', 'mmol/L', '136 - 145', '', '2951-2', 'mmol/L'),
          row('Potassium', '6.8', 'mmol/L', '3.5 - 5.1', 'HH', '2823-3', 'mmol/L'),
          row('Chloride', '104', 'mmol/L', '98 - 107', '', '2075-0', 'mmol/L'),
          row('Carbon dioxide, total', '19', 'mmol/L', '21 - 31', 'L', '2028-9', 'mmol/L'),
          row('Urea nitrogen (BUN)', '41', 'mg/dL', '7 - 20', 'H', '3094-0', 'mg/dL'),
          row('Creatinine', '2.31', 'mg/dL', '0.57 - 1.00', 'H', '2160-0', 'mg/dL'),
          row('eGFR (CKD-EPI 2021)', '22', 'mL/min/1.73m2', '>= 60', 'L', '98979-8', 'mL/min/{1.73_m2}'),
          row('Glucose', '118', 'mg/dL', '70 - 99', 'H', '2345-7', 'mg/dL'),
          row('Calcium', '9.1', 'mg/dL', '8.6 - 10.3', '', '17861-6', 'mg/dL'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Critical potassium',
      shows: 'An outside laboratory report, filed as a PDF that nobody has opened, holds a critical potassium.',
    },
    {
      results: [
        chartResult(person, 'k-earlier', calendar.daysAgo(42, '08:10'), {
          loinc: '2823-3',
          text: 'Potassium',
          value: 4.6,
          unit: 'mmol/L',
          ucum: 'mmol/L',
          low: 3.5,
          high: 5.1,
        }),
        chartResult(person, 'creatinine-earlier', calendar.daysAgo(42, '08:10'), {
          loinc: '2160-0',
          text: 'Creatinine',
          value: 1.42,
          unit: 'mg/dL',
          ucum: 'mg/dL',
          low: 0.57,
          high: 1,
        }),
      ],
      reports: [
        fileReport(person, report, {
          as: 'DocumentReference',
          title: 'Outside laboratory report',
          pages: classicTable,
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'critical', mentions: ['potassium', '6.8'] },
      ],
    },
  );
}
