import { codeSystem } from '../../fhir/codes.ts';
import type { Calendar } from '../calendar.ts';
import { chartResult, draftOrder } from '../chart.ts';
import { labDocument, row } from '../lab-document.ts';
import { fileReport, labSample } from '../lab-sample.ts';
import { sideBySide } from '../layouts/side-by-side.ts';
import { people } from '../people.ts';
import type { Sample } from '../sample.ts';

export function contrast(calendar: Calendar): Sample {
  const person = people.contrast;
  const report = labDocument(person, calendar, {
    lab: { name: 'Riverbend Imaginary Medical Center', lines: ['Department of Laboratory Medicine', 'Nowhere'] },
    daysAgo: 5,
    accession: 'RB-61207',
    orderedBy: 'Dr. C. Chimera',
    panels: [
      {
        title: 'RENAL PANEL',
        specimen: 'Serum',
        rows: [
          row('Sodium', '138', 'mmol/L', '136-145', '', '2951-2', 'mmol/L'),
          row('Potassium', '4.9', 'mmol/L', '3.5-5.1', '', '2823-3', 'mmol/L'),
          row('Chloride', '106', 'mmol/L', '98-107', '', '2075-0', 'mmol/L'),
          row('BUN', '48', 'mg/dL', '8-23', 'H', '3094-0', 'mg/dL'),
          row('Creatinine', '2.68', 'mg/dL', '0.70-1.20', 'H', '2160-0', 'mg/dL'),
          row('eGFR', '24', 'mL/min/1.73m2', '>60', 'L', '69405-9', 'mL/min/{1.73_m2}'),
          row('Glucose', '112', 'mg/dL', '70-99', 'H', '2345-7', 'mg/dL'),
        ],
      },
      {
        title: 'COMPLETE BLOOD COUNT',
        specimen: 'Blood',
        rows: [
          row('WBC', '7.4', 'K/uL', '4.0-11.0', '', '6690-2', '10*3/uL'),
          row('RBC', '3.61', 'M/uL', '4.30-5.80', 'L', '789-8', '10*6/uL'),
          row('Hemoglobin', '10.8', 'g/dL', '13.0-17.0', 'L', '718-7', 'g/dL'),
          row('Hematocrit', '32.6', '%', '39.0-50.0', 'L', '4544-3', '%'),
          row('MCV', '90.3', 'fL', '80.0-100.0', '', '787-2', 'fL'),
          row('Platelets', '212', 'K/uL', '150-400', '', '777-3', '10*3/uL'),
        ],
      },
    ],
  });
  return labSample(
    person,
    {
      title: 'Contrast with eGFR 24',
      shows: 'A contrast CT is drafted; the chart last knew an eGFR of 47, the report that came five days ago says 24.',
    },
    {
      results: [
        chartResult(person, 'egfr-earlier', calendar.daysAgo(240, '08:20'), {
          loinc: '98979-8',
          text: 'eGFR (CKD-EPI 2021)',
          value: 47,
          unit: 'mL/min/1.73m2',
          ucum: 'mL/min/{1.73_m2}',
          low: 60,
        }),
      ],
      reports: [
        fileReport(person, report, {
          as: 'DocumentReference',
          title: 'Renal panel and blood count',
          pages: sideBySide,
        }),
      ],
      orders: [
        draftOrder(person, 'order', calendar.daysAgo(0, '09:05'), {
          code: {
            coding: [{ system: codeSystem.loinc, code: '36813-4', display: 'CT Abdomen and Pelvis W contrast IV' }],
            text: 'CT abdomen and pelvis with IV contrast',
          },
          category: 'imaging',
          reason: 'Abdominal pain',
        }),
      ],
      cards: [
        { service: 'lab-report-results', topic: 'lab-report', indicator: 'warning', mentions: ['eGFR', '24'] },
        { service: 'order-select-advice', topic: 'contrast-egfr', indicator: 'warning', mentions: ['eGFR', '24'] },
        { service: 'order-sign-advice', topic: 'contrast-egfr', indicator: 'warning', mentions: ['eGFR', '24'] },
      ],
    },
  );
}
