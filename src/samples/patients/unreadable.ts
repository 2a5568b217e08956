import type { Calendar } from '../calendar.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { classicTable } from '../layouts/classic-table.ts';
import { people } from '../people.ts';
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
  return labSample(
    person,
    {
      title: 'Unreadable file',
      shows: 'The upload of this PDF broke off. Nothing can be read, nothing is written, and the job says so.',
    },
    {
      reports: [
        fileReport(person, report, {
          as: 'DocumentReference',
          title: 'Liver panel',
          async pages(printed) {
            const whole = await classicTable(printed);
            // the upload broke off: the page tree and the cross-reference table are missing
            return whole.slice(0, Math.floor(whole.length * 0.3));
          },
          refused: {
            outcome: 'error',
            because: 'The PDF is truncated.',
            codes: ['document-damaged', 'document-unreadable'],
          },
        }),
      ],
    },
  );
}
