import { randomUUID } from 'node:crypto';
import type { CodeableConcept, Observation, Resource } from '@medplum/fhirtypes';
import { summarize } from '../../src/analyses/lab-report/summary.ts';
import type { Client } from '../../src/cds-hooks/authenticate.ts';
import type { Registration } from '../../src/cds-hooks/clients.ts';
import { loadConfig } from '../../src/config.ts';
import { createBreakers } from '../../src/fhir/breaker.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { codeSystem } from '../../src/fhir/codes.ts';
import { completeResult } from '../../src/fhir/complete.ts';
import { feedbackTypes } from '../../src/fhir/feedback.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import type { ResultDraft } from '../../src/fhir/result-draft.ts';
import { storedResults } from '../../src/fhir/results.ts';
import { completeTask, createTask, startTask } from '../../src/fhir/tasks.ts';
import { createWriteBack, type WriteMode } from '../../src/fhir/write-back.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type CardFeedback, createCardFeedback } from '../../src/services/feedback.ts';
import { createKeeping, type Keeping } from '../../src/services/keeping.ts';
import { resultsService } from '../../src/services/results.ts';
import type { ServiceWorld } from '../../src/services/world.ts';
import { type Front, openFront, service as recording } from '../cds-hooks/front.ts';
import { smallAnalysis } from '../support/small-analysis.ts';

export const now = '2026-03-14T16:00:00.000Z';
export const user = 'Practitioner/abc';
export const patientId = 'p1';

export interface JudgedWorld {
  readonly store: FhirClient;
  readonly source: FhirClient;
  readonly front: Front;
  readonly feedback: CardFeedback;
  readonly keeping: Keeping;
  readonly world: ServiceWorld;
  readonly lines: readonly string[];
  /** Id of our report in the store. */
  readonly report: string;
  all<T extends Resource>(type: T['resourceType'], from?: FhirClient): Promise<readonly T[]>;
  // biome-ignore lint/suspicious/noExplicitAny: cards as JSON
  open(as?: string): Promise<readonly any[]>;
  send(entries: readonly object[], service?: string): Promise<number>;
  close(): Promise<void>;
}

export interface JudgedOptions {
  readonly mode?: WriteMode;
  /** Source and store are two servers. */
  readonly apart?: boolean;
  readonly client?: () => Client;
  readonly settings?: Record<string, unknown>;
  readonly registrations?: readonly Registration[];
  /** Printed flag of the potassium: HH makes the card critical. */
  readonly flag?: string;
  readonly potassium?: number;
}

/** A store with one report of three results read for one patient, behind the real router, services and feedback. */
export async function judgedWorld(options: JudgedOptions = {}): Promise<JudgedWorld> {
  const own = createFhirServer({ base: 'http://store.test/fhir' });
  const ehr = options.apart ? createFhirServer({ base: 'http://ehr.test/r4' }) : own;
  const store = createFhirClient({ base: own.base, fetch: own.fetch });
  const source = options.apart ? createFhirClient({ base: ehr.base, fetch: ehr.fetch }) : store;
  const mode = options.mode ?? 'full';
  const form = referenceForm({ store: store.base, source: source.base });
  const breakers = createBreakers({ failures: 10, openMs: 1, slowMs: 1, clock: Date.now, onChange: () => undefined });
  const servers = { store, source, form, mode, breakers };
  const report = await writeReading(servers, options);
  const lines: string[] = [];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const config = loadConfig({ environment: {}, given: { ...options.settings } });
  const metrics = createMetrics(async () => ({ waiting: 0, running: 0, delayed: 0, dead: 0, oldestSeconds: 0 }));
  const active = await smallAnalysis();
  const world = {
    config,
    address: 'http://interval.test',
    publicUrl: 'http://interval.test',
    ids: randomUUID,
    trust: { registrations: options.registrations ?? [] },
    servers,
    metrics,
    log,
    clock: () => new Date(now),
    analyses: [active],
  } as unknown as ServiceWorld;
  const keeping = createKeeping(world);
  const feedback = createCardFeedback(world, {
    ...keeping,
    chartsOf: () => ({ ours: true, toStore: form.toStore }),
    revision: () => own.revision(feedbackTypes),
  });
  const { definition } = recording('lab-report-results');
  const service = resultsService(
    definition,
    { ...active, analysis: { ...active.analysis, candidates: () => [], summarize } },
    {
      chartsOf: () => ({ ours: true, toStore: form.toStore }),
      results: (patient, signal) => storedResults(store, form.toStore(patient), { signal }),
      request: () => undefined,
      dismissals: feedback.dismissals,
      offersAcceptance: (caller) => (caller.registration?.writeBack ?? mode) !== 'none',
      clock: () => new Date(now),
    },
  );
  const client: Client = { id: 'ehr-one', authenticated: true };
  const front = await openFront([service, recording('chest-xray-change')], {
    authenticate: async () => options.client?.() ?? client,
    feedback: feedback.sink,
    onGiven: feedback.given,
    optionsOf: ({ id }) => keeping.optionsOf(id),
    ids: () => crypto.randomUUID(),
    source: {
      label: 'Interval',
      topicSystem: codeSystem.topic,
      overrideReasonSystem: codeSystem.overrideReason,
    },
  });
  return {
    store,
    source,
    front,
    feedback,
    keeping,
    world,
    lines,
    report,
    all: (type, from = store) => from.search(type, { _count: '100' }),
    async open(as = user) {
      const { status, body } = await front.post('/cds-services/lab-report-results', {
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        context: { userId: as, patientId },
        prefetch: {
          patient: { resourceType: 'Patient', id: patientId },
          reports: null,
          documents: null,
          studies: null,
          labs: null,
        },
      });
      if (status !== 200) {
        throw new Error(JSON.stringify(body));
      }
      await keeping.background.idle();
      return body.cards;
    },
    async send(entries, id = 'lab-report-results') {
      const { status } = await front.post(`/cds-services/${id}/feedback`, { feedback: entries });
      await keeping.background.idle();
      return status;
    },
    async close() {
      await front.close();
      own.close();
      if (ehr !== own) {
        ehr.close();
      }
    },
  };
}

