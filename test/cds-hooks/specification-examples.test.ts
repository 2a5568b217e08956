import { afterEach, describe, expect, test } from '@jest/globals';
import { jwtAuthentication } from '../../src/cds-hooks/jwt.ts';
import { createMemoryReplayStore } from '../../src/cds-hooks/replay/memory.ts';
import type { HookCall } from '../../src/cds-hooks/service.ts';
import { brokenRules } from '../support/conformance.ts';
import { registration } from '../support/ehr-keys.ts';
import { type Front, fixture, openFront, patientView, service, summary } from './front.ts';

let front: Front;
let calls: HookCall[];
afterEach(() => front?.close());

async function open() {
  calls = [];
  const record = (call: HookCall) => {
    calls.push(call);
    return { summaries: [summary()] };
  };
  front = await openFront(
    ['lab-report-results', 'order-select-advice', 'order-sign-advice'].map((id) => service(id, record)),
  );
}

const sign = (context: object) => ({ hook: 'order-sign', hookInstance: crypto.randomUUID(), context });
const labs = '/cds-services/lab-report-results';
const signing = '/cds-services/order-sign-advice';

describe('the specification’s own examples as requests', () => {
  test.each<[string, string, () => object]>([
    ['2.0.1: patient-view', labs, () => fixture('patient-view-2.0')],
    ['3.0: patient-view with SMART v2 scopes', labs, () => fixture('patient-view-3.0')],
    ['library: order-select', '/cds-services/order-select-advice', () => fixture('order-select')],
    ['library: order-sign', signing, () => fixture('order-sign')],
    ['3.0: order-sign with a page of a prefetch', signing, () => fixture('order-sign-paged-3.0')],
    ['3.0: order-sign with ids of 200 characters', signing, () => sign(fixture('order-sign-context-3.0'))],
    [
      'library: patient-view context',
      labs,
      () => patientView({ context: { userId: 'PractitionerRole/123', patientId: '1288992' } }),
    ],
    [
      'library: patient-view context with encounter',
      labs,
      () => patientView({ context: { userId: 'Practitioner/abc', patientId: '1288992', encounterId: '456' } }),
    ],
  ])('R1 P10: %s', async (_name, path, example) => {
    await open();
    const { status, body } = await front.post(path, example());
    expect(status).toBe(200);
    expect(calls).toHaveLength(1);
    expect(brokenRules(body)).toEqual([]);
  });

  test('P11 P9: the extension example lacks a patientId; with one it is taken', async () => {
    await open();
    const example = fixture('patient-view-extension');
    const refused = await front.post(labs, example);
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([400, 'context-invalid']);
    const taken = await front.post(labs, { ...example, context: { ...example.context, patientId: '1' } });
    expect(taken.status).toBe(200);
    expect(JSON.stringify(calls)).not.toContain('gastroenterology');
  });

  test('P10: what is optional in fhirAuthorization to real clients is optional here', async () => {
    await open();
    const { fhirAuthorization, ...rest } = fixture('patient-view-2.0');
    for (const given of [
      { access_token: 'x' },
      { ...fhirAuthorization, expires_in: '300' },
      { ...fhirAuthorization, scope: 'EPIC.FHIR.R4.Patient.Read launch', token_type: 'bearer' },
    ]) {
      expect((await front.post(labs, { ...rest, fhirAuthorization: given })).status).toBe(200);
    }
    for (const given of [
      { ...fhirAuthorization, access_token: '' },
      { ...fhirAuthorization, token_type: 'mac' },
      'token',
      [],
    ]) {
      expect((await front.post(labs, { ...rest, fhirAuthorization: given })).status).toBe(400);
    }
  });
});

describe('the specification’s JWT example', () => {
  const { jwks, authorization } = fixture('jwt');
  const endpoint = 'https://cds.example.org/cds-services/some-service';
  const at = (maxTokenSeconds: number, clock: () => number) =>
    jwtAuthentication({
      registrations: [
        registration({
          issuer: 'https://fhir-ehr.example.com/',
          jwks,
          jku: ['https://fhir-ehr.example.com/jwk_uri'],
          tenants: ['2ddd6c3a-8e9a-44c6-a305-52111ad302a2'],
          maxTokenSeconds,
        }),
      ],
      replay: createMemoryReplayStore({ clock }),
      clock,
    })({ method: 'POST', endpoint, authorization });

  test('J11 J17: signature, issuer, audience, jku and tenant are as it says', async () => {
    const fourYears = 4 * 366 * 86_400;
    expect(await at(fourYears, () => 1_400_000_000_000)).toMatchObject({
      id: 'ehr',
      authenticated: true,
      tenant: '2ddd6c3a-8e9a-44c6-a305-52111ad302a2',
    });
  });

  test('J12: but a life of three and a half years is too long, and it ended in 2015', async () => {
    await expect(at(3600, () => 1_400_000_000_000)).rejects.toMatchObject({ cause: { reason: 'time' } });
    await expect(at(3600, Date.now)).rejects.toMatchObject({ cause: { reason: 'time' } });
  });
});
