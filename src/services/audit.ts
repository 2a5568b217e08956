import type { Client } from '../cds-hooks/authenticate.ts';
import { type AuditDraft, type AuditSystem, auditEventOf } from '../fhir/audit-event.ts';
import type { NewEntry } from '../fhir/client.ts';
import type { Background } from './background.ts';
import type { ClientOptionsOf } from './client-options.ts';

/** Cards, or a page of a chart, that were shown to somebody. */
export interface Disclosure {
  readonly patient: string;
  readonly data: string;
  readonly client: Client;
  readonly user?: string;
  readonly requestId?: string;
}

export interface Audit {
  disclosed(event: Disclosure): void;
  /** The record that says so, for whoever keeps it with something else; none where the client's options switch it off. */
  disclosure(event: Disclosure): readonly NewEntry[];
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
  readonly background: Background;
  readonly optionsOf: ClientOptionsOf;
  readonly clock: () => Date;
  readonly ids: () => string;
  /** Base URL of this service as clients know it. */
  readonly publicUrl: string;
}

/** Audit events go into the store, behind the answer's back, where the options of the client do not switch them off. */
export function createAudit(parts: AuditParts): Audit {
  const self: AuditSystem = { id: 'interval', display: 'Interval', address: parts.publicUrl };
  const caller = ({ id, authenticated }: Client): AuditSystem => ({
    id,
    display: authenticated ? `CDS client ${id}` : `CDS client ${id}, not authenticated`,
  });

  function recordOf(client: Client, draft: Omit<AuditDraft, 'recorded' | 'observer'>): readonly NewEntry[] {
    if (parts.optionsOf(client.id).audit === 'off') {
      return [];
    }
    // Of one form, which the tests hold to BALP: it is not checked again.
    const resource = auditEventOf({ ...draft, recorded: parts.clock().toISOString(), observer: self });
    return [{ fullUrl: `urn:uuid:${parts.ids()}`, resource }];
  }

  function keep(entries: readonly NewEntry[]): void {
    if (entries.length > 0) {
      parts.background.keep('audit', entries);
    }
  }

  const disclosure = ({ patient, data, client, user, requestId }: Disclosure) =>
    recordOf(client, {
      action: 'read',
      patient,
      references: [data],
      client: caller(client),
      server: self,
      ...(user === undefined ? {} : { user }),
      ...(requestId === undefined ? {} : { requestId }),
    });

  return {
    disclosure,
    disclosed: (event) => keep(disclosure(event)),
    wrote({ action, patient, references, server, client, user, requestId }) {
      const record = recordOf(client, {
        action,
        patient,
        references,
        // This service writes; who made it write is named as the user.
        client: self,
        server: { id: server, display: 'FHIR server', address: server },
        ...(user === undefined ? {} : { user }),
        ...(requestId === undefined ? {} : { requestId }),
      });
      keep(record);
    },
  };
}
