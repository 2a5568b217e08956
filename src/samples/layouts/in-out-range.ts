import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, wordDate } from './sheet.ts';

/** Panel blocks with two value columns: what is out of range stands further right. Units stand in the range cell. */
export function inOutRange(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'LETTER' },
    (sheet) => {
      sheet.rect(0, 0, 612, 30).fill('#0b6b57');
      line(sheet, 9, 13, [{ text: document.lab.name, x: 40, width: 300, bold: true, color: '#ffffff' }]);
      line(sheet, 11, 8, [
        { text: document.lab.lines.join('  |  '), x: 300, width: 272, align: 'right', color: '#ffffff' },
      ]);
      const blocks = [
        {
          x: 40,
          title: 'PATIENT INFORMATION',
          lines: [
            `${patient.family.toUpperCase()},${patient.given.toUpperCase()}`,
            `DOB: ${wordDate(parts(patient.birthDate))}`,
            `GENDER: ${patient.sex}`,
            `ID: ${patient.mrn}`,
          ],
        },
        {
          x: 230,
          title: 'SPECIMEN INFORMATION',
          lines: [
            `SPECIMEN: ${document.accession}`,
            `COLLECTED: ${wordDate(document.collected)} ${document.collected.time}`,
            `RECEIVED: ${wordDate(document.received)} ${document.received.time}`,
            `REPORTED: ${wordDate(document.reported)} ${document.reported.time}`,
          ],
        },
        { x: 440, title: 'ORDERED BY', lines: [document.orderedBy, 'STATUS: FINAL'] },
      ];
      for (const block of blocks) {
        line(sheet, 44, 7.5, [{ text: block.title, x: block.x, width: 180, bold: true, color: '#0b6b57' }]);
        block.lines.forEach((text, index) => {
          line(sheet, 57 + index * 12, 8.5, [{ text, x: block.x, width: 180 }]);
        });
      }
      rule(sheet, 112, 40, 572, 0.8);
      line(sheet, 119, 8.5, [
        { text: 'Test Name', x: 40, width: 180, bold: true },
        { text: 'In Range', x: 230, width: 60, bold: true },
        { text: 'Out Of Range', x: 310, width: 80, bold: true },
        { text: 'Reference Range', x: 410, width: 110, bold: true },
        { text: 'Lab', x: 548, width: 24, bold: true },
      ]);
      rule(sheet, 133, 40, 572, 0.8);
      let y = 142;
      for (const panel of document.panels) {
        line(sheet, y, 9.5, [{ text: panel.title, x: 40, width: 300, bold: true, color: '#0b6b57' }]);
        y += 16;
        for (const row of panel.rows) {
          const out = row.flag !== '';
          line(sheet, y, 9, [
            { text: row.name, x: 50, width: 175 },
            { text: out ? `${row.value}  ${row.flag}` : row.value, x: out ? 310 : 230, width: 90, bold: out },
            { text: `${row.range} ${row.unit}`.trim(), x: 410, width: 130 },
            { text: '01', x: 548, width: 24, color: '#666666' },
          ]);
          y += 15;
        }
        y += 10;
      }
      rule(sheet, y, 40, 572, 0.8);
      line(sheet, y + 8, 7.5, [
        { text: 'PERFORMING SITE: 01 Simulated Reference Laboratory, Nowhere', x: 40, width: 400, color: '#555555' },
      ]);
    },
  );
}
