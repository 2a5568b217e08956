import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import type { TokenSource } from '../../src/fhir/transport.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { requestForPatient } from '../../src/jobs/arrivals.ts';
import type { JobEvent } from '../../src/jobs/events.ts';
import { createFence } from '../../src/jobs/fence.ts';
import { keepLedger } from '../../src/jobs/ledger.ts';
import { createRunner } from '../../src/jobs/run.ts';
import { createSweep } from '../../src/jobs/sweep.ts';
import { createMemoryQueue } from '../../src/queue/memory.ts';
import type { EnqueueOptions, Queue } from '../../src/queue/queue.ts';
import { type Behaviour, smallAnalysis } from './small-analysis.ts';

export interface JobProcessOptions {
  /** Of the store, which is the source too unless that is given. */
  readonly base: string;
  /** May be made to fail. */
  readonly fetch: typeof fetch;
  readonly source?: { readonly base: string; readonly fetch: typeof fetch };
  readonly behaviour?: Behaviour;
  readonly onEvent?: (event: JobEvent) => void;
  readonly backoffMs?: (attempt: number) => number;
  /** Of each request. */
  readonly requestMs?: number;
  readonly token?: TokenSource;
  readonly attempts?: number;
  readonly queue?: Queue;
  readonly beatMs?: number;
  readonly staleMs?: number;
  readonly clock?: () => Date;
  readonly elapsed?: () => number;
}

/** What a process is made of that runs jobs: its own client, write-back and ledger over a shared server. */
export async function aJobProcess(options: JobProcessOptions) {
  const { base, fetch: send, behaviour = {}, attempts = 1, beatMs = 60_000, staleMs = 3 * beatMs } = options;
  const { clock = () => new Date(), elapsed } = options;
  const more = {
    retry: 0,
    ...(options.requestMs ? { timeoutMs: options.requestMs } : {}),
    ...(options.token ? { token: options.token } : {}),
  };
  const store = createFhirClient({ base, fetch: send, ...more });
  const source = options.source ? createFhirClient({ ...options.source, ...more }) : store;
  const form = referenceForm({ source: source.base, store: base });
  const analyses = [await smallAnalysis(behaviour)];
  const writeBack = createWriteBack();
  const fence = createFence();
  const fenced = { store: fence.guard(store), source: fence.guard(source) };
  const run = createRunner({
    store,
    source,
    form,
    analyses,
    world: { timeZone: '', dicomweb: () => undefined },
    complete: { organization: { display: 'Test site' } },
    clock,
    beatMs,
    ...(options.onEvent ? { onEvent: options.onEvent } : {}),
    ...(elapsed ? { elapsed } : {}),
    mode: 'full',
    write: (result, signal, { assure, check }) =>
      fence.within(assure, () => writeBack(result, { ...fenced, mode: 'full' }, { signal, check })),
  });
  const queue =
    options.queue ??
    createMemoryQueue({
      concurrency: 1,
      limit: 1000,
      attempts,
      timeoutMs: 20_000,
      backoffMs: options.backoffMs ?? (() => 1),
    });
  const ledger = { store, form, queue, clock };
  const owner = `test/1/${crypto.randomUUID()}`;
  const lost: string[] = [];
  const handler = keepLedger(async (job, signal, attempt) => void (await run(job, signal, attempt)), ledger, {
    owner,
    onLost: (job) => lost.push(job.key),
  });
  queue.process(handler);
  return {
    store,
    queue,
    ledger,
    run,
    handler,
    owner,
    lost,
    analyses,
    sweep: createSweep(ledger, { staleMs, ...(elapsed ? { elapsed } : {}) }),
    ask: (patient = 'p1', asked: EnqueueOptions = {}) =>
      requestForPatient(patient, { source, analyses, ledger, ...asked }),
  };
}
