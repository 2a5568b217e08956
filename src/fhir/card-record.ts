import type { GuidanceResponse, Parameters, ParametersParameter } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient } from './client.ts';
import { codeSystem, identifierSystem, profile } from './codes.ts';
import { token } from './result-key.ts';

/** What is remembered of a card: nothing of what it said, only what it rests on. References are the store's. */
export interface CardRecord {
  readonly uuid: string;
  readonly topic: { readonly system: string; readonly code: string; readonly display?: string };
  readonly indicator: string;
  readonly basis: readonly string[];
  readonly readers: readonly string[];
  readonly overrideReasons: readonly string[];
  readonly suggestions: readonly { readonly uuid: string; readonly confirms: readonly string[] }[];
}

/** The cards of one answer to one hook call. */
export interface AnswerRecord {
  readonly service: string;
  readonly hookInstance: string;
  /** Id of the CDS client in the configuration; feedback from another one is not about this answer. */
  readonly client: string;
  readonly tenant?: string;
  /** False in development mode. */
  readonly authenticated: boolean;
  /** Reference, in the form of the store, of who was shown the cards; the client's word. */
  readonly user: string;
  readonly patient: string;
  readonly encounter?: string;
  readonly cards: readonly CardRecord[];
}

/** GuidanceResponse: the cards' uuids are its identifiers, so that feedback finds it. */
export function guidanceOf(
  answer: AnswerRecord,
  options: { readonly now: string; readonly moduleUri: string; readonly performer: string },
): GuidanceResponse {
  return {
    resourceType: 'GuidanceResponse',
    meta: { profile: [profile.answer] },
    contained: [{ resourceType: 'Parameters', id: 'cards', parameter: parametersOf(answer) }],
    identifier: answer.cards.map(({ uuid }) => ({ system: identifierSystem.card, value: uuid })),
    requestIdentifier: { system: identifierSystem.hookInstance, value: answer.hookInstance },
    moduleUri: options.moduleUri,
    status: 'success',
    subject: { reference: answer.patient },
    ...(answer.encounter === undefined ? {} : { encounter: { reference: answer.encounter } }),
    occurrenceDateTime: options.now,
    performer: { display: options.performer },
    outputParameters: { reference: '#cards' },
  };
}

/** The answer of a GuidanceResponse of ours; undefined when it is none or lacks a part. */
export function answerOfGuidance(guidance: GuidanceResponse): AnswerRecord | undefined {
  const parameters = guidance.contained?.find((one): one is Parameters => one.resourceType === 'Parameters')?.parameter;
  const find = (name: string) => parameters?.find((one) => one.name === name);
  const service = find('service')?.valueString;
  const client = find('client')?.valueString;
  const user = find('user')?.valueReference?.reference;
  const hookInstance = guidance.requestIdentifier?.value;
  const patient = guidance.subject?.reference;
  if (!service || !client || !user || !hookInstance || !patient) {
    return undefined;
  }
  const tenant = find('tenant')?.valueString;
  const encounter = guidance.encounter?.reference;
  return {
    service,
    client,
    user,
    hookInstance,
    patient,
    authenticated: find('authenticated')?.valueBoolean ?? false,
    ...(tenant === undefined ? {} : { tenant }),
    ...(encounter === undefined ? {} : { encounter }),
    cards: (parameters ?? []).filter(({ name }) => name === 'card').flatMap(({ part = [] }) => cardOf(part) ?? []),
  };
}

/** The answers that hold these cards, by card. Unknown uuids are simply not there. */
export async function findAnswers(
  store: FhirClient,
  cards: readonly string[],
  options: CallOptions = {},
): Promise<ReadonlyMap<string, { readonly id: string; readonly answer: AnswerRecord; readonly card: CardRecord }>> {
  const found = new Map<string, { id: string; answer: AnswerRecord; card: CardRecord }>();
  const distinct = [...new Set(cards)];
  for (let start = 0; start < distinct.length; start += most) {
    const identifier = distinct
      .slice(start, start + most)
      .map((uuid) => token(identifierSystem.card, uuid))
      .join(',');
    const guidances = await store.search<GuidanceResponse>('GuidanceResponse', { identifier, _count: '100' }, options);
    for (const guidance of guidances) {
      const answer = answerOfGuidance(guidance);
      for (const card of answer?.cards ?? []) {
        found.set(card.uuid, { id: guidance.id ?? '', answer: answer as AnswerRecord, card });
      }
    }
  }
  return found;
}

/** Cards that one search names. */
const most = 20;

function parametersOf(answer: AnswerRecord): ParametersParameter[] {
  return [
    { name: 'service', valueString: answer.service },
    { name: 'client', valueString: answer.client },
    ...(answer.tenant === undefined ? [] : [{ name: 'tenant', valueString: answer.tenant }]),
    { name: 'authenticated', valueBoolean: answer.authenticated },
    { name: 'user', valueReference: { reference: answer.user } },
    ...answer.cards.map((card) => ({
      name: 'card',
      part: [
        { name: 'uuid', valueString: card.uuid },
        { name: 'topic', valueCoding: { ...card.topic } },
        { name: 'indicator', valueCode: card.indicator },
        ...card.readers.map((valueString) => ({ name: 'reader', valueString })),
        ...card.basis.map(asReference('basis')),
        ...card.overrideReasons.map((valueCode) => ({ name: 'override-reason', valueCode })),
        ...card.suggestions.map(({ uuid, confirms }) => ({
          name: 'suggestion',
          part: [{ name: 'uuid', valueString: uuid }, ...confirms.map(asReference('confirms'))],
        })),
      ],
    })),
  ];
}

function asReference(name: string) {
  return (reference: string): ParametersParameter => ({ name, valueReference: { reference } });
}

function cardOf(parts: readonly ParametersParameter[]): CardRecord | undefined {
  const all = (name: string) => parts.filter((one) => one.name === name);
  const references = (from: readonly ParametersParameter[], name: string) =>
    from.filter((one) => one.name === name).flatMap((one) => one.valueReference?.reference ?? []);
  const uuid = all('uuid')[0]?.valueString;
  if (!uuid) {
    return undefined;
  }
  const { system = codeSystem.topic, code = '', display } = all('topic')[0]?.valueCoding ?? {};
  return {
    uuid,
    topic: { system, code, ...(display === undefined ? {} : { display }) },
    indicator: all('indicator')[0]?.valueCode ?? 'info',
    basis: references(parts, 'basis'),
    readers: all('reader').flatMap((one) => one.valueString ?? []),
    overrideReasons: all('override-reason').flatMap((one) => one.valueCode ?? []),
    suggestions: all('suggestion').flatMap(({ part = [] }) => {
      const id = part.find((one) => one.name === 'uuid')?.valueString;
      return id ? [{ uuid: id, confirms: references(part, 'confirms') }] : [];
    }),
  };
}
