import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Router } from 'express';
import { createApp } from '../../src/app.ts';
import { cdsHooksRouter } from '../../src/cds-hooks/routes.ts';
import { createRouter } from '../../src/fhir-server/router.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type AnalysesOptions, analysesRouter } from '../../src/services/analyses/routes.ts';
import { openApiOf } from '../../src/services/openapi/document.ts';
import { subscriptionsRouter } from '../../src/subscriptions/routes.ts';
import type { WebOptions } from '../../src/web/options.ts';
import { webRouter } from '../../src/web/routes.ts';
import { definitions, fixture, patientView } from '../cds-hooks/front.ts';

const services = definitions.map(({ id }) => id);
const document = openApiOf({
  version: '1.0.0',
  publicUrl: '',
  services,
  embedded: true,
  keys: true,
  subscriptions: true,
});

interface FhirRoute {
  readonly method: string;
  readonly path: readonly { readonly value: string; readonly param?: boolean }[];
}
const named = (parameter: string) => (parameter === 'vid' ? 'version' : parameter);

/** Methods and paths of an Express router, parameters written as OpenAPI has them. */
function routesOf(router: Router): readonly string[] {
  const layers = router.stack as unknown as readonly {
    readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
  }[];
  return layers.flatMap(({ route }) => {
    if (!route) {
      return [];
    }
    const path = route.path.replace(/:([a-z]+)/gi, '{$1}').replace(/^\/assets\/.*$/, '/assets/{name}');
    const methods = new Set(route.stack.flatMap(({ method }) => method ?? []));
    return [...methods].map((method) => `${method} ${path}`);
  });
}

const documented = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.keys(item)
    .filter((key) => key !== 'parameters')
    .map((method) => `${method} ${path}`),
);

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document) as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect([valid, validator.version]).toEqual([true, '3.1']);
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item as Record<string, { operationId?: string }>).flatMap(({ operationId }) => operationId ?? []),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has every route of the service, and no other', async () => {
    const never = () => Promise.reject(new Error('not called'));
    const hooks = cdsHooksRouter({
      services: definitions.map((definition) => ({ definition, handle: never })),
      authenticate: never,
      chartAccess: () => ({ trusted: false }),
      feedback: never,
      publicUrl: () => '',
      source: { label: 'x', topicSystem: 'x', overrideReasonSystem: 'x' },
      cors: { origins: [] },
      limits: { deadlineMs: 1, prefetchMs: 1, cards: 1, pages: 1, bodyBytes: 1 },
      clock: Date.now,
      ids: () => 'x',
      onOutcome: () => undefined,
    });
    const web = webRouter({ demo: true, services: [], judge: never } as unknown as WebOptions);
    const log = createLog({ level: 'silent' });
    const metrics = createMetrics(async () => ({ waiting: 0, running: 0, delayed: 0, dead: 0, oldestSeconds: 0 }));
    const app = createApp({
      routers: [],
      metrics,
      log,
      loopbackOnly: true,
      notReady: async () => [],
      openapi: document,
      publicKeys: { keys: [] },
    });
    const { routes } = (createRouter() as unknown as { router: { routes: readonly FhirRoute[] } }).router;
    const fhir = routes.map(({ method, path }) =>
      [
        `${method.toLowerCase()} /fhir/R4`,
        ...path.map(({ value, param }) => (param ? `{${named(value)}}` : value)),
      ].join('/'),
    );
    const arrivals = [
      analysesRouter({} as unknown as AnalysesOptions),
      subscriptionsRouter({ bodyBytes: 1, arrived: () => undefined, onAnswered: () => undefined }),
    ];
    const express = [hooks, web, app.router, ...arrivals].flatMap(routesOf);
    expect([...new Set([...express, ...fhir])].sort()).toEqual(documented.toSorted());
    expect(documented.length).toBeGreaterThan(40);
  });

  test('the embedded FHIR server is left out where it is not used', () => {
    const without = openApiOf({
      version: '1',
      publicUrl: 'https://x.example',
      services,
      embedded: false,
      keys: false,
      subscriptions: false,
    });
    expect(Object.keys(without.paths).filter((path) => path.startsWith('/fhir'))).toEqual([]);
    expect(Object.keys(without.paths).filter((path) => path.startsWith('/subscriptions'))).toEqual([]);
    expect(without.servers).toEqual([{ url: 'https://x.example' }]);
  });

  test('its schemas take the specification’s examples and refuse what the service refuses', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(document, 'interval');
    const takes = (name: string) => ajv.compile({ $ref: `interval#/components/schemas/${name}` });
    for (const name of ['patient-view-2.0', 'patient-view-3.0', 'order-select', 'order-sign']) {
      expect([name, takes('ServiceRequest')(fixture(name))]).toEqual([name, true]);
    }
    for (const name of ['feedback-accepted', 'feedback-overridden']) {
      expect([name, takes('Feedback')(fixture(name))]).toEqual([name, true]);
    }
    expect(takes('ServiceRequest')(patientView({ hook: 'appointment-book' }))).toBe(false);
    expect(takes('Feedback')({ feedback: [] })).toBe(false);
    expect(takes('Judgement')({ verdict: 'accept', observations: [{ id: 'a', version: '1' }] })).toBe(true);
    expect(takes('Judgement')({ verdict: 'perhaps', observations: [{ id: 'a' }] })).toBe(false);
  });
});
