import type { Resource } from '@medplum/fhirtypes';
import { createValidator } from '../../src/fhir/validate.ts';

/**
 * The rules for answers, written from the specification (CDS Hooks 2.0.1, "CDS Service Response"; ids of tools/rules) and from
 * nothing of the service. A rule is given the answer, and the draft orders of the request where there were some; it says
 * whether the answer keeps it.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever JSON came back
type Json = any;

export type ResponseRule = (response: Json, draftOrders?: readonly Json[]) => boolean;

const filled = (value: Json) => typeof value === 'string' && value.trim() !== '';
const absent = (value: Json) => value === undefined;
const listed = (value: Json): readonly Json[] => (Array.isArray(value) ? value : []);
const isObject = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);
const absoluteUrl = (value: Json) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
const cards = (response: Json) => listed(response?.cards).filter(isObject);
const suggestions = (response: Json) => cards(response).flatMap((card) => listed(card.suggestions));
const cardActions = (response: Json) => suggestions(response).flatMap((one) => listed(one.actions));
const actions = (response: Json) => [...cardActions(response), ...listed(response?.systemActions)];
const links = (response: Json) => cards(response).flatMap((card) => listed(card.links));
const arrayOrAbsent = (value: Json) => absent(value) || (Array.isArray(value) && value.length > 0);
const only = (value: Json, ...names: string[]) =>
  isObject(value) && Object.keys(value).every((name) => names.includes(name));
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function everywhere(value: Json, holds: (value: Json, key: string) => boolean, key = ''): boolean {
  return (
    holds(value, key) &&
    (typeof value !== 'object' ||
      value === null ||
      Object.entries(value).every(([name, one]) => everywhere(one, holds, name)))
  );
}

const validate = createValidator();

/** The validator is made for what we write: what it chokes on is not sound. */
function isSound(resource: Json): boolean {
  try {
    return validate(resource as Resource).length === 0;
  } catch {
    return false;
  }
}

const coding = (value: Json) => filled(value?.system) && filled(value?.code) && filled(value?.display);

