import type { Calendar } from '../calendar.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { printout } from '../layouts/printout.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';
import { scanPage } from '../scan.ts';

export function scan(calendar: Calendar): Sample {
  const person = people.scan;
  const report = labDocument(person, calendar, {
    lab: { name: 'Lakeside Phantom Clinic Laboratory', lines: ['9 Mirage Road', 'Nowhere'] },
    daysAgo: 3,
    accession: 'LP 55120',
    orderedBy: 'Dr. V. Vapour',
    panels: [
      {
        title: 'COMPLETE BLOOD COUNT',
        specimen: 'Blood',
        rows: [
          row('WBC', '11.8', 'K/uL', '4.0 - 11.0', 'HIGH', '6690-2', '10*3/uL'),
          row('RBC', '3.02', 'M/uL', '4.30 - 5.80', 'LOW', '789-8', '10*6/uL'),
          row('Hemoglobin', '8.1', 'g/dL', '13.0 - 17.0', 'LOW', '718-7', 'g/dL'),
          row('Hematocrit', '25.4', '%', '39.0 - 50.0', 'LOW', '4544-3', '%'),
          row('MCV', '84.1', 'fL', '80.0 - 100.0', '', '787-2', 'fL'),
          row('MCH', '26.8', 'pg', '27.0 - 33.0', 'LOW', '785-6', 'pg'),
          row('MCHC', '31.9', 'g/dL', '32.0 - 36.0', 'LOW', '786-4', 'g/dL'),
          row('RDW', '16.9', '%', '11.5 - 14.5', 'HIGH', '788-0', '%'),
          row('Platelets', '468', 'K/uL', '150 - 400', 'HIGH', '777-3', '10*3/uL'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Scanned report',
      shows: 'A blood count that exists only as a slightly crooked scan; it is read by character recognition.',
    },
    {
      reports: [
        fileReport(person, report, {
          as: 'DocumentReference',
          title: 'Scanned blood count',
          form: 'jpeg',
          contentType: 'image/jpeg',
          pages: async (printed) => scanPage(await printout(printed), { skewDegrees: 0.9, seed: 3 }),
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['hemoglobin', '8.1'] },
      ],
    },
  );
}
