import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSamples } from '../src/samples/create.ts';
import { brokenRules, discoveryRules, type ResponseRuleId, responseRules } from './support/conformance.ts';
import { type Started, startService } from './support/service.ts';

/**
 * What the whole service says about every sample patient, held against rules written from the specification. Each rule is
 * also shown an answer that breaks it: one that cannot fail would prove nothing.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back
type Json = any;

interface Answered {
  readonly service: string;
  readonly orders: readonly object[];
  readonly body: Json;
}

let service: Started;
let discovery: Json;
const answers: Answered[] = [];
const again: Answered[] = [];

beforeAll(async () => {
  service = await startService('sample patients read');
  const { samples } = await createSamples({ now: new Date(), timeZone: 'UTC' });
  discovery = await (await fetch(`${service.base}/cds-services`)).json();
  const ask = async (hook: string, id: string, patientId: string, orders: readonly Json[], prefetch?: object) => {
    const bundle = { resourceType: 'Bundle', type: 'collection', entry: orders.map((resource) => ({ resource })) };
    const body = {
      hook,
      hookInstance: crypto.randomUUID(),
      fhirServer: `${service.base}/fhir/R4`,
      context: {
        userId: 'Practitioner/example',
        patientId,
        ...(hook === 'patient-view' ? {} : { draftOrders: bundle }),
        ...(hook === 'order-select' ? { selections: orders.map((order) => `${order.resourceType}/${order.id}`) } : {}),
      },
      ...(prefetch ? { prefetch } : {}),
    };
    for (const kept of [answers, again]) {
      const response = await fetch(`${service.base}/cds-services/${id}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status).toBe(200);
      kept.push({ service: id, orders, body: await response.json() });
    }
  };
  for (const { hook, id } of discovery.services as { hook: string; id: string }[]) {
    for (const sample of samples) {
      await ask(hook, id, sample.id, sample.draftOrders);
    }
  }
  // Contrast for somebody whose kidneys nobody knows: a creatinine is suggested.
  const contrast = samples.find(({ id }) => id === 'sample-contrast')!;
  const prefetch = { patient: contrast.patient, labs: null, studies: null, requests: null };
  const orders = contrast.draftOrders.map((order) => ({ ...order, subject: { reference: 'Patient/nobody' } }));
  await ask('order-sign', 'order-sign-advice', 'nobody', orders, {
    ...prefetch,
    patient: { ...contrast.patient, id: 'nobody' },
  });
}, 120_000);
afterAll(() => service?.stop(), 30_000);

const copy = (value: Json): Json => JSON.parse(JSON.stringify(value));

/** A copy of the first real answer that has what is to be spoiled. */
function spoiled(has: (body: Json) => boolean, spoil: (body: Json) => void): { body: Json; orders: readonly object[] } {
  const found = answers.find(({ body }) => has(body));
  if (found === undefined) {
    throw new Error('No answer has what this rule is about.');
  }
  const body = copy(found.body);
  spoil(body);
  return { body, orders: found.orders };
}

const anyCard = (body: Json) => body.cards.length > 0;
const withSuggestions = (body: Json) => body.cards[0]?.suggestions !== undefined;
const withLinks = (body: Json) => body.cards[0]?.links !== undefined;
const withReasons = (body: Json) => body.cards[0]?.overrideReasons !== undefined;
const actionOf = (body: Json, type?: string): Json =>
  body.cards
    .flatMap((card: Json) => card.suggestions ?? [])
    .flatMap((one: Json) => one.actions ?? [])
    .find((one: Json) => type === undefined || one.type === type);
const first = (type: string) => (body: Json) => actionOf(body, type) !== undefined;

