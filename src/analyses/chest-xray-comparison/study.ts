import type { ImagingStudy } from '@medplum/fhirtypes';

/** Version of a resource as the job key has it. */
export function versionOf(resource: {
  readonly meta?: { readonly versionId?: string; readonly lastUpdated?: string };
}) {
  return resource.meta?.versionId ?? resource.meta?.lastUpdated ?? 'unversioned';
}

/** Study Instance UID; absent when the chart does not say it. */
export function studyUid(study: ImagingStudy): string | undefined {
  const value = study.identifier?.find(({ system }) => system === 'urn:dicom:uid')?.value;
  return value?.replace(/^urn:oid:/, '');
}
