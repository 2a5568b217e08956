import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import express from 'express';
import { developmentAuthentication } from '../../src/cds-hooks/authenticate.ts';
import type { HookOutcome } from '../../src/cds-hooks/call.ts';
import { readServices } from '../../src/cds-hooks/discovery.ts';
import type { FeedbackSink } from '../../src/cds-hooks/feedback.ts';
import { type CdsHooksOptions, cdsHooksRouter } from '../../src/cds-hooks/routes.ts';
import { compile } from '../../src/cds-hooks/schemas/compile.ts';
import { responseSchema } from '../../src/cds-hooks/schemas/response.ts';
import type { CdsService, HookCall, ServiceAnswer } from '../../src/cds-hooks/service.ts';
import type { Summary } from '../../src/summary.ts';

export const definitions = readServices(
  JSON.parse(readFileSync(new URL('../../cds-services.json', import.meta.url), 'utf8')),
);

export function fixture(name: string) {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'));
}

/** The definition of one of our services, its handler a recording one. */
export function service(
  id: string,
  handle: (call: HookCall) => Promise<ServiceAnswer> | ServiceAnswer = () => ({ summaries: [] }),
  required: readonly string[] = [],
): CdsService {
  const definition = definitions.find((one) => one.id === id);
  if (definition === undefined) {
    throw new Error(`no service ${id}`);
  }
  return { definition: { ...definition, required }, handle: async (call) => handle(call) };
}

export interface Front {
  readonly url: string;
  readonly outcomes: HookOutcome[];
  readonly feedback: Parameters<FeedbackSink>[0][];
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back
  readonly body: any;
}

const valid = compile(responseSchema);

/** The router behind a real HTTP server on a loopback port. Every 200 answer of a service is checked against the schema. */
export async function openFront(
  services: readonly CdsService[],
  options: Partial<CdsHooksOptions> = {},
): Promise<Front> {
  const outcomes: HookOutcome[] = [];
  const feedback: Parameters<FeedbackSink>[0][] = [];
  let url = '';
  let count = 0;
  const app = express();
  app.use(
    cdsHooksRouter({
      services,
      authenticate: developmentAuthentication({ boundTo: '127.0.0.1', network: 'loopback-only', announce: () => {} }),
      chartAccess: () => ({ trusted: true }),
      feedback: async (received) => {
        feedback.push(received);
      },
      publicUrl: () => url,
      source: {
        label: 'Interval',
        topicSystem: 'https://interval.example.org/topic',
        overrideReasonSystem: 'https://interval.example.org/override-reason',
      },
      cors: { origins: ['https://sandbox.example'] },
      limits: { deadlineMs: 1000, prefetchMs: 300, cards: 5, pages: 3, bodyBytes: 64 * 1024 },
      clock: Date.now,
      ids: () => {
        count += 1;
        return `00000000-0000-4000-8000-${count.toString().padStart(12, '0')}`;
      },
      onOutcome: (outcome) => outcomes.push(outcome),
      ...options,
    }),
  );
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    outcomes,
    feedback,
    async post(path, body, headers = {}) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      const parsed = text === '' ? undefined : JSON.parse(text);
      if (response.status === 200 && !path.endsWith('/feedback')) {
        expect(valid(parsed)).toBeUndefined();
      }
      return { status: response.status, headers: response.headers, body: parsed };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function patientView(over: Record<string, unknown> = {}) {
  return {
    hook: 'patient-view',
    hookInstance: '3f1dde72-162b-11ec-99e8-0242ac130003',
    context: { userId: 'Practitioner/abc', patientId: '123' },
    ...over,
  };
}

export const patient = { resourceType: 'Patient', id: '123' } as const;

export function searchset(...resources: object[]) {
  return { resourceType: 'Bundle', type: 'searchset', entry: resources.map((resource) => ({ resource })) };
}

export function summary(over: Partial<Summary> = {}): Summary {
  return {
    topic: 'lab-report',
    indicator: 'info',
    headline: 'Potassium 6.8 mmol/L (critical) in an outside report of 2026-03-01',
    lines: ['Potassium 6.8 mmol/L, reference 3.5–5.1'],
    sources: [
      {
        label: 'Outside report',
        date: '2026-03-01T08:00:00Z',
        reference: 'DocumentReference/1',
        readBy: 'embedded 0.1.0',
      },
    ],
    caveats: [],
    links: [],
    suggestions: [],
    overrideReasons: [],
    basis: ['DocumentReference/1'],
    ...over,
  };
}
