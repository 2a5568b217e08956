import type {
  CodeableConcept,
  DiagnosticReport,
  DocumentReference,
  ImagingStudy,
  Observation,
  Patient,
  Resource,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { CANONICAL, codeSystem } from '../fhir/codes.ts';
import type { Calendar, Moment } from './calendar.ts';
import type { LabDocument, LabPanel } from './lab-document.ts';

/** Identifier of every sample resource, for servers that let no client choose ids. */
export const SAMPLE_SYSTEM = `${CANONICAL}/sample`;
/** Extension on a sample Patient: `title` and `shows`, each a string. */
export const SAMPLE_PURPOSE = `${CANONICAL}/StructureDefinition/sample-purpose`;
export const MRN_SYSTEM = 'https://ehr.example.org/mrn';
export const PRACTITIONER = 'Practitioner/sample-practitioner';
const NOTICE = 'Synthetic sample made by Interval for demonstration. Not a real person, not a real result.';

/** Marks a resource as test data: tag HTEST, a sentence in its narrative, and an identifier of its own. */
function synthetic<T extends Resource>(resource: T & { id: string }, sentence: string): T {
  return {
    ...resource,
    meta: {
      tag: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
          code: 'HTEST',
          display: 'test health data',
        },
      ],
    },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${sentence} ${NOTICE}</div>`,
    },
    identifier: [
      { system: SAMPLE_SYSTEM, value: resource.id },
      ...('identifier' in resource ? (resource.identifier as object[]) : []),
    ],
  } as T;
}

export interface Person {
  readonly id: string;
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly sex: 'F' | 'M';
  readonly mrn: string;
}

/** `words` travel with the Patient, so that whoever lists the sample patients can say what each shows. */
export function patient(person: Person, words: { readonly title: string; readonly shows: string }): Patient {
  return synthetic<Patient>(
    {
      resourceType: 'Patient',
      id: person.id,
      identifier: [
        {
          type: {
            coding: [
              { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR', display: 'Medical record number' },
            ],
          },
          system: MRN_SYSTEM,
          value: person.mrn,
        },
      ],
      extension: [
        {
          url: SAMPLE_PURPOSE,
          extension: [
            { url: 'title', valueString: words.title },
            { url: 'shows', valueString: words.shows },
          ],
        },
      ],
      active: true,
      name: [{ use: 'official', family: person.family, given: [person.given] }],
      gender: person.sex === 'F' ? 'female' : 'male',
      birthDate: person.birthDate,
    },
    'Invented patient.',
  );
}

export function practitioner(): Resource {
  return synthetic(
    {
      resourceType: 'Practitioner',
      id: PRACTITIONER.split('/')[1]!,
      active: true,
      name: [{ use: 'official', family: 'Inventor', given: ['Sampla'], prefix: ['Dr.'] }],
    } as Resource & { id: string },
    'Invented clinician.',
  );
}

/** A result that the chart already holds as data. */
export function chartResult(
  of: Person,
  id: string,
  at: Moment,
  result: { loinc: string; text: string; value: number; unit: string; ucum: string; low?: number; high?: number },
): Observation {
  const quantity = (value: number) => ({ value, unit: result.unit, system: codeSystem.ucum, code: result.ucum });
  return synthetic<Observation>(
    {
      resourceType: 'Observation',
      id: `${of.id}-${id}`,
      status: 'final',
      category: [{ coding: [{ system: codeSystem.observationCategory, code: 'laboratory', display: 'Laboratory' }] }],
      code: { coding: [{ system: codeSystem.loinc, code: result.loinc }], text: result.text },
      subject: { reference: `Patient/${of.id}` },
      effectiveDateTime: at.dateTime,
      issued: at.dateTime,
      performer: [{ display: 'Hospital laboratory (invented)' }],
      valueQuantity: quantity(result.value),
      ...(result.low === undefined && result.high === undefined
        ? {}
        : {
            referenceRange: [
              {
                ...(result.low === undefined ? {} : { low: quantity(result.low) }),
                ...(result.high === undefined ? {} : { high: quantity(result.high) }),
              },
            ],
          }),
    },
    'Invented laboratory result.',
  );
}

interface Attached {
  readonly contentType: string;
  readonly title: string;
  /** Id of a Binary, or the bytes themselves, which then travel inside the resource. */
  readonly binary?: string;
  readonly bytes?: Uint8Array;
}

function attachment(of: Attached, created: Moment) {
  return {
    contentType: of.contentType,
    title: of.title,
    creation: created.dateTime,
    ...(of.binary ? { url: `Binary/${of.binary}` } : {}),
    ...(of.bytes ? { data: Buffer.from(of.bytes).toString('base64'), size: of.bytes.length } : {}),
  };
}

/** A laboratory report that came from outside as a document. */
export function labDocumentReference(of: Person, id: string, at: Moment, attached: Attached): DocumentReference {
  return synthetic<DocumentReference>(
    {
      resourceType: 'DocumentReference',
      id: `${of.id}-${id}`,
      status: 'current',
      docStatus: 'final',
      type: {
        coding: [{ system: codeSystem.loinc, code: '11502-2', display: 'Laboratory report' }],
        text: 'Laboratory report',
      },
      category: [
        {
          coding: [
            {
              system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
              code: 'clinical-note',
              display: 'Clinical Note',
            },
          ],
        },
      ],
      subject: { reference: `Patient/${of.id}` },
      date: at.dateTime,
      description: attached.title,
      content: [{ attachment: attachment(attached, at) }],
    },
    'Invented laboratory report.',
  );
}

/** A laboratory report whose results came as a presented form only. */
export function labDiagnosticReport(
  of: Person,
  id: string,
  document: LabDocument,
  attached: Attached,
): DiagnosticReport {
  return synthetic<DiagnosticReport>(
    {
      resourceType: 'DiagnosticReport',
      id: `${of.id}-${id}`,
      status: 'final',
      category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB', display: 'Laboratory' }] }],
      code: {
        coding: [{ system: codeSystem.loinc, code: '11502-2', display: 'Laboratory report' }],
        text: attached.title,
      },
      subject: { reference: `Patient/${of.id}` },
      effectiveDateTime: document.collected.dateTime,
      issued: document.reported.dateTime,
      performer: [{ display: document.lab.name }],
      presentedForm: [attachment(attached, document.reported)],
    },
    'Invented laboratory report.',
  );
}

export interface StudyUids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

export interface StudyFacts {
  readonly id: string;
  readonly at: Moment;
  readonly uids: StudyUids;
  /** Id of the Binary with the DICOM file. */
  readonly binary: string;
  readonly view: 'PA' | 'AP' | 'LL';
}

/** A one-image chest study, and the document that carries its DICOM file. */
export function chestStudy(of: Person, facts: StudyFacts): readonly [ImagingStudy, DocumentReference] {
  const description = { PA: 'Chest, PA', AP: 'Chest, AP', LL: 'Chest, left lateral' }[facts.view];
  const study = synthetic<ImagingStudy>(
    {
      resourceType: 'ImagingStudy',
      id: `${of.id}-${facts.id}`,
      identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${facts.uids.study}` }],
      status: 'available',
      modality: [{ system: codeSystem.dicom, code: 'DX', display: 'Digital Radiography' }],
      subject: { reference: `Patient/${of.id}` },
      started: facts.at.dateTime,
      numberOfSeries: 1,
      numberOfInstances: 1,
      procedureCode: [chestXray],
      description,
      series: [
        {
          uid: facts.uids.series,
          number: 1,
          modality: { system: codeSystem.dicom, code: 'DX', display: 'Digital Radiography' },
          description,
          numberOfInstances: 1,
          bodySite: { system: codeSystem.snomed, code: '51185008', display: 'Thoracic structure' },
          started: facts.at.dateTime,
          instance: [
            {
              uid: facts.uids.instance,
              sopClass: { system: 'urn:ietf:rfc:3986', code: 'urn:oid:1.2.840.10008.5.1.4.1.1.1.1' },
              number: 1,
            },
          ],
        },
      ],
    },
    'Simulated chest radiograph.',
  );
  const file = synthetic<DocumentReference>(
    {
      resourceType: 'DocumentReference',
      id: `${of.id}-${facts.id}-dicom`,
      status: 'current',
      type: { text: 'DICOM image' },
      subject: { reference: `Patient/${of.id}` },
      date: facts.at.dateTime,
      description: `${description}, DICOM file`,
      content: [
        {
          attachment: {
            contentType: 'application/dicom',
            title: description,
            url: `Binary/${facts.binary}`,
            creation: facts.at.dateTime,
          },
        },
      ],
      context: { related: [{ reference: `ImagingStudy/${study.id}` }] },
    },
    'Simulated chest radiograph.',
  );
  return [study, file];
}

