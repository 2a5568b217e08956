import type { ImagingStudy } from '@medplum/fhirtypes';

/** Study Instance UID; absent when the chart does not say it. */
export function studyUid(study: ImagingStudy): string | undefined {
  const value = study.identifier?.find(({ system }) => system === 'urn:dicom:uid')?.value;
  return value?.replace(/^urn:oid:/, '');
}
