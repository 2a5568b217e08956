import type { Endpoint, ImagingStudy } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient } from './client.ts';
import { unlessMissing } from './missing.ts';
import { parseReference } from './references.ts';

/**
 * A patient's imaging studies, newest first. Modality and body part are not asked of the server: it searches them in
 * `series` only, so that a study without series would be missed. Studies entered in error or cancelled are left out.
 */
export async function fetchStudies(
  client: FhirClient,
  patient: string,
  options: CallOptions & { readonly max?: number } = {},
): Promise<readonly ImagingStudy[]> {
  const { max = 100, ...call } = options;
  const studies = await client.search<ImagingStudy>(
    'ImagingStudy',
    { patient, _sort: '-started', _count: String(Math.min(max, 100)) },
    { ...call, maxResources: max },
  );
  return studies.filter(
    (study) =>
      study.resourceType === 'ImagingStudy' && study.status !== 'entered-in-error' && study.status !== 'cancelled',
  );
}

/** Active DICOMweb (WADO-RS) endpoints of a study: its own first, then those of its series. */
export async function studyEndpoints(
  client: FhirClient,
  study: ImagingStudy,
  options: CallOptions = {},
): Promise<readonly Endpoint[]> {
  const references = [...(study.endpoint ?? []), ...(study.series ?? []).flatMap((series) => series.endpoint ?? [])];
  const ids = new Set<string>();
  for (const { reference } of references) {
    const parsed = parseReference(reference);
    if (parsed?.type === 'Endpoint' && (parsed.base === undefined || parsed.base === client.base)) {
      ids.add(parsed.id);
    }
  }
  const endpoints = await Promise.all(
    [...ids].slice(0, 5).map((id) => unlessMissing(client.read<Endpoint>('Endpoint', id, options))),
  );
  const contained = (study.contained ?? []).filter((one) => one.resourceType === 'Endpoint');
  return [...contained, ...endpoints].filter(
    (endpoint): endpoint is Endpoint =>
      endpoint?.status === 'active' && endpoint.connectionType?.code === 'dicom-wado-rs' && !!endpoint.address,
  );
}