type Servers = ServiceWorld['servers'];

/** A reading as a job writes it; `potassium` may differ, as another reader's might. */
export async function writeReading(servers: Servers, options: JudgedOptions = {}): Promise<string> {
  const { form, store } = servers;
  const subject = form.toStore('DocumentReference/d1');
  const patient = form.toStore(`Patient/${patientId}`);
  const key = crypto.randomUUID().replaceAll('-', '');
  const job = {
    key,
    analysis: 'lab-report',
    reader: 'embedded',
    patient,
    subject: { reference: subject, version: '1' },
  };
  const potassium = options.potassium ?? 5.6;
  const draft: ResultDraft = {
    jobKey: key,
    analysis: 'lab-report',
    reader: { analysis: 'lab-report', analysisVersion: '1', readerId: 'embedded', readerVersion: '1', models: [] },
    patient,
    subject,
    sourceIdentity: 'd1:0',
    observations: [
      observation('potassium', '2823-3', potassium, options.flag ?? 'H'),
      observation('sodium', '2951-2', 128, 'L'),
      observation('chloride', '2075-0', 101),
    ].map((resource, item) => ({
      item: `${resource.code?.text}.${item}`,
      regions: [{ source: subject, page: 1, box: [10, 20, 30, 40], width: 595, height: 842 }],
      resource,
    })),
    report: {
      resourceType: 'DiagnosticReport',
      category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB' }] }],
      code: { text: 'Outside laboratory report' },
      effectiveDateTime: '2026-03-13T07:40:00Z',
    },
    media: [],
    inputs: [{ reference: subject, sha256: 'ab'.repeat(32), display: 'Outside laboratory report' }],
  };
  const { task } = await createTask(store, { ...job, companions: [] }, { now });
  const started = await startTask(store, task, { now, runner: 'a/1/b/1' });
  const result = completeResult(draft, { now, organization: { display: 'Test site' } });
  const written = (await createWriteBack()(result, servers)).store;
  await completeTask(store, started, { now, outputs: [...written.observations, written.report!] });
  return written.report!.split('/')[1]!;
}

function observation(name: string, code: string, value: number, flag?: string) {
  const interpretation: CodeableConcept[] | undefined = flag
    ? [{ coding: [{ system: codeSystem.interpretation, code: flag }], text: flag }]
    : undefined;
  return {
    resourceType: 'Observation',
    category: [{ coding: [{ system: codeSystem.observationCategory, code: 'laboratory' }] }],
    code: { coding: [{ system: codeSystem.loinc, code }], text: name },
    effectiveDateTime: '2026-03-13T07:40:00Z',
    valueQuantity: { value, unit: 'mmol/L', system: codeSystem.ucum, code: 'mmol/L' },
    ...(interpretation ? { interpretation } : {}),
  } satisfies Partial<Observation>;
}
