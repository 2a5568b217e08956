import { type LabDocument, NOTICE } from '../lab-document.ts';

/** What an interface engine files: fixed columns of text, UTF-8. */
export function plainText(document: LabDocument): Uint8Array {
  const { patient } = document;
  const stamp = (moment: { date: string; time: string }) => `${moment.date} ${moment.time}`;
  const lines = [
    document.lab.name.toUpperCase(),
    ...document.lab.lines,
    '',
    `PATIENT:   ${patient.family.toUpperCase()}, ${patient.given.toUpperCase()}`,
    `DOB:       ${patient.birthDate}        SEX: ${patient.sex}        MRN: ${patient.mrn}`,
    `COLLECTED: ${stamp(document.collected)}  RECEIVED: ${stamp(document.received)}  REPORTED: ${stamp(document.reported)}`,
    `ACCESSION: ${document.accession}    ORDERED BY: ${document.orderedBy}`,
    '',
    `${'TEST'.padEnd(28)}${'RESULT'.padStart(9)}  ${'FLAG'.padEnd(6)}${'UNITS'.padEnd(14)}REFERENCE`,
    '-'.repeat(72),
  ];
  for (const panel of document.panels) {
    lines.push(`${panel.title.toUpperCase()} (${panel.specimen})`);
    for (const row of panel.rows) {
      lines.push(
        `  ${row.name.padEnd(26)}${row.value.padStart(9)}  ${row.flag.padEnd(6)}${row.unit.padEnd(14)}${row.range}`.trimEnd(),
      );
    }
    lines.push('');
  }
  lines.push('-'.repeat(72), NOTICE, '');
  return new TextEncoder().encode(lines.join('\n'));
}
