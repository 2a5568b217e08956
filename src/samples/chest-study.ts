import type { CodeableConcept, DocumentReference, ImagingStudy } from '@medplum/fhirtypes';
import { codeSystem } from '../fhir/codes.ts';
import type { Moment } from './calendar.ts';
import type { Person } from './person.ts';
import { synthetic } from './synthetic.ts';

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
