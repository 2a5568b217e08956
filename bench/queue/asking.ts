import type { ActiveAnalysis } from '../../src/analyses/active.ts';
import { loadConfig } from '../../src/config.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import { requestForPatient } from '../../src/jobs/arrivals.ts';
import { createModels } from '../../src/models.ts';
import { activateAll, createTools } from '../../src/parts.ts';
import { createBullQueue } from '../../src/queue/bullmq.ts';

/** Asks for what is due as the service does when reports arrive: the Task in the store, then the queue in Redis. */
export async function openAsking(base: string, redisUrl: string) {
  const config = loadConfig({ environment: {} });
  const tools = createTools(config);
  const models = await createModels(config);
  const analyses: readonly ActiveAnalysis[] = await activateAll(config, tools, models);
  const store = createFhirClient({ base });
  const queue = createBullQueue({ url: redisUrl, concurrency: 1, limit: 100_000, attempts: 3, timeoutMs: 180_000 });
  const ledger = { store, form: referenceForm({ source: base, store: base }), queue, clock: () => new Date() };
  return {
    store,
    queue,
    async ask(patientId: string): Promise<number> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await requestForPatient(patientId, { source: store, analyses, ledger });
        } catch (error) {
          // The server is being restarted: whoever tells of arrivals comes again.
          if (attempt >= 100) {
            throw error;
          }
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
    async close() {
      await queue.close(0);
      await tools.close();
      await models.close();
    },
  };
}
