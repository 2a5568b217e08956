import type { DiagnosticReport, DocumentReference, ImagingStudy } from '@medplum/fhirtypes';
import { asIntervalError, IntervalError } from '../errors.ts';
import { isAiAsserted, isOurs } from '../fhir/result-key.ts';
import { type PatientsWorld, patientId } from './patients-of.ts';
import { type WatchedType, watched } from './watched.ts';

/** How far a back-fill has come: ids and instants, nothing else of a chart. */
export interface BackfillState {
  /** ISO instant before which resources were last updated: fixed when the back-fill began. */
  readonly until: string;
  readonly type: WatchedType;
  /** ISO instant up to which this type has been walked. */
  readonly updated: string;
  /** Ids of patients that are done. */
  readonly patients: readonly string[];
  readonly resources: number;
  /** Jobs that were asked for. */
  readonly jobs: number;
  /** Patients that could not be looked at, by the code of the error. */
  readonly failed: Readonly<Record<string, number>>;
}

export interface BackfillOptions {
  readonly types: readonly WatchedType[];
  /** ISO instant. */
  readonly since: string;
  /** Asks for what is due for a patient; returns how many jobs. */
  readonly ask: (patient: string) => Promise<number>;
  /** Waits until the next request may be made. */
  readonly pace: () => Promise<void>;
  /** Waits so many milliseconds before another attempt. */
  readonly pause: (ms: number) => Promise<void>;
  /** Told after every patient and page; what it is told last is where the next run goes on. */
  readonly onProgress: (state: BackfillState) => void;
  readonly signal: AbortSignal;
}

type Watched = DiagnosticReport | DocumentReference | ImagingStudy;

const PAGE = 100;
/** Attempts at one request, a quarter of an hour together, before the run ends to be gone on with later. */
const ATTEMPTS = 10;
const LONGEST_PAUSE_MS = 120_000;
/** These do not get better with the next patient. */
const hopeless = new Set(['fhir-unauthorized', 'fhir-forbidden']);

/**
 * Walks what the source holds, oldest change first, and asks for what is due for each patient once. Pages are searches from
 * the last instant on, so that a walk may be broken off anywhere and gone on with on any server.
 */
export async function backfill(
  state: BackfillState,
  world: PatientsWorld,
  options: BackfillOptions,
): Promise<BackfillState> {
  const { types, since, signal } = options;
  const done = new Set(state.patients);
  /** Grows; the states that are told share it. */
  const patients = [...done];
  let now: BackfillState = { ...state, patients };
  const at = (change: Partial<BackfillState>) => {
    now = { ...now, ...change };
    options.onProgress(now);
  };

  for (const type of types.slice(types.indexOf(state.type))) {
    if (type !== now.type) {
      at({ type, updated: since });
    }
    for await (const page of pages(type)) {
      for (const resource of page) {
        signal.throwIfAborted();
        const ours = isOurs(resource) && isAiAsserted(resource);
        const patient = ours ? undefined : patientId(resource.subject?.reference, world);
        if (patient !== undefined && !done.has(patient)) {
          await look(patient);
          done.add(patient);
          patients.push(patient);
        }
        at({ updated: new Date(instantOf(resource)).toISOString(), resources: now.resources + 1 });
      }
    }
  }
  return now;

  async function look(patient: string): Promise<void> {
    try {
      at({ jobs: now.jobs + (await patiently(() => options.ask(patient))) });
    } catch (thrown) {
      const error = asIntervalError(thrown);
      if (signal.aborted || error.retry || hopeless.has(error.code) || error.kind === 'internal') {
        throw thrown;
      }
      at({ failed: { ...now.failed, [error.code]: (now.failed[error.code] ?? 0) + 1 } });
    }
  }

  async function* pages(type: WatchedType): AsyncGenerator<readonly Watched[]> {
    /** Resources of the last instant that are done. */
    let seen = new Set<string>();
    let maxPages = 1;
    /** How many there were when a search last brought nothing new. */
    let known = 0;
    for (;;) {
      const from = Date.parse(now.updated);
      const found = (await search(type, maxPages)).filter((one) => one.resourceType === type);
      checkOrder(found, from);
      const fresh = found.filter(({ id }) => !seen.has(id as string));
      if (fresh.length === 0) {
        // More of one instant than fit on a page, as after an import; or the end.
        if (found.length <= known) {
          return;
        }
        known = found.length;
        maxPages *= 2;
        continue;
      }
      yield fresh;
      const last = Date.parse(now.updated);
      const ofLast = found.filter((one) => instantOf(one) === last).map(({ id }) => id as string);
      seen = new Set(last === from ? [...seen, ...ofLast] : ofLast);
      maxPages = last === from ? maxPages * 2 : 1;
      known = 0;
    }
  }

  function search(type: WatchedType, maxPages: number): Promise<readonly Watched[]> {
    const query = {
      _lastUpdated: [`ge${now.updated}`, `lt${now.until}`],
      status: watched[type],
      _sort: '_lastUpdated',
      _elements: 'subject,status,identifier,meta',
      _count: String(PAGE),
    };
    return patiently(() =>
      world.source.search<Watched>(type, query, { maxPages, maxResources: PAGE * maxPages, signal }),
    );
  }

  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await options.pace();
      signal.throwIfAborted();
      try {
        return await work();
      } catch (thrown) {
        const error = asIntervalError(thrown);
        if (!error.retry || signal.aborted || attempt >= ATTEMPTS) {
          throw thrown;
        }
        await options.pause(Math.max(Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** (attempt - 1)), error.retryAfterMs ?? 0));
      }
    }
  }
}

/** Milliseconds since 1970; NaN where the source does not say. */
function instantOf({ meta }: Watched): number {
  return Date.parse(meta?.lastUpdated ?? '');
}

/** A walk that rests on the order would miss what a server puts elsewhere. */
function checkOrder(page: readonly Watched[], from: number): void {
  let before = from;
  for (const resource of page) {
    if (!(instantOf(resource) >= before)) {
      throw new IntervalError('fhir-bad-answer', 'The source does not sort by the time of the last update.');
    }
    before = instantOf(resource);
  }
}
