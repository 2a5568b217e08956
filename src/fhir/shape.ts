import type { Resource } from '@medplum/fhirtypes';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/**
 * The outline of what is read from charts: where FHIR R4 has a list, an object, a text or a number, for the elements that
 * this service looks at. Not validation: values may be anything. Other people's servers and clients send what they like,
 * and one resource of the wrong shape must not hide the rest of a chart.
 */
const text = { type: 'string' } as const;
const number = { type: 'number' } as const;
const list = (items: object) => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, object>>) => ({ type: 'object', properties });
const texts = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, text]));

const coding = object(texts('system', 'code', 'display'));
const concept = object({ coding: list(coding), text });
const reference = object(texts('reference', 'display', 'type'));
const quantity = object({ value: number, ...texts('comparator', 'unit', 'system', 'code') });
const range = object({ low: quantity, high: quantity });
const period = object(texts('start', 'end'));
const attachment = object(texts('contentType', 'data', 'url', 'title', 'hash', 'creation'));
const identifier = object({ ...texts('system', 'value'), type: concept });
const note = object({ text, time: text });
const extension = object({ url: text });

const common = {
  id: text,
  meta: object({
    ...texts('versionId', 'lastUpdated'),
    security: list(coding),
    tag: list(coding),
    profile: list(text),
  }),
  identifier: list(identifier),
  extension: list(extension),
  modifierExtension: list(extension),
  contained: list({ type: 'object' }),
  status: text,
  subject: reference,
};

const value = {
  valueQuantity: quantity,
  valueCodeableConcept: concept,
  valueString: text,
  valueInteger: number,
  valueBoolean: { type: 'boolean' },
  valueRange: range,
  valueRatio: object({ numerator: quantity, denominator: quantity }),
  valueDateTime: text,
  dataAbsentReason: concept,
  interpretation: list(concept),
  referenceRange: list(object({ low: quantity, high: quantity, text, type: concept, appliesTo: list(concept) })),
};

const effective = { effectiveDateTime: text, effectiveInstant: text, effectivePeriod: period, issued: text };

const outlines: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  Patient: {
    birthDate: text,
    gender: text,
    deceasedDateTime: text,
    name: list(object({ ...texts('family', 'text', 'use'), given: list(text), prefix: list(text) })),
  },
  Observation: {
    ...effective,
    ...value,
    category: list(concept),
    code: concept,
    bodySite: concept,
    method: concept,
    specimen: reference,
    device: reference,
    note: list(note),
    component: list(object({ code: concept, ...value })),
    hasMember: list(reference),
    derivedFrom: list(reference),
  },
  DiagnosticReport: {
    ...effective,
    category: list(concept),
    code: concept,
    conclusion: text,
    conclusionCode: list(concept),
    presentedForm: list(attachment),
    result: list(reference),
    imagingStudy: list(reference),
    performer: list(reference),
  },
  DocumentReference: {
    ...texts('docStatus', 'date', 'description'),
    type: concept,
    category: list(concept),
    content: list(object({ attachment, format: coding })),
    context: object({ related: list(reference), encounter: list(reference), period }),
  },
  ImagingStudy: {
    ...texts('started', 'description'),
    modality: list(coding),
    procedureCode: list(concept),
    reasonCode: list(concept),
    endpoint: list(reference),
    series: list(
      object({
        ...texts('uid', 'description', 'started'),
        modality: coding,
        bodySite: coding,
        laterality: coding,
        endpoint: list(reference),
        instance: list(object({ uid: text, sopClass: coding, number, title: text })),
      }),
    ),
  },
  ServiceRequest: {
    ...texts('intent', 'priority', 'authoredOn', 'occurrenceDateTime'),
    occurrencePeriod: period,
    category: list(concept),
    code: concept,
    orderDetail: list(concept),
    reasonCode: list(concept),
    bodySite: list(concept),
    encounter: reference,
    requester: reference,
    note: list(note),
  },
};

const ajv = new Ajv2020({ strict: true, allErrors: false, ownProperties: true });
const checks: ReadonlyMap<string, ValidateFunction> = new Map(
  Object.entries(outlines).map(([type, own]) => [type, ajv.compile(object({ ...common, ...own }))]),
);

/** Whether lists are lists and texts are texts; true for types that are not looked into. */
export function hasShape(resource: Resource): boolean {
  return checks.get(resource.resourceType)?.(resource) ?? true;
}
