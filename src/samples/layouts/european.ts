import type { LabDocument } from '../lab-document.ts';
import { germanDate, line, parts, printSheet, rule } from './sheet.ts';

/** A German report: SI units, decimal comma, plus and minus signs as flags. */
export function european(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'A4' },
    (sheet) => {
      line(sheet, 42, 16, [{ text: document.lab.name, x: 50, width: 300, bold: true, color: '#5b2a6b' }]);
      document.lab.lines.forEach((text, index) => {
        line(sheet, 42 + index * 11, 8, [{ text, x: 350, width: 195, align: 'right', color: '#444444' }]);
      });
      line(sheet, 84, 13, [{ text: 'Laborbefund - Endbefund', x: 50, width: 300, bold: true }]);
      line(sheet, 106, 9, [
        { text: `Patient: ${patient.family}, ${patient.given}`, x: 50, width: 250 },
        { text: `Entnahme: ${germanDate(document.collected)} ${document.collected.time}`, x: 330, width: 215 },
      ]);
      line(sheet, 119, 9, [
        {
          text: `geb. am: ${germanDate(parts(patient.birthDate))}   Geschlecht: ${patient.sex === 'F' ? 'w' : 'm'}`,
          x: 50,
          width: 250,
        },
        { text: `Eingang: ${germanDate(document.received)} ${document.received.time}`, x: 330, width: 215 },
      ]);
      line(sheet, 132, 9, [
        { text: `Patientennummer: ${patient.mrn}`, x: 50, width: 250 },
        { text: `Ausgang: ${germanDate(document.reported)} ${document.reported.time}`, x: 330, width: 215 },
      ]);
      line(sheet, 145, 9, [
        { text: `Einsender: ${document.orderedBy}`, x: 50, width: 250 },
        { text: `Auftrag: ${document.accession}`, x: 330, width: 215 },
      ]);
      sheet.rect(50, 166, 495, 17).fill('#e9e0ed');
      line(sheet, 170, 9, [
        { text: 'Untersuchung', x: 56, width: 180, bold: true },
        { text: 'Ergebnis', x: 235, width: 60, align: 'right', bold: true },
        { text: 'Einheit', x: 330, width: 80, bold: true },
        { text: 'Referenzbereich', x: 430, width: 110, bold: true },
      ]);
      let y = 190;
      for (const panel of document.panels) {
        line(sheet, y, 9, [
          { text: `${panel.title} (${panel.specimen})`, x: 56, width: 300, bold: true, color: '#5b2a6b' },
        ]);
        y += 15;
        panel.rows.forEach((row, index) => {
          if (index % 2 === 1) {
            sheet.rect(50, y - 3, 495, 14).fill('#f7f4f8');
          }
          line(sheet, y, 9, [
            { text: row.name, x: 62, width: 170 },
            { text: row.value, x: 235, width: 60, align: 'right', bold: row.flag !== '' },
            { text: row.flag, x: 304, width: 15, bold: true },
            { text: row.unit, x: 330, width: 80 },
            { text: row.range, x: 430, width: 110 },
          ]);
          y += 14;
        });
        y += 8;
      }
      rule(sheet, y, 50, 545, 0.8, '#5b2a6b');
      line(sheet, y + 8, 8, [
        { text: '+ oberhalb, - unterhalb des Referenzbereichs', x: 50, width: 400, color: '#444444' },
      ]);
    },
  );
}
