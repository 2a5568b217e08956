import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, usDate } from './sheet.ts';

/** Two dated value columns; the earlier one repeats a result that the chart already has and must not be read as new. */
export function previousResults(document: LabDocument): Promise<Uint8Array> {
  const { patient, previous } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'LETTER' },
    (sheet) => {
      line(sheet, 40, 14, [{ text: document.lab.name, x: 40, width: 532, align: 'center', bold: true }]);
      line(sheet, 58, 8, [{ text: document.lab.lines.join(', '), x: 40, width: 532, align: 'center' }]);
      sheet.rect(40, 76, 532, 62).lineWidth(0.8).strokeColor('#333333').stroke();
      line(sheet, 83, 9, [
        { text: `Name: ${patient.given} ${patient.family}`, x: 48, width: 250 },
        { text: `Date of Birth: ${usDate(parts(patient.birthDate))}`, x: 320, width: 240 },
      ]);
      line(sheet, 97, 9, [
        { text: `MRN: ${patient.mrn}`, x: 48, width: 250 },
        { text: `Sex: ${patient.sex}`, x: 320, width: 240 },
      ]);
      line(sheet, 111, 9, [
        { text: `Collection date: ${usDate(document.collected)} ${document.collected.time}`, x: 48, width: 250 },
        { text: `Report date: ${usDate(document.reported)} ${document.reported.time}`, x: 320, width: 240 },
      ]);
      line(sheet, 125, 9, [
        { text: `Requested by: ${document.orderedBy}`, x: 48, width: 250 },
        { text: `Order no.: ${document.accession}`, x: 320, width: 240 },
      ]);
      const x = { test: 40, current: 205, flag: 262, previous: 300, unit: 385, range: 480 };
      rule(sheet, 152, 40, 572, 1);
      line(sheet, 158, 9, [
        { text: 'Test', x: x.test, width: 160, bold: true },
        { text: 'Current', x: x.current, width: 50, align: 'right', bold: true },
        { text: 'Flag', x: x.flag, width: 30, bold: true },
        { text: 'Previous', x: x.previous, width: 60, align: 'right', bold: true },
        { text: 'Units', x: x.unit, width: 90, bold: true },
        { text: 'Reference', x: x.range, width: 92, bold: true },
      ]);
      line(sheet, 170, 8, [
        { text: usDate(document.collected), x: x.current, width: 50, align: 'right' },
        { text: previous ? usDate(previous) : '', x: x.previous, width: 60, align: 'right' },
      ]);
      rule(sheet, 183, 40, 572, 1);
      let y = 190;
      for (const panel of document.panels) {
        line(sheet, y, 9, [{ text: `${panel.title} (${panel.specimen})`, x: x.test, width: 300, bold: true }]);
        y += 14;
        for (const row of panel.rows) {
          line(sheet, y, 9, [
            { text: row.name, x: x.test + 8, width: 150 },
            { text: row.value, x: x.current, width: 50, align: 'right', bold: row.flag !== '' },
            { text: row.flag, x: x.flag, width: 30, bold: true },
            { text: row.previous ?? '', x: x.previous, width: 60, align: 'right', color: '#555555' },
            { text: row.unit, x: x.unit, width: 90 },
            { text: row.range, x: x.range, width: 92 },
          ]);
          y += 14;
        }
        y += 8;
      }
      rule(sheet, y, 40, 572, 1);
    },
  );
}
