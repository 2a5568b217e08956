import type { Patient, Resource } from '@medplum/fhirtypes';
import { CANONICAL } from '../fhir/codes.ts';
import { synthetic } from './synthetic.ts';

/** Extension on a sample Patient: `title` and `shows`, each a string. */
const SAMPLE_PURPOSE = `${CANONICAL}/StructureDefinition/sample-purpose`;
const MRN_SYSTEM = 'https://ehr.example.org/mrn';
export const PRACTITIONER = 'Practitioner/sample-practitioner';

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
