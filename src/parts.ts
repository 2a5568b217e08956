import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { ActiveAnalysis } from './analyses/active.ts';
import { activate } from './analyses/active.ts';
import type { ReaderId } from './analyses/analysis.ts';
import { type AnalysisTools, createCatalog } from './analyses/catalog.ts';
import { createDocuments } from './documents/documents.ts';
import type { CompleteContext } from './fhir/complete.ts';
import { createWriteBack } from './fhir/write-back.ts';
import { createDecoder } from './imaging/decoder.ts';
import type { Models } from './inference/model.ts';
import type { JobEvent } from './jobs/events.ts';
import { createFence } from './jobs/fence.ts';
import { MISSED_BEATS } from './jobs/hold.ts';
import { createRunner } from './jobs/run.ts';
import { pacs } from './pacs.ts';
import type { Servers } from './servers.ts';
import { createJobAudit } from './services/job-audit.ts';
import type { Config } from './settings.ts';
import { readCriticalTable } from './terminology/critical-values.ts';
import type { Traces } from './traces.ts';
import { SERVICE_VERSION } from './version.ts';

/** What the service, its worker process, `interval worker` and the command line build alike. */

export function completion(config: Config): Omit<CompleteContext, 'now'> {
  return { organization: { display: config.organization }, serviceVersion: SERVICE_VERSION };
}

/** Every analysis with the reader that the configuration chose. Throws `reader-unavailable`. */
export function activateAll(config: Config, tools: AnalysisTools, models: Models): Promise<readonly ActiveAnalysis[]> {
  const chosen: Readonly<Record<string, ReaderId>> = {
    'lab-report': config.labReportReader,
    'chest-xray-comparison': config.chestXrayReader,
  };
  return Promise.all(
    createCatalog(tools).map((analysis) => activate(analysis, chosen[analysis.id] ?? 'embedded', models)),
  );
}

/** Parsers and decoders, whose threads start when first needed, and the critical values. Throws `critical-values-invalid`. */
export function createTools(
  config?: Pick<Config, 'criticalValues' | 'chestPriorDays' | 'chestBedsidePriorDays'>,
): AnalysisTools & { close(): Promise<void> } {
  const documents = createDocuments();
  const decoder = createDecoder();
  const criticalValues = config?.criticalValues ? readCriticalTable(config.criticalValues) : undefined;
  const closing = {
    documents,
    decoder,
    ...(criticalValues ? { criticalValues } : {}),
    ...(config
      ? { priorWindow: { windowDays: config.chestPriorDays, bedsideWindowDays: config.chestBedsidePriorDays } }
      : {}),
  };
  return { ...closing, close: async () => void (await Promise.all([documents.close(), decoder.close()])) };
}

/** Niceness of processes that read: reading takes what hooks leave, and is not starved by everything else. */
export const READING_PRIORITY = 5;

/** Names this process, unlike any other and any before it: containers start again with the same host and the same pid. */
export function processName(): string {
  return `${hostname()}/${process.pid}/${randomBytes(4).toString('hex')}`;
}

/** How often a job that runs says so. */
export function beatMsOf(config: Pick<Config, 'staleSeconds'>): number {
  return Math.round((config.staleSeconds * 1000) / MISSED_BEATS);
}

/** Runs jobs in this process: what the worker process and `interval worker` do. */
export async function createJobRunner(
  config: Config,
  servers: Servers,
  tools: AnalysisTools,
  models: Models,
  watch: { readonly onEvent?: (event: JobEvent) => void; readonly traces?: Traces } = {},
): Promise<ReturnType<typeof createRunner>> {
  const writeBack = createWriteBack();
  const audit = createJobAudit({ config, servers, clock: () => new Date() });
  const fence = createFence();
  const fenced = { ...servers, store: fence.guard(servers.store), source: fence.guard(servers.source) };
  return createRunner({
    ...servers,
    analyses: await activateAll(config, tools, models),
    world: { timeZone: config.timeZone, dicomweb: pacs(config) },
    complete: completion(config),
    clock: () => new Date(),
    beatMs: beatMsOf(config),
    async write(result, signal, { assure, check }) {
      const outcome = await fence.within(assure, () => writeBack(result, fenced, { signal, check }));
      await audit.wrote(outcome, result.report.subject?.reference, result.jobKey);
      return outcome;
    },
    onWithdrawn: (changed, server, job) => audit.changed(changed, server, servers.form.toStore(job.patient), job.key),
    ...watch,
  });
}
