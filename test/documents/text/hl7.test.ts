import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { hl7Content } from '../../../src/documents/text/hl7.ts';
import { sharedData } from '../../support/shared-data.ts';
import { bytes, codeOf, msh, obr, oru, pid, seen } from './made.ts';

function lines(message: Uint8Array): readonly string[] {
  const content = hl7Content(message);
  if ('bytes' in content) throw new Error('The message holds a file.');
  return seen(content);
}
/** The table and what is below it. */
const table = (message: Uint8Array) =>
  lines(message).slice(lines(message).findIndex((line) => line.startsWith('*Test')));

describe('HL7 version 2 results', () => {
  test('as a laboratory prints them: patient, dates, one table for each order', () => {
    expect(
      lines(
        oru(
          'OBX|1|NM|2951-2^Sodium^LN||138|mmol/L|136-145|N|||F',
          'OBX|2|NM|2823-3^Potassium [Moles/volume] in Serum or Plasma^LN^K^Kalium^L||6.4|mmol/L^millimole^UCUM|3.5-5.1|HH|||F',
          'SPM|1|||SER^^HL70487|||||||||||||20250301083000',
          'OBR|2|A2|B2|^Urinalysis|||20250301090000',
          'OBX|1|ST|5778-6^Colour^LN||amber||||||F|||20250301090500',
          'OBX|2|SN|^Protein^L||>^3^+|||A|||F',
        ),
      ),
    ).toEqual([
      '*Nowhere *Laboratory',
      '*Laboratory *report',
      'Patient: Sample, Ada B',
      'Date of birth: 1950-01-31',
      'Sex: F',
      'Patient ID: 12345',
      'Received: 2025-03-01 09:15',
      'Reported: 2025-03-01 12:00',
      '*Comprehensive *metabolic *panel',
      'Specimen: Serum',
      '*Test     *Result   *Units    *Reference *range   *Flag   *Date/time',
      'Sodium   138      mmol/L   136-145           N      2025-03-01 08:30',
      'Kalium   6.4      mmol/L   3.5-5.1           HH     2025-03-01 08:30',
      '*Urinalysis',
      '*Test      *Result   *Flag   *Date/time',
      'Colour    amber           2025-03-01 09:05',
      'Protein   >3+      A      2025-03-01 09:00',
    ]);
  });

  test('values by type: comparators, titers, codes, dates, repetitions, escapes', () => {
    expect(
      table(
        oru(
          'OBX|1|SN|^CRP||<^5|mg/L',
          'OBX|2|SN|^ANA||^1^:^80',
          'OBX|3|SN|^Casts||^2^-^5|/HPF',
          'OBX|4|CWE|^HBsAg||260385009^Negative^SCT',
          'OBX|5|CE|^Nitrite||POS',
          'OBX|6|ST|^Ketones \\T\\ more||1\\S\\2',
          'OBX|7|TX|^Cells||few~many',
          'OBX|8|DT|^LMP||20250201',
          'OBX|9|NM|^Empty||""',
          'OBX|10|NM|^Ferritin||2000|ug/L||>',
          'OBX|11|NM|^TSH||<0.01|mU/L||<',
        ),
      ),
    ).toEqual([
      '*Test             *Result       *Units',
      'CRP              <5           mg/L',
      'ANA              1:80',
      'Casts            2-5          /HPF',
      'HBsAg            Negative',
      'Nitrite          POS',
      'Ketones & more   1^2',
      'LMP              2025-02-01',
      'Ferritin         >2000        ug/L',
      'TSH              <0.01        mU/L',
      '  Comment: Cells:',
      '  few',
      '  many',
    ]);
  });

  test('deleted and wrong results are not shown, a correction replaces what it corrects, notes stand below', () => {
    const shown = table(
      oru(
        'OBX|1|NM|1^Sodium||999|mmol/L|||||D',
        'OBX|2|NM|2^Potassium||4.1|mmol/L|||||F',
        'OBX|3|NM|2^Potassium||4.4|mmol/L|||||C',
        'NTE|1|L|Repeated.\\.br\\Told by phone.',
        'OBX|4|NM|3^Chloride||100|mmol/L|||||W',
        'OBX|5|NM|4^Urea||5|mmol/L|||||P',
        'OBX|6|NM|5^CK||||||||X',
      ),
    );
    expect(shown).toEqual([
      '*Test        *Result   *Units',
      'Potassium   4.4      mmol/L',
      'Urea        5        mmol/L',
      '  Comment: Repeated.',
      '  Told by phone.',
      '  Comment: Preliminary results',
    ]);
  });

  test('batches and several patients: a page for each', () => {
    const one = [msh, pid, obr, 'OBX|1|NM|1^Sodium||138|mmol/L'].join('\n');
    const two = one.replace('Sample^Ada', 'Other^Ben').replace('138', '141');
    const content = hl7Content(bytes(`FHS|^~\\&\nBHS|^~\\&\n${one}\n${two}\nBTS|2\nFTS|1`)) as readonly string[];
    expect(content.filter((line) => line === '\f')).toHaveLength(1);
    expect(seen(content).filter((line) => line.startsWith('Patient:'))).toEqual([
      'Patient: Sample, Ada B',
      'Patient: Other, Ben B',
    ]);
  });

  test('transport framing, other separators, character sets, broken lines', () => {
    const message = [
      'MSH*:~\\&*LIS*L*EHR*C*20250301**ORU:R01*1*P*2.5',
      'PID*1**7::::MR**M\u00fcller:J\u00f6rg**19600229*M',
      'OBR*1***1:Blutbild***20250301',
      'OBX*1*TX*1:Befund**Leukozyten unauff\u00e4llig und das',
      'Blutbild auch im \u00dcbrigen ohne Besonderheiten',
      'OBX*2*NM*2:H\u00e4moglobin**14.1*g/dL',
    ].join('\r');
    const framed = Uint8Array.from([
      0x0b,
      ...Buffer.from(message.replace('*P*2.5', '*P*2.5******8859/1'), 'latin1'),
      0x1c,
      0x0d,
    ]);
    expect(lines(framed)).toEqual(lines(bytes(message)));
    expect(lines(framed)).toEqual(expect.arrayContaining(['Patient: Müller, Jörg', 'Hämoglobin   14.1     g/dL']));
    expect(lines(framed).join(' ')).toMatch(/und das\s+Blutbild auch/);
  });

  test('a file that stands in place of results is given back, and beside results it is not', () => {
    const pdf = Buffer.from('%PDF-1.4 synthetic'.padEnd(300, ' ')).toString('base64');
    const file = `OBX|1|ED|PDF^Report^L||LIS^AP^PDF^Base64^${pdf}||||||F`;
    expect(hl7Content(oru(file))).toMatchObject({ bytes: expect.any(Uint8Array) });
    expect(lines(oru(file, 'OBX|2|NM|1^Sodium||138|mmol/L'))).toContain('Sodium   138      mmol/L');
    expect(codeOf(() => hl7Content(oru(file, file)))).toBe('document-unsupported');
  });

  test.each([
    ['another message', [msh.replace('ORU^R01^ORU_R01', 'ADT^A01'), pid].join('\r'), 'document-unsupported'],
    ['no results', [msh, pid, obr].join('\r'), 'document-empty'],
    ['results withdrawn', [msh, pid, obr, 'OBX|1|NM|1^Sodium||138|mmol/L|||||D'].join('\r'), 'document-empty'],
    ['a batch without a message', 'BHS|^~\\&\rBTS|0', 'document-damaged'],
  ])('%s', (_name, message, code) => {
    expect(codeOf(() => hl7Content(bytes(message)))).toBe(code);
  });
});

const folder = sharedData('lab/hl7v2');
(folder ? describe : describe.skip)('messages of others', () => {
  const files = folder ? readdirSync(folder).filter((file) => file.endsWith('.hl7')) : [];
  test.each(files.map((file) => [file]))('%s: every numeric result stands on the page with its unit', (file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    const shown = lines(readFileSync(`${folder}/${file}`));
    const numeric = text
      .split(/[\r\n]+/)
      .map((line) => line.split('|'))
      .filter((fields) => fields[0] === 'OBX' && fields[2] === 'NM' && fields[5]);
    for (const fields of numeric) {
      const [unit = ''] = (fields[6] ?? '').split('^');
      expect(
        shown.filter((line) => line.includes(` ${fields[5]!.split('~')[0]}`) && line.includes(unit)).length,
      ).toBeGreaterThan(0);
    }
    expect(shown.length).toBeGreaterThan(5);
  });
});
