import type { Calendar } from '../calendar.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { classicTable } from '../layouts/classic-table.ts';
import { people } from '../people.ts';
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
  return labSample(
    person,
    {
      title: "Another patient's report",
      shows:
        'Name and birth date printed on the report are not those of the chart it was filed in: nothing is written.',
    },
    {
      reports: [
        fileReport(person, report, {
          as: 'DocumentReference',
          title: 'Outside laboratory report',
          pages: classicTable,
          refused: { outcome: 'abstention', because: 'The printed patient is not the patient of the chart.' },
        }),
      ],
    },
  );
}
