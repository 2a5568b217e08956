import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readServices } from '../../src/cds-hooks/discovery.ts';
import { cdsHooksRouter } from '../../src/cds-hooks/routes.ts';
import { definitions, type Front, openFront, service } from './front.ts';

const file = JSON.parse(readFileSync(new URL('../../cds-services.json', import.meta.url), 'utf8'));

let front: Front;
beforeAll(async () => {
  front = await openFront(definitions.map(({ id }) => service(id, undefined, ['patient'])));
});
afterAll(() => front.close());

describe('discovery', () => {
  test('D1–D7 D15: serves the four services exactly as cds-services.json has them', async () => {
    const response = await fetch(`${front.url}/cds-services`, { headers: { accept: 'application/fhir+json' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await response.json()).toEqual(file);
    expect(definitions.map(({ hook, id }) => [hook, id])).toEqual([
      ['patient-view', 'lab-report-results'],
      ['patient-view', 'chest-xray-change'],
      ['order-select', 'order-select-advice'],
      ['order-sign', 'order-sign-advice'],
    ]);
  });

  test('D8–D11: templates keep to 2.0.1 tokens, to plain parameters, and name none twice', () => {
    for (const { prefetch = {} } of definitions) {
      for (const template of Object.values(prefetch)) {
        expect(template.replaceAll('{{context.patientId}}', 'x')).toMatch(
          /^[A-Za-z]+(\/x|\?[a-z_]+=[^&{}|()]+(&[a-z_]+=[^&{}|()]+)*)$/,
        );
      }
    }
  });

  test.each([
    ['a FHIRPath token', { prefetch: { a: 'Observation?date=ge{{today() - 90 days}}' } }],
    ['D9: draftOrders as a token', { prefetch: { a: 'Patient/{{context.draftOrders}}' } }],
    ['a parameter twice', { prefetch: { a: 'Observation?date=ge2020&date=lt2021' } }],
    ['a required key without template', { required: ['b'] }],
    ['a hook that is not answered', { hook: 'order-dispatch' }],
  ])('refuses to start with %s', async (_name, wrong) => {
    const { definition, handle } = service('lab-report-results');
    const broken = { definition: { ...definition, ...wrong } as typeof definition, handle };
    const options = Object.assign(Object.create(null), { services: [broken] });
    expect(() => cdsHooksRouter(options)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });

  test.each([
    ['no description', { services: [{ hook: 'patient-view', id: 'a' }] }],
    ['D14: an empty prefetch', { services: [{ hook: 'patient-view', id: 'a', description: 'b', prefetch: {} }] }],
    ['D12: one id twice', { services: [file.services[0], file.services[0]] }],
    ['no object', []],
  ])('a file with %s is a start-up error', (_name, json) => {
    expect(() => readServices(json)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });

  test('other methods are 405 with Allow, HEAD is GET, CORS preflight is answered for listed origins only', async () => {
    const wrong = await fetch(`${front.url}/cds-services`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, OPTIONS']);
    expect((await fetch(`${front.url}/cds-services/lab-report-results`)).status).toBe(405);
    expect((await fetch(`${front.url}/cds-services`, { method: 'HEAD' })).status).toBe(200);
    const preflight = (origin: string) =>
      fetch(`${front.url}/cds-services/lab-report-results`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight('https://sandbox.example');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://sandbox.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