const chestXray: CodeableConcept = {
  coding: [{ system: codeSystem.loinc, code: '30745-4', display: 'XR Chest Views' }],
  text: 'Chest X-ray',
};

/** What a clinician has drafted and not signed. */
export function draftOrder(
  of: Person,
  id: string,
  at: Moment,
  order: { code: CodeableConcept; category: 'laboratory' | 'imaging'; reason: string },
): ServiceRequest {
  const category =
    order.category === 'laboratory'
      ? { code: '108252007', display: 'Laboratory procedure' }
      : { code: '363679005', display: 'Imaging' };
  return synthetic<ServiceRequest>(
    {
      resourceType: 'ServiceRequest',
      id: `${of.id}-${id}`,
      status: 'draft',
      intent: 'order',
      category: [{ coding: [{ system: codeSystem.snomed, ...category }], text: category.display }],
      code: order.code,
      subject: { reference: `Patient/${of.id}` },
      authoredOn: at.dateTime,
      requester: { reference: PRACTITIONER },
      reasonCode: [{ text: order.reason }],
    },
    'Invented order.',
  );
}

/** The printed report of a person: collected so many days ago, received and reported the same day. */
export function labDocument(
  of: Person,
  calendar: Calendar,
  report: {
    readonly lab: LabDocument['lab'];
    readonly daysAgo: number;
    readonly accession: string;
    readonly orderedBy: string;
    readonly previousDaysAgo?: number;
    readonly panels: readonly LabPanel[];
  },
): LabDocument {
  return {
    lab: report.lab,
    patient: of,
    collected: calendar.daysAgo(report.daysAgo, '07:40'),
    received: calendar.daysAgo(report.daysAgo, '09:15'),
    reported: calendar.daysAgo(report.daysAgo, '13:05'),
    ...(report.previousDaysAgo === undefined ? {} : { previous: calendar.daysAgo(report.previousDaysAgo, '08:00') }),
    accession: report.accession,
    orderedBy: report.orderedBy,
    panels: report.panels,
  };
}
