import { lazyBinary } from '../binary.ts';
import type { Calendar } from '../calendar.ts';
import { labDocumentReference } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { classicTable } from '../layouts/classic-table.ts';
import { people } from '../people.ts';
import { patient } from '../person.ts';
import type { Sample } from '../sample.ts';

export function otherReport(calendar: Calendar): Sample {
  const person = people.otherReport;
  const report = labDocument(people.stranger, calendar, {
    lab: { name: 'Northgate Reference Laboratory', lines: ['14 Invented Avenue, Nowhere', 'Director: Dr. A. Nobody'] },
    daysAgo: 2,
    accession: 'NG-4477-310',
    orderedBy: 'Dr. P. Outsider',
    panels: [
      {
        title: 'ELECTROLYTES',
        specimen: 'Serum',
        rows: [
          row('Sodium', '121', 'mmol/L', '136 - 145', 'LL', '2951-2', 'mmol/L'),
          row('Potassium', '3.1', 'mmol/L', '3.5 - 5.1', 'L', '2823-3', 'mmol/L'),
          row('Chloride', '88', 'mmol/L', '98 - 107', 'L', '2075-0', 'mmol/L'),
        ],
      },
    ],
  });
  const pdf = lazyBinary(`${person.id}-pdf`, 'application/pdf', () => classicTable(report));
  const document = labDocumentReference(person, 'report', report.reported, {
    contentType: 'application/pdf',
    title: 'Outside laboratory report',
    binary: pdf.id,
  });
  const words = {
    title: "Another patient's report",
    shows: 'Name and birth date printed on the report are not those of the chart it was filed in: nothing is written.',
  };
  const self = patient(person, words);
  return {
    id: person.id,
    ...words,
    patient: self,
    resources: [self, document],
    binaries: [pdf],
    draftOrders: [],
    expected: {
      readings: [
        {
          analysis: 'lab-report',
          subject: `DocumentReference/${document.id}`,
          outcome: 'abstention',
          because: 'The printed patient is not the patient of the chart.',
        },
      ],
      cards: [],
    },
  };
}
