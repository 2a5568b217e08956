import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, usDate } from './sheet.ts';

const SIZE = 11;

/** What a small laboratory prints and somebody scans: large type, one face, no colour. */
export function printout(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  const created = new Date(document.reported.dateTime);
  return printSheet({ title: document.lab.name, created, size: 'LETTER' }, (sheet) => {
    line(sheet, 50, 15, [{ text: document.lab.name, x: 50, width: 500 }]);
    line(sheet, 70, 9, [{ text: document.lab.lines.join(', '), x: 50, width: 500 }]);
    const facts = [
      [
        `Patient: ${patient.family}, ${patient.given}`,
        `Collected: ${usDate(document.collected)} ${document.collected.time}`,
      ],
      [
        `Date of birth: ${usDate(parts(patient.birthDate))}`,
        `Reported: ${usDate(document.reported)} ${document.reported.time}`,
      ],
      [`Patient ID: ${patient.mrn}   Sex: ${patient.sex}`, `Accession: ${document.accession}`],
      [`Ordered by: ${document.orderedBy}`, `Specimen: ${document.panels[0]!.specimen}`],
    ] as const;
    facts.forEach(([left, right], index) => {
      line(sheet, 100 + index * 17, SIZE, [
        { text: left, x: 50, width: 260 },
        { text: right, x: 325, width: 240 },
      ]);
    });
    let y = 190;
    rule(sheet, y - 8, 50, 562);
    line(sheet, y, SIZE, [
      { text: 'Test', x: 50, width: 140 },
      { text: 'Result', x: 190, width: 70, align: 'right' },
      { text: 'Flag', x: 285, width: 40 },
      { text: 'Units', x: 340, width: 80 },
      { text: 'Reference', x: 440, width: 120 },
    ]);
    rule(sheet, y + 16, 50, 562);
    y += 28;
    for (const panel of document.panels) {
      line(sheet, y, SIZE, [{ text: panel.title, x: 50, width: 300 }]);
      y += 22;
      for (const row of panel.rows) {
        line(sheet, y, SIZE, [
          { text: row.name, x: 62, width: 128 },
          { text: row.value, x: 190, width: 70, align: 'right' },
          { text: row.flag, x: 285, width: 40 },
          { text: row.unit, x: 340, width: 80 },
          { text: row.range, x: 440, width: 120 },
        ]);
        y += 20;
      }
      y += 8;
    }
    rule(sheet, y, 50, 562);
  });
}
