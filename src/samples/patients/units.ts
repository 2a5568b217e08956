import type { Calendar } from '../calendar.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { european } from '../layouts/european.ts';
import { inOutRange } from '../layouts/in-out-range.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function units(calendar: Calendar): Sample {
  const person = people.units;
  const german = labDocument(person, calendar, {
    lab: { name: 'Labor Musterstadt', lines: ['Erfundene Gasse 3, 00000 Musterstadt', 'Leitung: Dr. N. Niemand'] },
    daysAgo: 96,
    accession: 'MS 77-1204',
    orderedBy: 'Praxis Dr. Beispiel',
    panels: [
      {
        title: 'Klinische Chemie',
        specimen: 'Serum',
        rows: [
          row('Natrium', '141', 'mmol/l', '136 - 145', '', '2951-2', 'mmol/L'),
          row('Kalium', '4,4', 'mmol/l', '3,5 - 5,1', '', '2823-3', 'mmol/L'),
          row('Kreatinin', '97', 'µmol/l', '59 - 104', '', '14682-9', 'umol/L'),
          row('Harnstoff', '6,3', 'mmol/l', '2,8 - 8,1', '', '22664-7', 'mmol/L'),
          row('Harnsäure', '462', 'µmol/l', '202 - 416', '+', '14933-6', 'umol/L'),
          row('Glukose', '8,1', 'mmol/l', '3,9 - 5,6', '+', '14749-6', 'mmol/L'),
          row('Cholesterin', '5,90', 'mmol/l', '< 5,20', '+', '14647-2', 'mmol/L'),
          row('HDL-Cholesterin', '1,21', 'mmol/l', '> 1,03', '', '14646-4', 'mmol/L'),
          row('Triglyzeride', '2,05', 'mmol/l', '< 1,70', '+', '14927-8', 'mmol/L'),
          row('ALT (GPT)', '38', 'U/l', '< 50', '', '1742-6', 'U/L'),
          row('Gamma-GT', '64', 'U/l', '< 60', '+', '2324-2', 'U/L'),
          row('CRP', '3,2', 'mg/l', '< 5,0', '', '1988-5', 'mg/L'),
          row('TSH', '2,35', 'mU/l', '0,27 - 4,20', '', '3016-3', 'm[IU]/L'),
        ],
      },
    ],
  });
  const american = labDocument(person, calendar, {
    lab: {
      name: 'QuickSilver Diagnostics (invented)',
      lines: ['1 Fiction Plaza, Nowhere', 'Director: Dr. N. O. Body'],
    },
    daysAgo: 4,
    accession: 'QS208814C',
    orderedBy: 'DR. S. INVENTOR',
    panels: [
      {
        title: 'LIPID PANEL',
        specimen: 'Serum',
        rows: [
          row('CHOLESTEROL, TOTAL', '228', 'mg/dL', '<200', 'H', '2093-3', 'mg/dL'),
          row('HDL CHOLESTEROL', '47', 'mg/dL', '>40', '', '2085-9', 'mg/dL'),
          row('TRIGLYCERIDES', '182', 'mg/dL', '<150', 'H', '2571-8', 'mg/dL'),
        ],
      },
      {
        title: 'BASIC METABOLIC PANEL',
        specimen: 'Serum',
        rows: [
          row('GLUCOSE', '146', 'mg/dL', '65-99', 'H', '2345-7', 'mg/dL'),
          row('UREA NITROGEN (BUN)', '18', 'mg/dL', '7-25', '', '3094-0', 'mg/dL'),
          row('CREATININE', '1.10', 'mg/dL', '0.70-1.35', '', '2160-0', 'mg/dL'),
          row('SODIUM', '140', 'mmol/L', '135-146', '', '2951-2', 'mmol/L'),
          row('POTASSIUM', '4.3', 'mmol/L', '3.5-5.3', '', '2823-3', 'mmol/L'),
          row('CHLORIDE', '103', 'mmol/L', '98-110', '', '2075-0', 'mmol/L'),
          row('CARBON DIOXIDE', '26', 'mmol/L', '20-32', '', '2028-9', 'mmol/L'),
          row('CALCIUM', '9.6', 'mg/dL', '8.6-10.3', '', '17861-6', 'mg/dL'),
        ],
      },
      { title: 'TSH', specimen: 'Serum', rows: [row('TSH', '2.35', 'mIU/L', '0.40-4.50', '', '3016-3', 'm[IU]/L')] },
    ],
  });
  return labSample(
    person,
    {
      title: 'SI and conventional units',
      shows: 'A German report in SI units with decimal commas and an American one in mg/dL; each is kept as printed.',
    },
    {
      reports: [
        fileReport(person, german, {
          as: 'DocumentReference',
          id: 'si',
          form: 'si-pdf',
          title: 'Laborbefund',
          pages: european,
          decimal: ',',
        }),
        fileReport(person, american, {
          as: 'DiagnosticReport',
          id: 'us',
          form: 'us-pdf',
          title: 'Lipid panel, metabolic panel, TSH',
          pages: inOutRange,
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['glucose', '146'] },
      ],
    },
  );
}
