import { auditEventOf } from '../fhir/audit-event.ts';
import type { FhirClient } from '../fhir/client.ts';
import { validateForWrite } from '../fhir/validate.ts';
import type { ServerOutcome, WriteOutcome } from '../fhir/write-back.ts';
import type { Servers } from '../servers.ts';
import type { Config } from '../settings.ts';

const ATTEMPTS = 3;

export interface JobAudit {
  wrote(outcome: WriteOutcome, patient: string | undefined, jobKey: string): Promise<void>;
  /** What a job withdrew on one server; references are relative to it. */
  changed(references: readonly string[], server: FhirClient, patient: string, jobKey: string): Promise<void>;
}

/**
 * AuditEvents of what a job wrote, one for what it created and one for what it changed on each server, in the store. No
 * client stands behind a job: the setting decides. Where the store does not take the event after some attempts the attempt
 * at the job fails, as it would at the end of its Task.
 */
export function createJobAudit(parts: {
  readonly config: Pick<Config, 'audit' | 'publicUrl'>;
  readonly servers: Servers;
  readonly clock: () => Date;
}): JobAudit {
  const { config, servers, clock } = parts;
  const { audit } = config;
  const self = { id: 'interval', display: 'Interval', ...(config.publicUrl ? { address: config.publicUrl } : {}) };

  async function keep(
    outcome: Pick<ServerOutcome, 'changes'>,
    base: string,
    patient: string,
    jobKey: string,
  ): Promise<void> {
    for (const action of ['create', 'update'] as const) {
      const references = outcome.changes.filter((one) => one.action === action).map(({ reference }) => reference);
      // The report stands for the event, where it is among them.
      references.sort((one, other) => Number(isReport(other)) - Number(isReport(one)));
      if (references.length === 0) {
        continue;
      }
      const event = auditEventOf({
        action,
        recorded: clock().toISOString(),
        patient,
        references,
        client: self,
        server: { id: base, display: 'FHIR server', address: base },
        observer: self,
        requestId: jobKey,
      });
      validateForWrite(event);
      for (let attempt = 1; ; attempt++) {
        try {
          await servers.store.create(event);
          break;
        } catch (error) {
          if (attempt >= ATTEMPTS) {
            throw error;
          }
        }
      }
    }
  }

  return {
    async changed(references, server, patient, jobKey) {
      if (audit !== 'off') {
        const changes = references.map((reference) => ({ action: 'update' as const, reference }));
        await keep({ changes }, server.base, patient, jobKey);
      }
    },
    async wrote({ store, source }, patient, jobKey) {
      // What was read from a file that belongs to no chart is about nobody.
      if (audit === 'off' || patient === undefined) {
        return;
      }
      await keep(store, servers.store.base, patient, jobKey);
      if (source) {
        await keep(source, servers.source.base, patient, jobKey);
      }
    },
  };
}

function isReport(reference: string): boolean {
  return reference.startsWith('DiagnosticReport/');
}
