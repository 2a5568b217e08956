import { boldMark } from '../../../src/documents/text/grid.ts';

/** Synthetic documents: no patient's data. */

/** Lines as a reader sees them, with * in front of bold words. */
export const seen = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replaceAll(boldMark, '*').trimEnd()).filter((line) => line !== '');

export const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'utf8'));

/** The stable code of what is thrown. */
export function codeOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

export const msh = 'MSH|^~\\&|LIS|Nowhere Laboratory|EHR|Clinic|20250301120000||ORU^R01^ORU_R01|1|P|2.5.1';
export const pid = 'PID|1||12345^^^Nowhere^MR||Sample^Ada^B||19500131|F';
export const obr = 'OBR|1|A1|B1|24323-8^Comprehensive metabolic panel^LN|||20250301083000|||||||20250301091500';

/** A result message of these segments below patient and order. */
export const oru = (...segments: readonly string[]): Uint8Array => bytes([msh, pid, obr, ...segments].join('\r'));

export interface CodedResult {
  readonly code: string;
  readonly value: string;
  readonly more?: string;
  readonly status?: string;
}

export const observation = ({ code, value, more = '', status = 'completed' }: CodedResult): string => `
  <observation classCode="OBS" moodCode="EVN">${code}<statusCode code="${status}"/>
    <effectiveTime value="202503010830+0100"/>${value}${more}</observation>`;

/** A CDA document with one results section: its narrative and its entries. */
export const cda = (narrative: string, entries: string): string => `<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <title>Synthetic results</title><effectiveTime value="20250302"/>
  <recordTarget><patientRole><id root="1.2.3" extension="12345"/><patient>
    <name><given>Ada</given><family>Sample</family></name><administrativeGenderCode code="F"/><birthTime value="19500131"/>
  </patient></patientRole></recordTarget>
  <component><structuredBody><component><section>
    <templateId root="2.16.840.1.113883.10.20.22.2.3.1" extension="2015-08-01"/>
    <title>Results</title><text>${narrative}</text>${entries}
  </section></component></structuredBody></component>
</ClinicalDocument>`;

export const organizer = (
  ...observations: readonly string[]
): string => `<entry><organizer classCode="BATTERY" moodCode="EVN">
  <code code="1" displayName="Chemistry panel"/><statusCode code="completed"/>
  ${observations.map((one) => `<component>${one}</component>`).join('')}</organizer></entry>`;