describe('every answer keeps every rule', () => {
  test.each<[string, (body: Json) => boolean, readonly ((body: Json) => unknown)[]]>([
    ['R2: cards is an array of objects', anyCard, [(body) => (body.cards = {}), (body) => (body.cards = [null])]],
    [
      'R3: a summary of one sentence, shorter than 140 characters',
      anyCard,
      [
        (body) => (body.cards[0].summary = ''),
        (body) => (body.cards[0].summary = 'x'.repeat(140)),
        (body) => delete body.cards[0].summary,
      ],
    ],
    ['R4: the indicator is one of three', anyCard, [(body) => (body.cards[0].indicator = 'hard-stop')]],
    [
      'R5: the source has a label',
      anyCard,
      [(body) => (body.cards[0].source.label = ''), (body) => delete body.cards[0].source],
    ],
    ['R6: the source has a topic with system and code', anyCard, [(body) => delete body.cards[0].source.topic]],
    [
      'R7: url and icon of the source are absolute',
      anyCard,
      [(body) => (body.cards[0].source.url = '/x'), (body) => (body.cards[0].source.icon = 'javascript:x')],
    ],
    [
      'R8: uuids are UUIDs, each its own',
      withSuggestions,
      [(body) => (body.cards[0].uuid = 'abc'), (body) => (body.cards[0].suggestions[0].uuid = body.cards[0].uuid)],
    ],
    [
      'R9: the detail is Markdown without HTML and images, never empty',
      anyCard,
      [
        (body) => (body.cards[0].detail = null),
        (body) => (body.cards[0].detail = 'a <b>b</b>'),
        (body) => (body.cards[0].detail = '![x](https://e.example)'),
      ],
    ],
    [
      'R10: suggestions are not empty and have labels',
      withSuggestions,
      [(body) => (body.cards[0].suggestions = []), (body) => delete body.cards[0].suggestions[0].label],
    ],
    [
      'R11: suggestions come with selectionBehavior',
      withSuggestions,
      [(body) => delete body.cards[0].selectionBehavior],
    ],
    [
      'R12: at most one is recommended of at-most-one',
      withSuggestions,
      [
        (body) => {
          body.cards[0].selectionBehavior = 'at-most-one';
          body.cards[0].suggestions = [1, 2].map(() => ({ ...body.cards[0].suggestions[0], isRecommended: true }));
        },
      ],
    ],
    ['R13: actions are not empty', withSuggestions, [(body) => (body.cards[0].suggestions[0].actions = [])]],
    [
      'R14: isRecommended is a boolean',
      withSuggestions,
      [(body) => (body.cards[0].suggestions[0].isRecommended = 'yes')],
    ],
    [
      'R15: an action has a type and a description',
      (body) => actionOf(body) !== undefined,
      [(body) => (actionOf(body).type = 'remove'), (body) => (actionOf(body).description = '')],
    ],
    [
      'R16: create carries a resource',
      first('create'),
      [
        (body) => delete actionOf(body, 'create').resource,
        (body) => (actionOf(body, 'create').resource = 'ServiceRequest/1'),
      ],
    ],
    [
      'R17: update carries the resource with its id',
      first('update'),
      [(body) => delete actionOf(body, 'update').resource.id],
    ],
    [
      'R18: delete carries a resourceId and no resource',
      first('delete'),
      [
        (body) => (actionOf(body, 'delete').resourceId = 'draft-1'),
        (body) => (actionOf(body, 'delete').resource = 'ServiceRequest/1'),
      ],
    ],
    [
      'R19: resources of actions are valid FHIR',
      first('create'),
      [
        (body) => delete actionOf(body, 'create').resource.subject,
        (body) => (actionOf(body, 'create').resource.colour = 'blue'),
      ],
    ],
    [
      'R20: what is removed or changed is a draft order of the request',
      first('delete'),
      [(body) => (actionOf(body, 'delete').resourceId = 'ServiceRequest/somebody-elses')],
    ],
    [
      'R21: override reasons have system, code and display',
      withReasons,
      [(body) => (body.cards[0].overrideReasons = []), (body) => delete body.cards[0].overrideReasons[0].system],
    ],
    [
      'R22: links have a label, an absolute URL and a type',
      withLinks,
      [(body) => (body.cards[0].links[0].url = '/review'), (body) => (body.cards[0].links[0].type = 'relative')],
    ],
    ['R23: appContext stands with smart links alone', withLinks, [(body) => (body.cards[0].links[0].appContext = 'x')]],
    ['R24: systemActions are never empty', anyCard, [(body) => (body.systemActions = [])]],
    [
      'R25: no systemActions are sent',
      anyCard,
      [(body) => (body.systemActions = [{ type: 'delete', description: 'x', resourceId: 'ServiceRequest/1' }])],
    ],
    [
      'R26: no actionSelectionBehavior is sent',
      withSuggestions,
      [(body) => (body.cards[0].suggestions[0].actionSelectionBehavior = 'any')],
    ],
    [
      'R27: extension is an object',
      anyCard,
      [(body) => (body.cards[0].extension = []), (body) => (body.extension = 'x')],
    ],
    [
      'R28: no field outside of the model',
      anyCard,
      [(body) => (body.cards[0].priority = 1), (body) => (body.cards[0].source.name = 'x')],
    ],
    [
      'D14: nothing is null or empty',
      anyCard,
      [
        (body) => (body.cards[0].links = []),
        (body) => (body.cards[0].source.icon = null),
        (body) => (body.cards[0].extension = {}),
      ],
    ],
  ])('%s', (name, has, spoils) => {
    const id = name.split(':')[0] as ResponseRuleId;
    const rule: (body: Json, orders?: readonly object[]) => boolean = responseRules[id];
    expect(answers.filter(({ body, orders }) => !rule(body, orders))).toEqual([]);
    for (const spoil of spoils) {
      const { body, orders } = spoiled(has, (one) => void spoil(one));
      expect([spoil.toString(), brokenRules(body, orders)]).toEqual([spoil.toString(), expect.arrayContaining([id])]);
    }
  });

  test('R1 R2 P8: nothing to say is an object with an empty array', () => {
    expect(answers.filter(({ body }) => body.cards.length === 0).map(({ body }) => body)).toEqual(
      expect.arrayContaining([{ cards: [] }]),
    );
    for (const none of [[], null, 'x', undefined]) {
      expect(brokenRules(none)).toContain('R1');
    }
  });

  test('all kinds of answers were among them', () => {
    for (const has of [withSuggestions, withLinks, withReasons, first('create'), first('update'), first('delete')]) {
      expect(answers.some(({ body }) => has(body))).toBe(true);
    }
    expect(answers.flatMap(({ body, orders }) => brokenRules(body, orders))).toEqual([]);
  });

  test('R28 R8: the same input says the same again, under new uuids', () => {
    const uuids = /"uuid":"[^"]*"/g;
    const said = ({ body }: Answered) => JSON.stringify(body).replaceAll(uuids, '');
    expect(again.map(said)).toEqual(answers.map(said));
    const ids = ({ body }: Answered): string[] => JSON.stringify(body).match(uuids) ?? [];
    const all = [...answers, ...again].flatMap(ids);
    expect(all.length).toBeGreaterThan(20);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('discovery keeps every rule', () => {
  test.each<[string, readonly ((body: Json) => unknown)[]]>([
    ['D3: an object with services', [(body) => (body.services = {})]],
    [
      'D4: hook, description and id',
      [(body) => (body.services[0].hook = ''), (body) => delete body.services[0].description],
    ],
    ['D5: a title that says something', [(body) => (body.services[0].title = '')]],
    [
      'D6: prefetch of strings',
      [(body) => (body.services[0].prefetch = {}), (body) => (body.services[0].prefetch.patient = 7)],
    ],
    ['D7: usageRequirements that say something', [(body) => (body.services[0].usageRequirements = 7)]],
    ['D12: one id for one hook', [(body) => (body.services[1].id = body.services[0].id)]],
    [
      'D13: versions are those of the specification and the hook',
      [(body) => (body.services[0].version = 'STU3'), (body) => (body.services[0].hookVersion = '9')],
    ],
    [
      'D14: nothing is null or empty',
      [(body) => (body.services[0].title = null), (body) => (body.services[0].extension = {})],
    ],
  ])('%s', (name, spoils) => {
    const rule = discoveryRules[name.split(':')[0] as string]!;
    expect(rule(discovery)).toBe(true);
    for (const spoil of spoils) {
      const body = copy(discovery);
      spoil(body);
      expect([spoil.toString(), rule(body)]).toEqual([spoil.toString(), false]);
    }
  });

  test('D1 D2 D15: each service answers POST at its id, discovery is there before and after', async () => {
    for (const { id } of discovery.services) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${service.base}/cds-services/${id}`, { method: 'POST', headers, body: '{}' });
      expect(response.status).toBe(400);
    }
    expect((await fetch(`${service.base}/cds-services`)).status).toBe(200);
  });
});
