import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import type { FhirClient } from '../../src/fhir/client.ts';
import { aiAsserted, identifierSystem } from '../../src/fhir/codes.ts';
import { taskOfJob } from '../../src/fhir/job-task.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { patientsOf } from '../../src/subscriptions/patients-of.ts';

let servers: readonly FhirServer[];
let source: FhirClient;
let store: FhirClient;
const world = () => ({ source, store, form: referenceForm({ source: source.base, store: store.base }) });

beforeEach(() => {
  servers = ['source', 'store'].map((name) => createFhirServer({ base: `http://${name}.example/fhir` }));
  const [first, second] = servers as [FhirServer, FhirServer];
  source = createFhirClient({ base: first.base, fetch: first.fetch as never });
  store = createFhirClient({ base: second.base, fetch: second.fetch as never });
});
afterEach(() => {
  for (const one of servers) one.close();
});

const report = (id: string, over: Partial<DiagnosticReport> = {}): DiagnosticReport & { id: string } => ({
  resourceType: 'DiagnosticReport',
  id,
  status: 'final',
  code: { text: 'Synthetic' },
  subject: { reference: 'Patient/a' },
  ...over,
});
const readBefore = (reference: string, patient: string) =>
  store.create(
    taskOfJob(
      {
        key: `${patient}-${reference}`,
        analysis: 'lab-report',
        reader: 'embedded',
        patient: `${source.base}/Patient/${patient}`,
        subject: { reference: `${source.base}/${reference}`, version: '1' },
        companions: [],
      },
      '2026-03-02T08:00:00Z',
    ),
  );

describe('whose chart a notification concerns', () => {
  test('the patient whom the source names, in either form', async () => {
    await source.update(report('1'));
    await source.update(report('2', { subject: { reference: `${source.base}/Patient/b` } }));
    expect(await patientsOf('DiagnosticReport/1', world())).toEqual(['a']);
    expect(await patientsOf('DiagnosticReport/2', world())).toEqual(['b']);
  });

  test('one who had it when it was read, when it is gone or another’s', async () => {
    await readBefore('DiagnosticReport/gone', 'c');
    expect(await patientsOf('DiagnosticReport/gone', world())).toEqual(['c']);
    await source.update(report('moved', { subject: { reference: 'Patient/right' } }));
    await readBefore('DiagnosticReport/moved', 'wrong');
    expect((await patientsOf('DiagnosticReport/moved', world())).toSorted()).toEqual(['right', 'wrong']);
  });

  test('nobody for what is unknown, names no patient, lies elsewhere, or is ours', async () => {
    await source.update(report('none', { subject: undefined }));
    await source.update(report('group', { subject: { reference: 'Group/1' } }));
    await source.update(report('else', { subject: { reference: 'https://other.example/Patient/a' } }));
    await source.update(
      report('ours', {
        meta: { security: [aiAsserted] },
        identifier: [{ system: identifierSystem.result, value: 'lab-report:x:report' }],
      }),
    );
    for (const id of ['unknown', 'none', 'group', 'else', 'ours']) {
      expect([id, await patientsOf(`DiagnosticReport/${id}`, world())]).toEqual([id, []]);
    }
  });

  test('entered in error still concerns its patient; a server that fails is no answer', async () => {
    await source.update(report('wrong', { status: 'entered-in-error' }));
    expect(await patientsOf('DiagnosticReport/wrong', world())).toEqual(['a']);
    const down = createFhirClient({ base: source.base, fetch: () => Promise.reject(new TypeError('down')) });
    await expect(patientsOf('DiagnosticReport/wrong', { ...world(), source: down })).rejects.toMatchObject({
      kind: 'upstream',
    });
  });
});
