import type { DiagnosticReport, Patient } from '@medplum/fhirtypes';
import { codeSystem } from '../../src/fhir/codes.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { NOTICE } from '../../src/samples/lab-document.ts';
import { type Person, patient } from '../../src/samples/person.ts';
import { synthetic } from '../../src/samples/synthetic.ts';

/** Rows of every report: what a reading of it must hold, no more and no less. */
export const ROWS = 4;

/** Invented patients, each with so many reports of four rows that came as plain text. */
export function invent(patients: number, each: number): readonly (Patient | DiagnosticReport)[] {
  return Array.from({ length: patients }, (_, at) => at).flatMap((at) => {
    const person: Person = {
      id: `invented-${at}`,
      given: ['Emil', 'Gus', 'Ida', 'Nora', 'Otto'][at % 5] as string,
      family: `Example${letters(at)}`,
      birthDate: `19${40 + (at % 50)}-0${1 + (at % 9)}-1${at % 9}`,
      sex: at % 2 === 0 ? 'M' : 'F',
      mrn: `MRN-${100_000 + at}`,
    };
    const reports = Array.from({ length: each }, (_, number) => report(person, at, number));
    return [patient(person, { title: 'Load', shows: 'Reports for a measurement.' }), ...reports];
  });
}

function report(person: Person, at: number, number: number): DiagnosticReport {
  const day = `2026-0${1 + (number % 9)}-1${number % 9}`;
  const spread = (base: number, step: number, digits: number) =>
    (base + step * ((at * 7 + number * 13) % 10)).toFixed(digits);
  const text = [
    `Example Laboratory (invented)                ${NOTICE}`,
    `Patient: ${person.family}, ${person.given}                DOB: ${person.birthDate}`,
    `Collected: ${day}`,
    '',
    'Test                 Result        Units     Reference Range   Flag',
    `Sodium               ${spread(136, 0.8, 0)}           mmol/L    136 - 145`,
    `Potassium            ${spread(3.6, 0.1, 1)}           mmol/L    3.5 - 5.1`,
    `C-Reactive Protein   ${spread(5.5, 3, 1)}           mg/L      <5.0              H`,
    `Glucose              ${spread(71, 2, 0)}            mg/dL     70 - 99`,
    '',
  ].join('\n');
  return synthetic<DiagnosticReport>(
    {
      resourceType: 'DiagnosticReport',
      id: `${person.id}-${number}`,
      status: 'final',
      category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB' }] }],
      code: { coding: [{ system: codeSystem.loinc, code: '11502-2' }], text: 'Outside laboratory report' },
      subject: { reference: `Patient/${person.id}` },
      effectiveDateTime: day,
      issued: `${day}T13:05:00Z`,
      presentedForm: [
        { contentType: 'text/plain', title: 'Outside laboratory report', data: Buffer.from(text).toString('base64') },
      ],
    },
    'Invented laboratory report.',
  );
}

function letters(at: number): string {
  return [at % 26, Math.floor(at / 26) % 26].map((one) => String.fromCharCode(97 + one)).join('');
}

/** Writes them into the file of an embedded server that nobody has open. */
export async function fill(file: string, base: string, resources: readonly (Patient | DiagnosticReport)[]) {
  const server = createFhirServer({ base, file });
  try {
    for (const resource of resources) {
      const answer = await server.fetch(`${base}/${resource.resourceType}/${resource.id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify(resource),
      });
      if (!answer.ok) {
        throw new Error(`The embedded server refused a ${resource.resourceType} with ${answer.status}.`);
      }
    }
  } finally {
    server.close();
  }
}
