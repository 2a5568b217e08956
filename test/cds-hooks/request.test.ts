import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HookCall } from '../../src/cds-hooks/service.ts';
import { type Front, fixture, openFront, patientView, service } from './front.ts';

let front: Front;
let calls: HookCall[];
const record = (call: HookCall) => {
  calls.push(call);
  return { summaries: [] };
};

beforeAll(async () => {
  front = await openFront([
    service('lab-report-results', record),
    service('order-select-advice', record),
    service('order-sign-advice', record),
  ]);
});
beforeEach(() => {
  calls = [];
});
afterAll(() => front.close());

const labs = '/cds-services/lab-report-results';

describe('requests that are accepted', () => {
  test.each([
    ['patient-view-2.0', labs],
    ['patient-view-3.0', labs],
    ['order-select', '/cds-services/order-select-advice'],
    ['order-sign', '/cds-services/order-sign-advice'],
  ])("the specification's example %s", async (name, path) => {
    const reply = await front.post(path, fixture(name));
    expect(reply.status).toBe(200);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.context.patientId).toBe('1288992');
  });

  test('P10: draft orders as the sandbox and PAMA send them', async () => {
    const draftOrders = {
      resourceType: 'Bundle',
      entry: [
        { resource: { resourceType: 'MedicationRequest', id: 'a', status: 'draft' } },
        {
          resource: {
            resourceType: 'ServiceRequest',
            id: 'b',
            code: { coding: [{}] },
            reasonCode: [],
            category: { coding: [] },
          },
        },
        {},
      ],
    };
    const reply = await front.post('/cds-services/order-sign-advice', {
      ...patientView({ hook: 'order-sign' }),
      context: { userId: 'Practitioner/abc', patientId: '123', draftOrders },
    });
    expect(reply.status).toBe(200);
    expect(calls[0]?.hook === 'order-sign' && calls[0].context.draftOrders.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('X7: draft orders that name another patient are left out and counted', async () => {
    const order = (id: string, reference: string) => ({
      resource: { resourceType: 'ServiceRequest', id, subject: { reference } },
    });
    await front.post('/cds-services/order-sign-advice', {
      ...patientView({ hook: 'order-sign' }),
      context: {
        userId: 'Practitioner/abc',
        patientId: '123',
        draftOrders: { resourceType: 'Bundle', entry: [order('own', 'Patient/123'), order('other', 'Patient/124')] },
      },
    });
    expect(calls[0]?.hook === 'order-sign' && calls[0].context.draftOrders.map(({ id }) => id)).toEqual(['own']);
    expect(front.outcomes.at(-1)?.dropped).toBe(1);
  });

  test('P11: unknown fields, extensions, nulls for what is optional, an id of 90 characters', async () => {
    const reply = await front.post(
      labs,
      patientView({
        extension: { 'com.epic.cdshooks.request.bpa-trigger-action': '23' },
        somethingNew: { a: 1 },
        fhirServer: null,
        prefetch: null,
        context: { userId: 'Practitioner/abc', patientId: 'e'.repeat(90), encounterId: null, extra: true },
      }),
    );
    expect(reply.status).toBe(200);
    expect(calls[0]?.context).toEqual({ userId: 'Practitioner/abc', patientId: 'e'.repeat(90) });
  });

  test.each([[null], ['x'], [{ entry: 'x' }], [{ entry: [null] }], [{ entry: { resource: null } }], [[]]])(
    'P11: draft orders %j of a hook that has none are left alone',
    async (draftOrders) => {
      const { context } = patientView();
      const reply = await front.post(
        labs,
        patientView({ context: { ...context, draftOrders, selections: draftOrders } }),
      );
      expect(reply.status).toBe(200);
      expect(calls[0]?.context).toEqual(context);
    },
  );

  test.each(['application/fhir+json', 'application/json; charset=utf-8'])('content type %s', async (type) => {
    expect((await front.post(labs, patientView(), { 'content-type': type })).status).toBe(200);
  });

  test('R1: application/json whatever Accept says', async () => {
    const reply = await front.post(labs, patientView(), { accept: 'application/fhir+json, */*;q=0.1' });
    expect(reply.headers.get('content-type')).toMatch(/^application\/json/);
    expect(reply.body.cards).toHaveLength(1);
  });

  test('the access token reaches no service', async () => {
    await front.post(labs, fixture('patient-view-2.0'));
    expect(JSON.stringify(calls)).not.toContain('opaque');
    expect(JSON.stringify(front.outcomes)).not.toContain('opaque');
  });
});

describe('requests that are refused', () => {
  const context = patientView().context;
  test.each<[string, number, string, unknown]>([
    ['malformed JSON', 400, 'request-malformed', '{"hook":'],
    ['no body', 400, 'request-malformed', ''],
    ['an array', 400, 'request-malformed', []],
    ['a string', 400, 'request-malformed', '"hook"'],
    ['no hook', 400, 'request-malformed', patientView({ hook: undefined })],
    ['no hookInstance', 400, 'request-malformed', patientView({ hookInstance: undefined })],
    ['a hookInstance that is no UUID', 400, 'request-malformed', patientView({ hookInstance: 'abc' })],
    ['no context', 400, 'request-malformed', patientView({ context: undefined })],
    ['another hook', 400, 'hook-mismatch', patientView({ hook: 'order-sign' })],
    ['no patientId', 400, 'context-invalid', patientView({ context: { userId: 'Practitioner/a' } })],
    ['no userId', 400, 'context-invalid', patientView({ context: { patientId: '1' } })],
    ['a userId of a wrong type', 400, 'context-invalid', patientView({ context: { ...context, userId: 'Device/1' } })],
    [
      'authorization without server',
      400,
      'request-malformed',
      patientView({ fhirAuthorization: fixture('patient-view-2.0').fhirAuthorization }),
    ],
    ['a prefetch of strings', 400, 'request-malformed', patientView({ prefetch: { patient: 'Patient/1' } })],
    ['a file URL as fhirServer', 400, 'request-malformed', patientView({ fhirServer: 'file:///etc/passwd' })],
  ])('P7 P9: %s', async (_name, status, code, body) => {
    const reply = await front.post(labs, body);
    expect([reply.status, reply.body.issue[0].diagnostics]).toEqual([status, code]);
    expect(reply.body.resourceType).toBe('OperationOutcome');
    expect(calls).toHaveLength(0);
  });

  test.each([
    '1&_include=*',
    '../Practitioner/1',
    'a b',
    '..',
    '.',
    'Patient/1',
    '',
    'a%2Fb',
    `x${'y'.repeat(300)}`,
    'ü',
  ])('X6: patientId %j never becomes part of a query', async (patientId) => {
    const reply = await front.post(labs, patientView({ context: { ...context, patientId } }));
    expect([reply.status, reply.body.issue[0].diagnostics]).toEqual([400, 'context-invalid']);
    if (patientId.length > 2) {
      expect(JSON.stringify(reply.body)).not.toContain(patientId);
    }
  });

  test('X8: an authorization for another patient', async () => {
    const body = fixture('patient-view-3.0');
    body.fhirAuthorization.patient = '999';
    const reply = await front.post(labs, body);
    expect([reply.status, reply.body.issue[0].diagnostics]).toEqual([400, 'patient-mismatch']);
  });

  test('P9: an unknown service is 404 before its body is read', async () => {
    const reply = await front.post('/cds-services/nothing', '{');
    expect([reply.status, reply.body.issue[0].diagnostics]).toEqual([404, 'service-unknown']);
  });

  test('a body above the limit is 413, text/plain is 415, a broken charset is 415', async () => {
    expect((await front.post(labs, patientView({ extension: { a: 'x'.repeat(70_000) } }))).status).toBe(413);
    expect((await front.post(labs, patientView(), { 'content-type': 'text/plain' })).status).toBe(415);
    expect(
      (await front.post(labs, patientView(), { 'content-type': 'application/json; charset=klingon' })).status,
    ).toBe(415);
  });

  test('__proto__ and deep nesting change nothing', async () => {
    const text = JSON.stringify(patientView()).replace('{', '{"__proto__":{"prefetch":{"patient":null}},');
    expect((await front.post(labs, text)).status).toBe(200);
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const reply = await front.post(labs, `{"hook":"patient-view","extension":${deep}}`);
    expect(reply.status).toBe(400);
    expect(({} as { prefetch?: unknown }).prefetch).toBeUndefined();
  });
});
