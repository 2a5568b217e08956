import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, usDate } from './sheet.ts';

/** Two panels beside each other, each with its own header; a line of the page holds two results. */
export function sideBySide(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'LETTER' },
    (sheet) => {
      line(sheet, 38, 14, [{ text: document.lab.name, x: 36, width: 300, bold: true, color: '#7a3b00' }]);
      line(sheet, 56, 8, [{ text: document.lab.lines.join(' - '), x: 36, width: 400, color: '#444444' }]);
      sheet.rect(36, 72, 540, 46).fill('#f6efe6');
      line(sheet, 79, 9, [
        { text: `${patient.family}, ${patient.given}`, x: 44, width: 200, bold: true },
        { text: `DOB ${usDate(parts(patient.birthDate))}  ${patient.sex}`, x: 230, width: 150 },
        { text: `MRN ${patient.mrn}`, x: 400, width: 170 },
      ]);
      line(sheet, 98, 9, [
        { text: `Collected ${usDate(document.collected)} ${document.collected.time}`, x: 44, width: 180 },
        { text: `Reported ${usDate(document.reported)} ${document.reported.time}`, x: 230, width: 170 },
        { text: `Accession ${document.accession}`, x: 400, width: 170 },
      ]);
      document.panels.forEach((panel, index) => {
        const left = index % 2 === 0 ? 36 : 318;
        let y = 136 + Math.floor(index / 2) * 240;
        sheet.rect(left, y, 258, 16).fill('#7a3b00');
        line(sheet, y + 4, 8.5, [
          { text: `${panel.title} - ${panel.specimen}`, x: left + 6, width: 240, bold: true, color: '#ffffff' },
        ]);
        y += 22;
        line(sheet, y, 7.5, [
          { text: 'Test', x: left + 4, width: 90, bold: true },
          { text: 'Result', x: left + 92, width: 42, align: 'right', bold: true },
          { text: 'Units', x: left + 147, width: 66, bold: true },
          { text: 'Reference', x: left + 216, width: 42, bold: true },
        ]);
        y += 12;
        rule(sheet, y, left, left + 258);
        y += 5;
        for (const row of panel.rows) {
          line(sheet, y, 8.5, [
            { text: row.name, x: left + 4, width: 88 },
            { text: row.value, x: left + 92, width: 42, align: 'right', bold: row.flag !== '' },
            { text: row.flag, x: left + 137, width: 10, bold: true, color: '#a01616' },
            { text: row.unit, x: left + 147, width: 66 },
            { text: row.range, x: left + 216, width: 42 },
          ]);
          y += 15;
        }
      });
      line(sheet, 640, 8, [{ text: `Ordered by ${document.orderedBy}`, x: 36, width: 300, color: '#444444' }]);
    },
  );
}