export const responseRules = {
  R1: (response) => isObject(response),
  R2: (response) => Array.isArray(response?.cards) && response.cards.every(isObject),
  R3: (response) =>
    cards(response).every(({ summary }) => filled(summary) && summary.length < 140 && !/[\r\n]/.test(summary)),
  R4: (response) => cards(response).every(({ indicator }) => ['info', 'warning', 'critical'].includes(indicator)),
  R5: (response) => cards(response).every(({ source }) => filled(source?.label)),
  R6: (response) => cards(response).every(({ source }) => filled(source?.topic?.code) && filled(source?.topic?.system)),
  R7: (response) =>
    cards(response).every(({ source }) => [source?.url, source?.icon].every((url) => absent(url) || absoluteUrl(url))),
  R8: (response) => {
    const ids = [...cards(response), ...suggestions(response)].map((one) => one.uuid);
    return ids.every((id) => typeof id === 'string' && uuid.test(id)) && new Set(ids).size === ids.length;
  },
  R9: (response) =>
    cards(response).every(({ detail }) => absent(detail) || (filled(detail) && !/<[a-z!/?]|!\[/i.test(detail))),
  R10: (response) =>
    cards(response).every((card) => arrayOrAbsent(card.suggestions)) &&
    suggestions(response).every(({ label }) => filled(label)),
  R11: (response) =>
    cards(response).every(
      (card) => absent(card.suggestions) || ['at-most-one', 'any'].includes(card.selectionBehavior),
    ),
  R12: (response) =>
    cards(response).every(
      (card) =>
        card.selectionBehavior !== 'at-most-one' ||
        listed(card.suggestions).filter(({ isRecommended }) => isRecommended === true).length <= 1,
    ),
  R13: (response) => suggestions(response).every((one) => arrayOrAbsent(one.actions)),
  R14: (response) =>
    suggestions(response).every(({ isRecommended }) => absent(isRecommended) || typeof isRecommended === 'boolean'),
  R15: (response) =>
    actions(response).every(
      ({ type, description }) => ['create', 'update', 'delete'].includes(type) && filled(description),
    ),
  R16: (response) =>
    actions(response).every(({ type, resource }) => type === 'delete' || filled(resource?.resourceType)),
  R17: (response) => actions(response).every(({ type, resource }) => type !== 'update' || filled(resource?.id)),
  R18: (response) =>
    actions(response).every(
      ({ type, resourceId, resource }) =>
        type !== 'delete' || (/^[A-Za-z]+\/[A-Za-z0-9.-]+$/.test(resourceId) && absent(resource)),
    ),
  R19: (response) => actions(response).every(({ resource }) => !isObject(resource) || isSound(resource)),
  R20: (response, draftOrders = []) => {
    const drafts = draftOrders.map(({ resourceType, id }) => `${resourceType}/${id}`);
    return actions(response).every(({ type, resource, resourceId }) =>
      type === 'create'
        ? true
        : drafts.includes(type === 'delete' ? resourceId : `${resource?.resourceType}/${resource?.id}`),
    );
  },
  R21: (response) =>
    cards(response).every((card) => arrayOrAbsent(card.overrideReasons) && listed(card.overrideReasons).every(coding)),
  R22: (response) =>
    cards(response).every((card) => arrayOrAbsent(card.links)) &&
    links(response).every(
      ({ label, url, type }) => filled(label) && absoluteUrl(url) && ['absolute', 'smart'].includes(type),
    ),
  R23: (response) =>
    links(response).every(
      ({ type, appContext, autolaunchable }) =>
        (absent(appContext) || (type === 'smart' && filled(appContext))) &&
        (absent(autolaunchable) || typeof autolaunchable === 'boolean'),
    ),
  R24: (response) => arrayOrAbsent(response?.systemActions),
  R25: (response) => absent(response?.systemActions),
  R26: (response) => suggestions(response).every((one) => absent(one.actionSelectionBehavior)),
  R27: (response) =>
    everywhere(
      { ...response, cards: withoutResources(response) },
      (value, key) => key !== 'extension' || isObject(value),
    ),
  R28: (response) =>
    only(response, 'cards', 'systemActions', 'extension') &&
    cards(response).every(
      (card) =>
        only(
          card,
          'uuid',
          'summary',
          'detail',
          'indicator',
          'source',
          'suggestions',
          'selectionBehavior',
          'overrideReasons',
          'links',
          'extension',
        ) && only(card.source ?? {}, 'label', 'url', 'icon', 'topic', 'extension'),
    ) &&
    suggestions(response).every((one) => only(one, 'label', 'uuid', 'isRecommended', 'actions', 'extension')) &&
    actions(response).every((one) => only(one, 'type', 'description', 'resource', 'resourceId', 'extension')) &&
    links(response).every((one) => only(one, 'label', 'url', 'type', 'appContext', 'autolaunchable', 'extension')),
  D14: (response) =>
    everywhere(
      { cards: withoutResources(response) },
      (value, key) =>
        value !== null &&
        value !== '' &&
        (key === 'cards' || typeof value !== 'object' || Object.keys(value).length > 0),
    ),
} as const satisfies Record<string, ResponseRule>;

/** Resources follow FHIR's rules, not those of CDS Hooks. */
function withoutResources(response: Json): Json {
  return JSON.parse(JSON.stringify(cards(response), (key, value) => (key === 'resource' ? undefined : value)));
}

export type ResponseRuleId = keyof typeof responseRules;

/** Ids of the rules that an answer breaks. */
export function brokenRules(response: Json, draftOrders?: readonly Json[]): readonly ResponseRuleId[] {
  return (Object.keys(responseRules) as ResponseRuleId[]).filter((id) => {
    const rule: ResponseRule = responseRules[id];
    return !rule(response, draftOrders);
  });
}

const semver = /^\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?$/;
const hookVersions: Readonly<Record<string, string>> = {
  'patient-view': '1.0',
  'order-select': '1.0',
  'order-sign': '1.0',
};

/** The rules for discovery, by id. */
export const discoveryRules: Readonly<Record<string, (body: Json) => boolean>> = {
  D3: (body) => isObject(body) && Array.isArray(body.services),
  D4: (body) =>
    listed(body?.services).every(({ hook, description, id }) => filled(hook) && filled(description) && filled(id)),
  D5: (body) => listed(body?.services).every(({ title }) => absent(title) || filled(title)),
  D6: (body) =>
    listed(body?.services).every(
      ({ prefetch }) =>
        absent(prefetch) ||
        (isObject(prefetch) && Object.keys(prefetch).length > 0 && Object.values(prefetch).every(filled)),
    ),
  D7: (body) =>
    listed(body?.services).every(({ usageRequirements }) => absent(usageRequirements) || filled(usageRequirements)),
  D12: (body) => new Set(listed(body?.services).map(({ id }) => id)).size === listed(body?.services).length,
  D13: (body) =>
    listed(body?.services).every(
      ({ hook, version, hookVersion }) =>
        (absent(version) || semver.test(version)) && (absent(hookVersion) || hookVersion === hookVersions[hook]),
    ),
  D14: (body) =>
    everywhere(
      body,
      (value, key) =>
        value !== null &&
        value !== '' &&
        (key === 'services' || typeof value !== 'object' || Object.keys(value).length > 0),
    ),
};
