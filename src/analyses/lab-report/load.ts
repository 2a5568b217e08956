import type { DiagnosticReport, DocumentReference, Patient } from '@medplum/fhirtypes';
import type { Documents } from '../../documents/documents.ts';
import { asIntervalError, IntervalError } from '../../errors.ts';
import { type Abstention, abstain, type Candidate, type LoadWorld } from '../analysis.ts';
import { attachmentOf } from './candidates.ts';
import type { LabInput } from './input.ts';

/** Reads the subject again, fetches its attachment and opens it. */
export async function load(
  documents: Pick<Documents, 'open'>,
  candidate: Candidate,
  patient: Patient,
  world: LoadWorld,
): Promise<LabInput | Abstention> {
  const { source, signal } = world;
  const [type, id] = candidate.subject.reference.split('/').slice(-2) as [
    'DiagnosticReport' | 'DocumentReference',
    string,
  ];
  let resource: DiagnosticReport | DocumentReference;
  try {
    resource = await source.read<DiagnosticReport | DocumentReference>(type, id, { signal });
  } catch (error) {
    if (['fhir-not-found', 'fhir-gone'].includes(asIntervalError(error).code)) {
      return abstain('subject-gone', 'The document is no longer there.');
    }
    throw error;
  }
  if ((resource.meta?.versionId ?? '0') !== candidate.subject.version) {
    return abstain('subject-changed', 'The document has changed since its reading was asked for.');
  }
  if (!ofPatient(resource.subject?.reference, patient)) {
    return abstain('patient-mismatch', 'The document is filed under another patient.');
  }
  const attachment = attachmentOf(resource);
  if (!attachment) {
    throw new IntervalError('attachment-missing', 'The document holds no attachment that can be read.');
  }
  const { bytes, contentType } = attachment.data
    ? { bytes: new Uint8Array(Buffer.from(attachment.data, 'base64')), contentType: attachment.contentType }
    : await source.binary(attachment.url!, { signal });
  const document = await documents.open(bytes, { contentType: attachment.contentType ?? contentType, signal });
  return {
    document,
    patient,
    ...(type === 'DocumentReference' ? { documentReference: candidate.subject.reference } : {}),
    ...(attachment.title ? { title: attachment.title } : {}),
  };
}

function ofPatient(reference: string | undefined, patient: Patient): boolean {
  return reference === undefined || patient.id === undefined || reference.split('/').at(-1) === patient.id;
}
