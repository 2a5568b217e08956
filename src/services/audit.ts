import type { Client } from '../cds-hooks/authenticate.ts';
import { type AuditDraft, type AuditSystem, auditEventOf } from '../fhir/audit-event.ts';
import type { FhirClient } from '../fhir/client.ts';
import type { Background } from './background.ts';
import type { ClientOptionsOf } from './client-options.ts';

export interface Audit {
  /** Cards, or a page of a chart, were shown to somebody. */
  disclosed(event: {
    readonly patient: string;
    readonly data: string;
    readonly client: Client;
    readonly user?: string;
    readonly requestId?: string;
  }): void;
  /** Resources of a patient were created or changed on a server, on behalf of a client. */
  wrote(event: {
    readonly action: 'create' | 'update';
    readonly patient: string;
    readonly references: readonly string[];
    /** Base URL of the server that was written to. */
    readonly server: string;
    readonly client: Client;
    readonly user?: string;
    readonly requestId?: string;
  }): void;
}

export interface AuditParts {
  readonly store: FhirClient;
  readonly background: Background;
  readonly optionsOf: ClientOptionsOf;
  readonly clock: () => Date;
  /** Base URL of this service as clients know it. */
  readonly publicUrl: () => string;
}

/** Audit events go into the store, behind the answer's back, where the options of the client do not switch them off. */
export function createAudit(parts: AuditParts): Audit {
  const self = (): AuditSystem => ({ id: 'interval', display: 'Interval', address: parts.publicUrl() });
  const caller = ({ id, authenticated }: Client): AuditSystem => ({
    id,
    display: authenticated ? `CDS client ${id}` : `CDS client ${id}, not authenticated`,
  });

  function add(client: Client, draft: Omit<AuditDraft, 'recorded' | 'observer'>): void {
    if (parts.optionsOf(client.id).audit === 'off') {
      return;
    }
    const event = auditEventOf({ ...draft, recorded: parts.clock().toISOString(), observer: self() });
    // Of one form, which the tests hold to BALP: checking each took longer than writing it.
    parts.background.add('audit', () => parts.store.create(event));
  }

  return {
    disclosed({ patient, data, client, user, requestId }) {
      add(client, {
        action: 'read',
        patient,
        references: [data],
        client: caller(client),
        server: self(),
        ...(user === undefined ? {} : { user }),
        ...(requestId === undefined ? {} : { requestId }),
      });
    },
    wrote({ action, patient, references, server, client, user, requestId }) {
      add(client, {
        action,
        patient,
        references,
        // This service writes; who made it write is named as the user.
        client: self(),
        server: { id: server, display: 'FHIR server', address: server },
        ...(user === undefined ? {} : { user }),
        ...(requestId === undefined ? {} : { requestId }),
      });
    },
  };
}
