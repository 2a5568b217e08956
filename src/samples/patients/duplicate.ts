import { codeSystem } from '../../fhir/codes.ts';
import { lazyBinary } from '../binary.ts';
import type { Calendar } from '../calendar.ts';
import { draftOrder, labDiagnosticReport } from '../chart.ts';
import { expectedResults, labDocument, row } from '../lab-document.ts';
import { letter } from '../layouts/letter.ts';
import { people } from '../people.ts';
import { patient } from '../person.ts';
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
  const pdf = lazyBinary(`${person.id}-pdf`, 'application/pdf', () => letter(report));
  const resource = labDiagnosticReport(person, 'report', report, {
    contentType: 'application/pdf',
    title: 'Letter from the diabetes clinic',
    binary: pdf.id,
  });
  const order = draftOrder(person, 'order', calendar.daysAgo(0, '08:30'), {
    code: {
      coding: [{ system: codeSystem.loinc, code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }],
      text: 'Hemoglobin A1c',
    },
    category: 'laboratory',
    reason: 'Diabetes follow-up',
  });
  const words = {
    title: 'Duplicate order',
    shows: 'HbA1c is about to be ordered; the diabetes clinic measured it three weeks ago, which only its letter says.',
  };
  const self = patient(person, words);
  return {
    id: person.id,
    ...words,
    patient: self,
    resources: [self, resource, order],
    binaries: [pdf],
    draftOrders: [order],
    expected: {
      readings: [
        {
          analysis: 'lab-report',
          subject: `DiagnosticReport/${resource.id}`,
          outcome: 'finding',
          effective: report.collected.asRead,
          results: expectedResults(report),
        },
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['A1c', '8.4'] },
        {
          service: 'order-select-advice',
          topic: 'duplicate-order',
          indicator: 'warning',
          mentions: ['A1c', '8.4'],
          suggests: 'delete',
        },
        {
          service: 'order-sign-advice',
          topic: 'duplicate-order',
          indicator: 'warning',
          mentions: ['A1c', '8.4'],
          suggests: 'delete',
        },
      ],
    },
  };
}
