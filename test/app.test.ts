import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import express from 'express';
import { createApp } from '../src/app.ts';
import { IntervalError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { createMetrics } from '../src/metrics.ts';

describe('the HTTP surface', () => {
  let server: Server;
  let base: string;
  let notReady: string[] = [];
  const lines: string[] = [];
  const metrics = createMetrics(async () => ({ waiting: 3, running: 1, delayed: 0, dead: 2, oldestSeconds: 7.5 }));

  beforeAll(async () => {
    const router = express.Router();
    router.get('/coded', () => {
      throw new IntervalError('queue-full', 'Too many jobs are waiting.');
    });
    router.get('/broken', () => {
      throw new Error('Testperson, Ada was born in 1950');
    });
    router.get('/name/:name', (request, response) => void response.json(request.params));
    const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
    server = createServer(
      createApp({
        routers: [{ path: '/test', router }],
        metrics,
        log,
        notReady: async () => notReady,
        loopbackOnly: true,
        https: true,
      }),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });

  test('/healthz answers while the process lives', async () => {
    const response = await fetch(`${base}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('/readyz is 503 until everything answers, and names what does not', async () => {
    notReady = ['store'];
    const waiting = await fetch(`${base}/readyz`);
    expect([waiting.status, await waiting.json()]).toEqual([503, { status: 'not-ready', waiting: ['store'] }]);
    notReady = [];
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
  });

  test('/metrics is Prometheus text', async () => {
    metrics.hookAnswered({ service: 'lab-report-results', outcome: 'cards' }, 0.012);
    metrics.jobEnded({ analysis: 'lab-report', outcome: 'completed', code: '' }, 1.5);
    const response = await fetch(`${base}/metrics`);
    const text = await response.text();
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('interval_hook_seconds_count{service="lab-report-results",outcome="cards"} 1');
    expect(text).toContain('interval_job_seconds_count{analysis="lab-report",outcome="completed",code=""} 1');
    expect(text).toContain('interval_queue_jobs{state="waiting"} 3');
    expect(text).toContain('interval_queue_jobs{state="dead"} 2');
    expect(text).toContain('interval_queue_oldest_job_seconds 7.5');
  });

  test('/metrics has each outcome of a hook for itself, and what is kept behind it', async () => {
    for (const outcome of ['cards', 'empty', 'degraded', '412', 'abstained', '429']) {
      metrics.hookAnswered({ service: 'chest-xray-change', outcome }, 0.2);
    }
    metrics.resultsJudged({ verdict: 'accept', outcome: 'changed' }, 3);
    metrics.recordLost({ kind: 'audit' });
    metrics.breakerChanged({ server: 'ehr.example' }, true);
    const text = await (await fetch(`${base}/metrics`)).text();
    for (const outcome of ['cards', 'empty', 'degraded', '412', 'abstained', '429']) {
      expect(text).toContain(`interval_hook_seconds_count{service="chest-xray-change",outcome="${outcome}"} 1`);
      expect(text).toContain(
        `interval_hook_seconds_bucket{le="0.25",service="chest-xray-change",outcome="${outcome}"} 1`,
      );
    }
    expect(text).toContain('interval_results_judged_total{verdict="accept",outcome="changed"} 3');
    expect(text).toContain('interval_records_lost_total{kind="audit"} 1');
    expect(text).toContain('interval_fhir_breaker_open{server="ehr.example"} 1');
  });

  test('an address where nothing is, a coded error, an unexpected one: OperationOutcome, no stack, no text of a cause', async () => {
    const answers = await Promise.all(
      ['/nothing', '/test/coded', '/test/broken', '/test/name/%E0%A4%A'].map((path) => fetch(base + path)),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 503, 500, 400]);
    const bodies = await Promise.all(answers.map((answer) => answer.text()));
    expect(bodies.map((body) => JSON.parse(body).issue[0].diagnostics)).toEqual([
      'not-found',
      'queue-full',
      'internal',
      'request-malformed',
    ]);
    expect([...bodies, ...lines].join('')).not.toMatch(/Testperson|node_modules.*express/);
  });

  test('every answer carries the security headers', async () => {
    const { headers } = await fetch(`${base}/healthz`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('every answer and every line of the log about it has the id of its request', async () => {
    lines.length = 0;
    const own = await fetch(`${base}/test/broken`, { headers: { 'x-request-id': 'call-17' } });
    expect(own.headers.get('x-request-id')).toBe('call-17');
    expect(lines.find((line) => line.includes('request failed'))).toContain('"requestId":"call-17"');
    const ids = await Promise.all(
      [{}, { 'x-request-id': 'a b\tc' }, { 'x-request-id': 'x'.repeat(65) }].map(async (headers) =>
        (await fetch(`${base}/healthz`, { headers: headers as Record<string, string> })).headers.get('x-request-id'),
      ),
    );
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('a name that was made to resolve to this machine is not this machine', async () => {
    const { port } = server.address() as AddressInfo;
    const ask = (host: string) =>
      new Promise<number | undefined>((resolve) => {
        request({ host: '127.0.0.1', port, path: '/healthz', headers: { host } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).end();
      });
    expect(await Promise.all([`evil.example:${port}`, `localhost:${port}`, `127.0.0.1:${port}`].map(ask))).toEqual([
      401, 200, 200,
    ]);
  });
});
