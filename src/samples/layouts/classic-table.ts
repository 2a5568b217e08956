import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, usDate } from './sheet.ts';

/** The common one: one table, a column each for test, result, flag, units and reference interval. */
export function classicTable(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'LETTER' },
    (sheet) => {
      line(sheet, 40, 15, [{ text: document.lab.name, x: 40, width: 300, bold: true, color: '#12355b' }]);
      line(sheet, 44, 9, [{ text: 'LABORATORY REPORT', x: 400, width: 172, align: 'right', bold: true }]);
      document.lab.lines.forEach((text, index) => {
        line(sheet, 60 + index * 11, 8, [{ text, x: 40, width: 300, color: '#444444' }]);
      });
      rule(sheet, 88, 40, 572, 1.2, '#12355b');
      const facts = [
        [
          'Patient',
          `${patient.family}, ${patient.given}`,
          'Collected',
          `${usDate(document.collected)} ${document.collected.time}`,
        ],
        [
          'Date of birth',
          usDate(parts(patient.birthDate)),
          'Received',
          `${usDate(document.received)} ${document.received.time}`,
        ],
        [
          'Sex',
          patient.sex === 'F' ? 'Female' : 'Male',
          'Reported',
          `${usDate(document.reported)} ${document.reported.time}`,
        ],
        ['Patient ID', patient.mrn, 'Accession', document.accession],
        ['Ordering provider', document.orderedBy, 'Specimen', document.panels[0]!.specimen],
      ] as const;
      facts.forEach(([left, leftText, right, rightText], index) => {
        line(sheet, 98 + index * 13, 8.5, [
          { text: `${left}:`, x: 40, width: 90, bold: true },
          { text: leftText, x: 130, width: 190 },
          { text: `${right}:`, x: 330, width: 70, bold: true },
          { text: rightText, x: 400, width: 170 },
        ]);
      });
      sheet.rect(40, 172, 532, 16).fill('#12355b');
      const head = { bold: true, color: '#ffffff' } as const;
      line(sheet, 176, 8.5, [
        { text: 'TEST', x: 46, width: 180, ...head },
        { text: 'RESULT', x: 230, width: 70, align: 'right', ...head },
        { text: 'FLAG', x: 315, width: 40, ...head },
        { text: 'UNITS', x: 365, width: 90, ...head },
        { text: 'REFERENCE INTERVAL', x: 460, width: 110, ...head },
      ]);
      let y = 196;
      for (const panel of document.panels) {
        line(sheet, y, 9, [{ text: panel.title, x: 46, width: 300, bold: true }]);
        y += 15;
        for (const row of panel.rows) {
          const marked = row.flag !== '';
          line(sheet, y, 9, [
            { text: row.name, x: 54, width: 175 },
            { text: row.value, x: 230, width: 70, align: 'right', bold: marked },
            { text: row.flag, x: 315, width: 40, bold: true, color: '#a01616' },
            { text: row.unit, x: 365, width: 90 },
            { text: row.range, x: 460, width: 110 },
          ]);
          rule(sheet, y + 12, 46, 566, 0.25, '#cccccc');
          y += 15;
        }
        y += 6;
      }
      rule(sheet, y + 4, 40, 572);
      line(sheet, y + 12, 8, [
        {
          text: 'H = above reference interval   L = below   HH / LL = critical, see laboratory policy',
          x: 40,
          width: 500,
          color: '#444444',
        },
      ]);
      line(sheet, y + 24, 8, [{ text: 'End of report', x: 40, width: 500, color: '#444444' }]);
    },
  );
}
