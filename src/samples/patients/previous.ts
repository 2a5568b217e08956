import type { Calendar } from '../calendar.ts';
import { chartResult } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { previousResults } from '../layouts/previous-results.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function previous(calendar: Calendar): Sample {
  const person = people.previous;
  const report = labDocument(person, calendar, {
    lab: { name: 'Saint Imaginary Hospital Laboratory', lines: ['2 Fable Street', 'Nowhere'] },
    daysAgo: 2,
    previousDaysAgo: 187,
    accession: '26-330187',
    orderedBy: 'Dr. Q. Fabula',
    panels: [
      {
        title: 'Comprehensive metabolic panel',
        specimen: 'Serum',
        rows: [
          row('Sodium', '139', 'mmol/L', '136 - 145', '', '2951-2', 'mmol/L', '140'),
          row('Potassium', '5.0', 'mmol/L', '3.5 - 5.1', '', '2823-3', 'mmol/L', '4.3'),
          row('Chloride', '105', 'mmol/L', '98 - 107', '', '2075-0', 'mmol/L', '104'),
          row('Glucose', '104', 'mg/dL', '70 - 99', 'H', '2345-7', 'mg/dL', '98'),
          row('BUN', '34', 'mg/dL', '8 - 23', 'H', '3094-0', 'mg/dL', '19'),
          row('Creatinine', '1.62', 'mg/dL', '0.51 - 0.95', 'H', '2160-0', 'mg/dL', '0.94'),
          row('Calcium', '9.4', 'mg/dL', '8.6 - 10.2', '', '17861-6', 'mg/dL', '9.3'),
          row('Total protein', '7.0', 'g/dL', '6.4 - 8.3', '', '2885-2', 'g/dL', '7.1'),
          row('Albumin', '4.0', 'g/dL', '3.5 - 5.2', '', '1751-7', 'g/dL', '4.1'),
          row('AST', '27', 'U/L', '0 - 32', '', '1920-8', 'U/L', '24'),
          row('ALT', '22', 'U/L', '0 - 33', '', '1742-6', 'U/L', '25'),
          row('Alkaline phosphatase', '81', 'U/L', '35 - 104', '', '6768-6', 'U/L', '78'),
          row('Total bilirubin', '0.7', 'mg/dL', '0.2 - 1.2', '', '1975-2', 'mg/dL', '0.6'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Previous-results column',
      shows:
        'The report repeats the values of six months ago beside the new ones; only the new ones are results of today.',
    },
    {
      results: [
        chartResult(person, 'creatinine-earlier', calendar.daysAgo(187, '08:00'), {
          loinc: '2160-0',
          text: 'Creatinine',
          value: 0.94,
          unit: 'mg/dL',
          ucum: 'mg/dL',
          low: 0.51,
          high: 0.95,
        }),
      ],
      reports: [
        fileReport(person, report, {
          as: 'DiagnosticReport',
          title: 'Comprehensive metabolic panel',
          pages: previousResults,
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['creatinine', '1.62'] },
      ],
    },
  );
}
