import { describe, expect, test } from '@jest/globals';
import type { Endpoint, ImagingStudy } from '@medplum/fhirtypes';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { fetchStudies, studyEndpoints } from '../../src/fhir/studies.ts';
import { smallServer } from './small-server.ts';

const server = smallServer();
const client = createFhirClient({ base: server.base, fetch: server.fetch });
const endpoint = (id: string, change: Partial<Endpoint> = {}): Endpoint & { id: string } => ({
  resourceType: 'Endpoint',
  id,
  status: 'active',
  connectionType: { code: 'dicom-wado-rs' },
  payloadType: [{ text: 'DICOM' }],
  address: `https://pacs.test/${id}`,
  ...change,
});
for (const one of [
  endpoint('study'),
  endpoint('series'),
  endpoint('off', { status: 'off' }),
  endpoint('viewer', { connectionType: { code: 'ihe-iid' } }),
]) {
  server.put(one);
}
const study: ImagingStudy = {
  resourceType: 'ImagingStudy',
  status: 'available',
  subject: { reference: 'Patient/synthetic-1' },
  endpoint: ['study', 'off', 'gone'].map((id) => ({ reference: `Endpoint/${id}` })),
  series: [
    {
      uid: '2.25.1',
      modality: { code: 'DX' },
      endpoint: [{ reference: 'Endpoint/series' }, { reference: 'Endpoint/viewer' }],
    },
  ],
};

describe('studies', () => {
  test('endpoints: active WADO-RS of the study, then of its series; missing ones are passed over', async () => {
    expect((await studyEndpoints(client, study)).map((one) => one.id)).toEqual(['study', 'series']);
  });

  test('an endpoint on another server is not asked for; a contained one counts', async () => {
    const foreign: ImagingStudy = {
      ...study,
      contained: [endpoint('inside')],
      endpoint: [{ reference: 'https://other.test/fhir/Endpoint/study' }, { reference: '#inside' }],
      series: [],
    };
    const asked = server.log.length;
    expect((await studyEndpoints(client, foreign)).map((one) => one.id)).toEqual(['inside']);
    expect(server.log).toHaveLength(asked);
  });

  test('cancelled studies and those entered in error are left out', async () => {
    for (const status of ['available', 'cancelled', 'entered-in-error'] as const) {
      server.put({ ...study, id: `study-${status}`, status });
    }
    expect((await fetchStudies(client, 'synthetic-1')).map((one) => one.id)).toEqual(['study-available']);
  });
});
