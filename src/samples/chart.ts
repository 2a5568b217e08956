import type {
  CodeableConcept,
  DiagnosticReport,
  DocumentReference,
  Observation,
  ServiceRequest,
} from '@medplum/fhirtypes';
import { codeSystem } from '../fhir/codes.ts';
import type { Moment } from './calendar.ts';
import type { LabDocument } from './lab-document.ts';
import { type Person, PRACTITIONER } from './person.ts';
import { synthetic } from './synthetic.ts';

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
