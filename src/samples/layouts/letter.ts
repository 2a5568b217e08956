import type { LabDocument } from '../lab-document.ts';
import { line, parts, printSheet, rule, wordDate } from './sheet.ts';

/** A clinic's letter: results as names and values with dotted leaders, between paragraphs. */
export function letter(document: LabDocument): Promise<Uint8Array> {
  const { patient } = document;
  return printSheet(
    { title: document.lab.name, created: new Date(document.reported.dateTime), size: 'A4' },
    (sheet) => {
      sheet.font('Times-Bold').fontSize(17).fillColor('#222222').text(document.lab.name, 60, 50, { lineBreak: false });
      document.lab.lines.forEach((text, index) => {
        sheet
          .font('Times-Roman')
          .fontSize(9)
          .fillColor('#444444')
          .text(text, 60, 72 + index * 11, { lineBreak: false });
      });
      rule(sheet, 100, 60, 535, 0.8);
      const write = (text: string, y: number, bold = false) => {
        sheet
          .font(bold ? 'Times-Bold' : 'Times-Roman')
          .fontSize(11)
          .fillColor('#111111')
          .text(text, 60, y, { lineBreak: false });
      };
      write(wordDate(document.reported), 116);
      write(`Re: ${patient.given} ${patient.family}`, 140, true);
      write(`Date of birth: ${wordDate(parts(patient.birthDate))}`, 155);
      write(`Record number: ${patient.mrn}`, 170);
      write(`Blood and urine collected: ${wordDate(document.collected)} ${document.collected.time}`, 185);
      write('Dear colleague,', 212);
      write(
        'Thank you for referring this patient to our clinic. The laboratory results of the visit are as follows:',
        229,
      );
      let y = 256;
      for (const panel of document.panels) {
        write(`${panel.title} (${panel.specimen})`, y, true);
        y += 18;
        for (const row of panel.rows) {
          sheet.font('Times-Roman').fontSize(11);
          const dot = sheet.widthOfString('.');
          const nameWidth = sheet.widthOfString(`${row.name} `);
          const dots = '.'.repeat(Math.max(3, Math.floor((250 - nameWidth) / dot)));
          sheet.fillColor('#111111').text(`${row.name} ${dots}`, 72, y, { lineBreak: false });
          sheet.font(row.flag ? 'Times-Bold' : 'Times-Roman');
          sheet.text(`${row.value} ${row.unit}`.trim(), 330, y, { lineBreak: false });
          sheet.font('Times-Roman');
          sheet.text(`(ref. ${row.range})${row.flag ? ` ${row.flag}` : ''}`, 425, y, { lineBreak: false });
          y += 17;
        }
        y += 8;
      }
      write('We have discussed the results with the patient and will see them again in three months.', y + 8);
      write('With kind regards,', y + 34);
      write(document.orderedBy, y + 60);
      line(sheet, y + 76, 8, [{ text: `Our reference ${document.accession}`, x: 60, width: 300, color: '#555555' }]);
    },
  );
}
