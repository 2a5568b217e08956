import { createHash } from 'node:crypto';
import type { Communication, Reference } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient, SearchOptions } from './client.ts';
import { codeSystem, identifierSystem, profile } from './codes.ts';
import { conditionalQuery, identifierOf, token } from './result-key.ts';
import { validateForWrite } from './validate.ts';

/**
 * What somebody did with a card or a result, kept as a Communication: the form in which any FHIR server can be asked for
 * it (`category`, `subject`, `sender`, `sent`), and no extension is needed to read it.
 */
export interface FeedbackRecord {
  /** Service id, or `review-page`. */
  readonly service: string;
  readonly client: string;
  readonly tenant?: string;
  /** `uuid` of the card; absent on the review page. */
  readonly card?: string;
  readonly outcome: 'accepted' | 'overridden';
  /** ISO instant. */
  readonly at: string;
  readonly suggestions: readonly string[];
  readonly reason?: { readonly code: string; readonly system?: string; readonly display?: string };
  /** Written by a person: may hold patient data. */
  readonly comment?: string;
  /** What is known of the card; nothing for a card that was never recorded here. References are the store's. */
  readonly known?: {
    readonly answer?: string;
    readonly patient: string;
    /** Absent where nobody knows who it was. */
    readonly user?: string;
    readonly topic: { readonly system: string; readonly code: string; readonly display?: string };
    readonly readers: readonly string[];
    readonly basis: readonly string[];
  };
}

/** The same feedback has the same key, whatever is known of the card by then. */
export function feedbackKey(record: FeedbackRecord): string {
  const { service, client, tenant, card, outcome, at, suggestions, reason, comment, known } = record;
  const said = [service, client, tenant, outcome, at, [...suggestions].sort(), reason?.system, reason?.code, comment];
  // Without a card, what was judged stands for it.
  const about = card ?? [...(known?.basis ?? [])].sort();
  return createHash('sha256')
    .update(JSON.stringify([...said, about]))
    .digest('hex');
}

export function communicationOf(record: FeedbackRecord, received: string): Communication {
  const { known, reason, comment } = record;
  const { topic } = known ?? {};
  const about: Reference[] = [...(known?.answer ? [known.answer] : []), ...(known?.basis ?? [])].map((reference) => ({
    reference,
  }));
  return {
    resourceType: 'Communication',
    meta: { profile: [profile.feedback] },
    identifier: [
      { system: identifierSystem.feedback, value: feedbackKey(record) },
      ...(record.card === undefined ? [] : [{ system: identifierSystem.card, value: record.card }]),
    ],
    status: 'completed',
    category: [
      { coding: [{ system: codeSystem.feedbackOutcome, code: record.outcome }] },
      { coding: [{ system: codeSystem.service, code: record.service }] },
    ],
    ...(topic === undefined ? {} : { topic: { coding: [{ ...topic }] } }),
    ...(known === undefined ? {} : { subject: { reference: known.patient } }),
    ...(about.length === 0 ? {} : { about }),
    sent: record.at,
    received,
    ...(known?.user === undefined ? {} : { sender: { reference: known.user } as Reference<never> }),
    ...(known === undefined || known.readers.length === 0
      ? {}
      : { recipient: known.readers.map((display) => ({ type: 'Device', display })) }),
    ...(reason === undefined ? {} : { reasonCode: [{ coding: [withoutEmpty(reason)] }] }),
    ...(record.suggestions.length === 0
      ? {}
      : { payload: record.suggestions.map((id) => ({ contentString: `suggestion ${id}` })) }),
    ...(comment === undefined ? {} : { note: [{ time: record.at, text: comment }] }),
  };
}

/** Keeps one piece of feedback once. `created` is false when it was there. */
export async function keepFeedback(
  store: FhirClient,
  record: FeedbackRecord,
  received: string,
  options: CallOptions = {},
): Promise<{ readonly id: string; readonly created: boolean }> {
  const communication = communicationOf(record, received);
  validateForWrite(communication);
  const key = identifierOf(communication, identifierSystem.feedback) ?? '';
  const query = conditionalQuery([['identifier', token(identifierSystem.feedback, key)]]);
  const { resource, created } = await store.createIfNoneExist(communication, query, options);
  return { id: resource.id ?? '', created };
}

/** References (with version) that one person has set aside → whether with a reason. */
export type Dismissals = ReadonlyMap<string, boolean>;

/** What `dismissalsOf` rests on. */
export const feedbackTypes = ['Communication'] as const;

/** What this person set aside for this patient and did not accept later. References are the store's. */
export async function dismissalsOf(
  store: FhirClient,
  { patient, user }: { readonly patient: string; readonly user: string },
  options: CallOptions = {},
): Promise<Dismissals> {
  const found = await store.search<Communication>(
    'Communication',
    { subject: patient, identifier: `${identifierSystem.feedback}|`, _sort: 'sent', _count: '100' },
    { ...options, maxResources: 500 },
  );
  const dismissed = new Map<string, boolean>();
  for (const one of found.filter(({ sender }) => sender?.reference === user)) {
    const { outcome } = factsOf(one);
    for (const { reference } of one.about ?? []) {
      if (reference === undefined || /(^|\/)GuidanceResponse\//.test(reference)) {
        continue;
      }
      if (outcome === 'overridden') {
        dismissed.set(reference, (dismissed.get(reference) ?? false) || (one.reasonCode ?? []).length > 0);
      } else {
        dismissed.delete(reference);
      }
    }
  }
  return dismissed;
}

/** All feedback in a span of time, oldest first. */
export function findFeedback(
  store: FhirClient,
  span: { readonly since?: string; readonly until?: string },
  options: SearchOptions = {},
): Promise<readonly Communication[]> {
  const sent = [...(span.since ? [`ge${span.since}`] : []), ...(span.until ? [`lt${span.until}`] : [])];
  return store.search<Communication>(
    'Communication',
    {
      identifier: `${identifierSystem.feedback}|`,
      ...(sent.length === 0 ? {} : { sent }),
      _sort: 'sent',
      _count: '200',
    },
    { maxResources: 100_000, maxPages: 1000, ...options },
  );
}

/** What a stored piece of feedback says, as far as it is counted. */
export function factsOf(feedback: Communication) {
  const coded = (system: string) =>
    (feedback.category ?? []).flatMap(({ coding = [] }) => coding).find((one) => one.system === system)?.code;
  return {
    outcome: coded(codeSystem.feedbackOutcome) === 'accepted' ? ('accepted' as const) : ('overridden' as const),
    service: coded(codeSystem.service) ?? 'unknown',
    card: identifierOf(feedback, identifierSystem.card),
    readers: (feedback.recipient ?? []).flatMap(({ display }) => display ?? []),
    reason: feedback.reasonCode?.[0]?.coding?.[0]?.code,
    sent: feedback.sent ?? '',
  };
}

function withoutEmpty(coding: NonNullable<FeedbackRecord['reason']>) {
  return Object.fromEntries(Object.entries(coding).filter(([, value]) => value !== undefined && value !== ''));
}
