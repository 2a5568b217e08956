import { afterEach, describe, expect, test } from '@jest/globals';
import { createRateLimit } from '../../src/cds-hooks/rate-limit.ts';
import { isValidR4 } from '../../src/fhir/validate.ts';
import { type Front, openFront, patient, patientView, searchset, service, summary } from './front.ts';

let front: Front;
afterEach(() => front?.close());

const labs = '/cds-services/lab-report-results';
const full = patientView({ prefetch: { patient, reports: searchset(), documents: searchset() } });

describe('how often a client may call', () => {
  test('a burst of ten seconds’ worth, then evenly; each client for itself', () => {
    let now = 0;
    const take = createRateLimit(() => now);
    const taken = (client: string) => {
      try {
        take(client, 60);
        return true;
      } catch {
        return false;
      }
    };
    expect(Array.from({ length: 12 }, () => taken('a')).filter(Boolean)).toHaveLength(10);
    expect(taken('b')).toBe(true);
    now += 1000;
    expect([taken('a'), taken('a')]).toEqual([true, false]);
    now -= 5000; // a clock that is set back gives nothing and takes nothing
    expect(taken('a')).toBe(false);
    take('a', 0);
  });

  test('429 with Retry-After and an OperationOutcome, counted; not before the caller is known', async () => {
    front = await openFront([service('lab-report-results')], { optionsOf: () => ({ callsPerMinute: 6 }) });
    expect((await front.post(labs, full)).status).toBe(200);
    const refused = await front.post(labs, full);
    expect([refused.status, refused.body.issue[0].diagnostics]).toEqual([429, 'too-many-calls']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    expect(front.outcomes.at(-1)).toMatchObject({ status: 429, outcome: 'refused', code: 'too-many-calls' });
    // Feedback and discovery count too.
    expect((await fetch(`${front.url}/cds-services`)).status).toBe(429);
  });

  test('without a limit nothing is counted', async () => {
    front = await openFront([service('lab-report-results')]);
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await front.post(labs, full)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('from which pages a client may call', () => {
  const from = (origin: string) => front.post(labs, full, { origin });

  test('its own origins and our own page; another origin is 403 and may not read why', async () => {
    front = await openFront([service('lab-report-results')], {
      cors: { origins: ['https://sandbox.example', 'https://other.example'] },
      optionsOf: () => ({ origins: ['https://sandbox.example'] }),
    });
    const good = await from('https://sandbox.example');
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, 'https://sandbox.example']);
    expect((await from(front.url)).status).toBe(200);
    expect((await front.post(labs, full)).status).toBe(200);
    for (const origin of ['https://other.example', 'https://evil.example', 'null', 'https://sandbox.example.evil']) {
      const bad = await from(origin);
      expect([origin, bad.status, bad.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
    }
  });

  test('the preflight answers for all clients together, since it names none', async () => {
    front = await openFront([service('lab-report-results')], {
      cors: { origins: ['https://sandbox.example'] },
      optionsOf: () => ({ origins: [] }),
    });
    const preflight = (origin: string) =>
      fetch(front.url + labs, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    expect((await preflight('https://sandbox.example')).headers.get('access-control-allow-origin')).toBe(
      'https://sandbox.example',
    );
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    expect((await from('https://sandbox.example')).status).toBe(403);
  });
});

describe('how a client opens our pages', () => {
  const withLink = () =>
    service('lab-report-results', () => ({
      summaries: [
        summary({
          links: [{ label: 'Review', url: '/review/r1' }],
          citation: { label: 'Rule', url: 'https://doi.example/1' },
        }),
      ],
    }));

  test('R22: absolute unless the site says otherwise', async () => {
    front = await openFront([withLink()]);
    const [card] = (await front.post(labs, full)).body.cards;
    expect(card.links).toEqual([
      { label: 'Review', url: `${front.url}/review/r1`, type: 'absolute' },
      { label: 'Rule', url: 'https://doi.example/1', type: 'absolute' },
    ]);
  });

  test('R23: as the SMART app that the site registered, the path in appContext; others stay absolute', async () => {
    front = await openFront([withLink()], {
      optionsOf: () => ({ links: { type: 'smart', launchUrl: 'https://ehr.example/launch/interval' } }),
    });
    const [card] = (await front.post(labs, full)).body.cards;
    expect(card.links).toEqual([
      {
        label: 'Review',
        url: 'https://ehr.example/launch/interval',
        type: 'smart',
        appContext: '{"path":"/review/r1"}',
      },
      { label: 'Rule', url: 'https://doi.example/1', type: 'absolute' },
    ]);
  });
});

describe('suggestions', () => {
  test('R10 R14: one that only confirms has no actions; one that neither does nor confirms is none', async () => {
    front = await openFront([
      service('lab-report-results', () => ({
        summaries: [
          summary({
            suggestions: [
              { label: 'Accept', actions: [], confirms: ['Observation/1/_history/1'] },
              { label: 'Nothing', actions: [] },
            ],
          }),
        ],
      })),
    ]);
    const [card] = (await front.post(labs, full)).body.cards;
    expect(card.suggestions).toEqual([{ label: 'Accept', uuid: expect.any(String) }]);
  });

  test('R15 R19: a resource that is not valid R4 is not suggested, and that is counted', async () => {
    const order = {
      resourceType: 'ServiceRequest',
      id: '1',
      status: 'draft',
      intent: 'order',
      subject: { reference: 'Patient/1' },
    };
    const suggest = (label: string, resource: { resourceType: string; id?: string }) => ({
      label,
      actions: [{ type: 'update' as const, description: label, resource }],
    });
    front = await openFront(
      [
        service('lab-report-results', () => ({
          summaries: [
            summary({
              suggestions: [
                suggest('good', order),
                suggest('unknown element', { ...order, nonsense: 1 } as never),
                suggest('no subject', { ...order, subject: undefined } as never),
                suggest('no such type', { ...order, resourceType: 'Nonsense' }),
              ],
            }),
          ],
        })),
      ],
      { isValid: isValidR4 },
    );
    const [card] = (await front.post(labs, full)).body.cards;
    expect(card.suggestions.map(({ label }: { label: string }) => label)).toEqual(['good']);
    expect(front.outcomes[0]?.dropped).toBe(3);
  });
});
