import { asIntervalError, type ErrorCode } from '../errors.ts';
import { answerOf } from './answer.ts';
import type { Client } from './authenticate.ts';
import type { CardSource, CdsResponse, GivenCard } from './card.ts';
import { type FetchQuery, resolvePrefetch } from './prefetch.ts';
import { type HookRequest, readRequest } from './request.ts';
import type { CdsService, HookCall } from './service.ts';

/** What the FHIR server of a call may be asked. Made per call; the access token stays inside. */
export interface ChartAccess {
  /** Whether the call's fhirServer is one that we talk to for this client. */
  readonly trusted: boolean;
  /** Absent when there is nothing to ask with. */
  readonly fetchQuery?: FetchQuery;
  /** Called when the answer is made: the access token is gone from then on, whatever is still under way. */
  readonly forget?: () => void;
}

export interface CallWorld {
  readonly chartAccess: (request: HookRequest, client: Client) => ChartAccess;
  readonly source: CardSource;
  readonly ids: () => string;
  /** Whether a resource may stand in a suggestion. */
  readonly isValid?: (resource: object) => boolean;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly limits: CallLimits;
}

export interface CallLimits {
  /** The answer leaves after so many milliseconds, whatever is ready. */
  readonly deadlineMs: number;
  /** Part of it that fetching missing prefetch may take. */
  readonly prefetchMs: number;
  readonly cards: number;
  /** Pages of one prefetch key, the first included. */
  readonly pages: number;
}

/** What became of a call, for log and metrics: ids, codes and counts only. */
export interface HookOutcome {
  readonly service: string;
  readonly requestId: string;
  readonly client?: string;
  readonly hook?: string;
  readonly hookInstance?: string;
  readonly outcome: 'cards' | 'empty' | 'abstained' | 'degraded' | 'late' | 'failed' | 'refused';
  readonly status: number;
  readonly milliseconds: number;
  readonly cards: number;
  /** Prefetch keys that could not be had. */
  readonly missing: readonly string[];
  /** Prefetch keys that were fetched. */
  readonly fetched: readonly string[];
  /** Resources and draft orders of other patients, and cards that were held back. */
  readonly dropped: number;
  readonly code?: ErrorCode;
  /** Why a caller was not believed: for the log alone. */
  readonly refusal?: string;
  /** The error behind `failed`, for the log. */
  readonly error?: unknown;
}

/** What was told to whom: enough to keep a record of it, and no text of it. Carries no token. */
export interface GivenAnswer {
  readonly service: string;
  readonly hookInstance: string;
  readonly requestId: string;
  readonly client: Client;
  /** `Type/id` of who was shown the cards, as the client said. */
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string;
  readonly fhirServer?: string;
  /** At least one. */
  readonly cards: readonly GivenCard[];
}

type Progress = Pick<HookOutcome, 'hook' | 'hookInstance' | 'missing' | 'fetched' | 'dropped'>;
type Ended = { readonly response: CdsResponse; readonly given?: readonly GivenCard[] } & Pick<
  HookOutcome,
  'outcome' | 'code' | 'error' | 'dropped'
>;

/**
 * One service call from body to response, at most `deadlineMs` long. A service that fails or is late is no reason to
 * hold up a clinician: the answer is then `{"cards":[]}`. Throws what is the caller's to mend.
 */
export async function callService(
  service: CdsService,
  body: unknown,
  caller: { readonly client: Client; readonly requestId: string; readonly startedAt: number },
  world: CallWorld,
): Promise<{ readonly response: CdsResponse; readonly outcome: HookOutcome; readonly given?: GivenAnswer }> {
  const { definition } = service;
  const request = readRequest(body, definition);
  let progress: Progress = {
    hook: request.hook,
    hookInstance: request.hookInstance,
    missing: [],
    fetched: [],
    dropped: request.droppedOrders,
  };
  const { deadlineMs } = world.limits;
  const deadline = caller.startedAt + Math.round(deadlineMs * 0.9);
  const soft = new AbortController();

  const { forget, ...access } = world.chartAccess(request, caller.client);
  const work = async (): Promise<Ended> => {
    const prefetch = await resolvePrefetch({
      definition,
      request,
      ...access,
      budgetMs: world.limits.prefetchMs,
      maxPages: world.limits.pages,
      signal: soft.signal,
    });
    const dropped = request.droppedOrders + prefetch.dropped;
    progress = { ...progress, missing: prefetch.missing.map(({ key }) => key), fetched: prefetch.fetched, dropped };
    const { fhirAuthorization: _token, prefetch: _asSent, droppedOrders: _counted, ...kept } = request;
    const call: HookCall = {
      ...kept,
      prefetch: prefetch.values,
      missing: prefetch.missing,
      client: caller.client,
      requestId: caller.requestId,
      signal: soft.signal,
      deadline,
    };
    try {
      const said = await service.handle(call);
      const { response, heldBack, degraded, given } = answerOf(said, prefetch.missing, {
        source: world.source,
        ids: world.ids,
        limit: world.limits.cards,
        isValid: world.isValid,
      });
      const quiet = said.abstained === true ? 'abstained' : response.cards.length === 0 ? 'empty' : 'cards';
      return { response, given, outcome: degraded ? 'degraded' : quiet, dropped: dropped + heldBack };
    } catch (thrown) {
      const error = asIntervalError(thrown);
      if (error.kind === 'caller') {
        throw error;
      }
      const outcome = soft.signal.aborted ? 'late' : 'failed';
      return { response: { cards: [] }, outcome, code: error.code, error: thrown, dropped };
    }
  };

  const left = Math.max(0, caller.startedAt + deadlineMs - world.clock());
  const ended = await beforeDeadline(work(), soft, left).finally(forget);
  const { response, given = [], ...became } = ended ?? { response: { cards: [] }, outcome: 'late' as const };
  const { userId, patientId, encounterId } = request.context;
  return {
    response,
    ...(given.length === 0
      ? {}
      : {
          given: {
            service: definition.id,
            hookInstance: request.hookInstance,
            requestId: caller.requestId,
            client: caller.client,
            userId,
            patientId,
            ...(encounterId === undefined ? {} : { encounterId }),
            ...(request.fhirServer === undefined ? {} : { fhirServer: request.fhirServer }),
            cards: given,
          },
        }),
    outcome: {
      service: definition.id,
      requestId: caller.requestId,
      client: caller.client.id,
      status: 200,
      milliseconds: world.clock() - caller.startedAt,
      cards: response.cards.length,
      ...progress,
      ...became,
    },
  };
}

/** Aborts the work at nine tenths of the time, gives it up at the end: then undefined. */
async function beforeDeadline<T>(work: Promise<T>, soft: AbortController, ms: number): Promise<T | undefined> {
  const warn = setTimeout(() => soft.abort(), ms * 0.9);
  let stop: NodeJS.Timeout | undefined;
  const end = new Promise<undefined>((resolve) => {
    stop = setTimeout(() => resolve(undefined), ms);
  });
  work.catch(() => undefined); // it may still fail when nobody waits any more
  try {
    return await Promise.race([work, end]);
  } finally {
    clearTimeout(warn);
    clearTimeout(stop);
  }
}
