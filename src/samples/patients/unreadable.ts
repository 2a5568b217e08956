import { lazyBinary } from '../binary.ts';
import type { Calendar } from '../calendar.ts';
import { labDocumentReference } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { classicTable } from '../layouts/classic-table.ts';
import { people } from '../people.ts';
import { patient } from '../person.ts';
import type { Sample } from '../sample.ts';

export function unreadable(calendar: Calendar): Sample {
  const person = people.unreadable;
  const report = labDocument(person, calendar, {
    lab: { name: 'Halfway House Laboratory (invented)', lines: ['Nowhere'] },
    daysAgo: 2,
    accession: 'HH-1',
    orderedBy: 'Dr. B. Broken',
    panels: [
      {
        title: 'LIVER PANEL',
        specimen: 'Serum',
        rows: [
          row('ALT', '31', 'U/L', '0 - 33', '', '1742-6', 'U/L'),
          row('AST', '29', 'U/L', '0 - 32', '', '1920-8', 'U/L'),
        ],
      },
    ],
  });
  const pdf = lazyBinary(`${person.id}-pdf`, 'application/pdf', async () => {
    const whole = await classicTable(report);
    // the upload broke off: the page tree and the cross-reference table are missing
    return whole.slice(0, Math.floor(whole.length * 0.3));
  });
  const document = labDocumentReference(person, 'report', report.reported, {
    contentType: 'application/pdf',
    title: 'Liver panel',
    binary: pdf.id,
  });
  const words = {
    title: 'Unreadable file',
    shows: 'The upload of this PDF broke off. Nothing can be read, nothing is written, and the job says so.',
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
          outcome: 'error',
          because: 'The PDF is truncated.',
          codes: ['document-damaged', 'document-unreadable'],
        },
      ],
      cards: [],
    },
  };
}
