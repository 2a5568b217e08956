import type { Calendar } from '../calendar.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { plainText } from '../layouts/plain-text.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function text(calendar: Calendar): Sample {
  const person = people.text;
  const report = labDocument(person, calendar, {
    lab: { name: 'Interface Engine Laboratory (invented)', lines: ['Coagulation section'] },
    daysAgo: 1,
    accession: 'IE-90417',
    orderedBy: 'DR. T. STRAWMAN',
    panels: [
      {
        title: 'Coagulation',
        specimen: 'Plasma',
        rows: [
          row('PROTHROMBIN TIME', '52.1', 'sec', '9.4-12.5', 'H', '5902-2', 's'),
          row('INR', '5.6', '', '0.9-1.1', 'HH', '6301-6'),
          row('APTT', '38.9', 'sec', '25.1-36.5', 'H', '14979-9', 's'),
          row('FIBRINOGEN', '312', 'mg/dL', '200-400', '', '3255-7', 'mg/dL'),
          row('D-DIMER', '<0.27', 'ug/mL FEU', '<0.50', '', '48065-7', 'ug/mL{FEU}'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Plain-text report',
      shows: 'A coagulation report filed as text inside the resource, with a critical INR and a value below its limit.',
    },
    {
      reports: [
        fileReport(person, report, {
          as: 'DiagnosticReport',
          title: 'Coagulation',
          contentType: 'text/plain; charset=utf-8',
          inline: plainText(report),
        }),
      ],
      cards: [{ service: 'lab-report-results', topic: 'lab-report', indicator: 'critical', mentions: ['INR', '5.6'] }],
    },
  );
}
