import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noTraces, openTraces } from '../src/traces.ts';
import { otlpReceiver, type ReceivedSpan } from './support/otlp-receiver.ts';
import { type Started, startService } from './support/service.ts';

const NAME = 'Zzyzxperson';

describe('traces', () => {
  let receiver: Awaited<ReturnType<typeof otlpReceiver>>;
  let service: Started;

  beforeAll(async () => {
    receiver = await otlpReceiver();
    service = await startService('listening', { INTERVAL_SAMPLES: 'off', INTERVAL_TRACE_URL: receiver.url });
    const put = (type: string, id: string, resource: object) =>
      fetch(`${service.base}/fhir/R4/${type}/${id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify({ resourceType: type, id, ...resource }),
      });
    await put('Patient', 'secret-patient', { name: [{ family: NAME }] });
    await put('DiagnosticReport', 'secret-report', {
      status: 'final',
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { text: `Report of ${NAME}` },
      subject: { reference: 'Patient/secret-patient' },
      effectiveDateTime: '2026-02-03',
      presentedForm: [
        {
          contentType: 'text/plain',
          data: Buffer.from(
            'SYNTHETIC SAMPLE\nTEST            RESULT  FLAG  UNITS     REFERENCE\nPOTASSIUM       6.8     HH    mmol/L    3.5-5.1\n',
          ).toString('base64'),
        },
      ],
    });
    const response = await fetch(`${service.base}/cds-services/lab-report-results`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${service.base}/fhir/R4`,
        context: { userId: 'Practitioner/secret-user', patientId: 'secret-patient' },
      }),
    });
    expect(response.status).toBe(200);
    for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((next) => setTimeout(next, 100))) {
      if (receiver.spans.some(({ name }) => name === 'job') && receiver.spans.some(({ name }) => name === 'hook')) {
        break;
      }
    }
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    await receiver?.close();
  }, 30_000);

  test('one tree from the hook to the write, over the queue and into the worker process', () => {
    const { spans } = receiver;
    const hook = spans.find(({ name }) => name === 'hook')!;
    const ofTrace = spans.filter(({ traceId }) => traceId === hook.traceId);
    const tree = (parent: ReceivedSpan): object => {
      const children = ofTrace.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
      return Object.fromEntries(children.map((one) => [`${one.service} ${one.name}`, tree(one)]));
    };
    expect({ [`${hook.service} ${hook.name}`]: tree(hook) }).toEqual({
      'interval hook': {
        'interval plan': {},
        'interval enqueue': {
          'interval-worker job': {
            'interval-worker read subject': {},
            'interval-worker reader': {},
            'interval-worker guards': {},
            'interval-worker write': {},
          },
        },
      },
    });
    const job = spans.find(({ name }) => name === 'job')!;
    expect(job.attributes).toMatchObject({ 'interval.analysis': 'lab-report', 'interval.outcome': 'completed' });
  });

  test('nothing of a patient: no id of a chart, no name, no value, no address', () => {
    expect(receiver.bodies.join('')).not.toMatch(
      /secret|Zzyzx|POTASSIUM|potassium|6\.8|Patient|DiagnosticReport|fhir\/R4|127\.0\.0\.1/,
    );
  });
});

describe('without an address', () => {
  test('nobody traces: the work is done, its span says nothing', async () => {
    const traces = await openTraces({ traceUrl: '' }, { name: 'interval', version: '1' });
    expect(traces).toBe(noTraces);
    const seen = await traces.span('hook', {}, async (span) => {
      span.set({ 'interval.service': 'x' });
      return span.traceparent;
    });
    expect(seen).toBeUndefined();
  });
});

describe('a collector that is not there', () => {
  test('takes nothing from the work, and an error keeps its code', async () => {
    const traces = await openTraces({ traceUrl: 'http://127.0.0.1:9/v1/traces' }, { name: 'interval', version: '1' });
    const inner = await traces.span('outer', {}, (outer) =>
      traces.span('inner', {}, async (span) => [outer.traceparent, span.traceparent]),
    );
    expect(inner[0]?.slice(0, 36)).toBe(inner[1]?.slice(0, 36));
    await expect(
      traces.span('fails', { parent: 'not-a-traceparent' }, async () => Promise.reject(new Error('as it was'))),
    ).rejects.toThrow('as it was');
    await traces.close();
  });
});
