import { codeSystem } from '../../fhir/codes.ts';
import type { Calendar } from '../calendar.ts';
import { draftOrder } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { letter } from '../layouts/letter.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function duplicate(calendar: Calendar): Sample {
  const person = people.duplicate;
  const report = labDocument(person, calendar, {
    lab: { name: 'Hillcrest Diabetes Clinic', lines: ['7 Allegory Lane, Nowhere', 'an invented clinic'] },
    daysAgo: 21,
    accession: 'HDC/2231',
    orderedBy: 'Dr. E. Parable',
    panels: [
      {
        title: 'Diabetes follow-up',
        specimen: 'blood',
        rows: [
          row('Hemoglobin A1c', '8.4', '%', '4.0 - 5.6', 'HIGH', '4548-4', '%'),
          row('Glucose', '171', 'mg/dL', '70 - 99', 'HIGH', '2345-7', 'mg/dL'),
          row('Creatinine', '0.84', 'mg/dL', '0.50 - 1.10', '', '2160-0', 'mg/dL'),
          row('Triglycerides', '141', 'mg/dL', '< 150', '', '2571-8', 'mg/dL'),
          row('HDL cholesterol', '52', 'mg/dL', '> 40', '', '2085-9', 'mg/dL'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Duplicate order',
      shows:
        'HbA1c is about to be ordered; the diabetes clinic measured it three weeks ago, which only its letter says.',
    },
    {
      reports: [
        fileReport(person, report, { as: 'DiagnosticReport', title: 'Letter from the diabetes clinic', pages: letter }),
      ],
      orders: [
        draftOrder(person, 'order', calendar.daysAgo(0, '08:30'), {
          code: {
            coding: [{ system: codeSystem.loinc, code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }],
            text: 'Hemoglobin A1c',
          },
          category: 'laboratory',
          reason: 'Diabetes follow-up',
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['A1c', '8.4'] },
        ...(['order-select-advice', 'order-sign-advice'] as const).map((service) => ({
          service,
          topic: 'duplicate-order',
          indicator: 'warning' as const,
          mentions: ['A1c', '8.4'],
          suggests: 'delete' as const,
        })),
      ],
    },
  );
}
