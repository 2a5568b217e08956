import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from '@medplum/fhirtypes';
import { identifierSystem } from './codes.ts';

/**
 * AuditEvents in the shape of IHE Basic Audit Log Patterns 1.1 (PatientRead, PatientCreate, PatientUpdate). Client and
 * server change their DICOM roles between reading and writing: the roles follow the data.
 */
export interface AuditSystem {
  /** Identifier of the system: a client id, or an address. */
  readonly id: string;
  readonly display: string;
  /** IP address or URL, as far as known. */
  readonly address?: string;
}

export interface AuditDraft {
  readonly action: 'read' | 'create' | 'update';
  /** ISO instant. */
  readonly recorded: string;
  /** Reference of the patient, as the server where the event is kept has it. */
  readonly patient: string;
  /** What was shown or written: the first stands for the event, the others are named beside it. At least one. */
  readonly references: readonly string[];
  /** Who asked: the CDS client, or this service where it writes. */
  readonly client: AuditSystem;
  /** Who answered: this service, or the FHIR server that was written to. */
  readonly server: AuditSystem;
  /** Reference of the person, as the client named them. */
  readonly user?: string;
  /** Who keeps the event: this service. */
  readonly observer: AuditSystem;
  readonly requestId?: string;
}

const balp = 'https://profiles.ihe.net/ITI/BALP';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const terminology = 'http://terminology.hl7.org/CodeSystem';
const sourceRole: Coding = { system: dicom, code: '110153', display: 'Source Role ID' };
const destinationRole: Coding = { system: dicom, code: '110152', display: 'Destination Role ID' };

const patterns = {
  read: { profile: 'PatientRead', code: 'R', client: destinationRole, server: sourceRole, user: 'IRCP' },
  create: { profile: 'PatientCreate', code: 'C', client: sourceRole, server: destinationRole, user: 'AUT' },
  update: { profile: 'PatientUpdate', code: 'U', client: sourceRole, server: destinationRole, user: 'AUT' },
} as const;

export function auditEventOf(draft: AuditDraft): AuditEvent {
  const pattern = patterns[draft.action];
  const [first = '', ...others] = draft.references;
  return {
    resourceType: 'AuditEvent',
    meta: { profile: [`${balp}/StructureDefinition/IHE.BasicAudit.${pattern.profile}`] },
    type: { system: `${terminology}/audit-event-type`, code: 'rest', display: 'Restful Operation' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: draft.action, display: draft.action }],
    action: pattern.code,
    recorded: draft.recorded,
    outcome: '0',
    agent: [
      systemAgent(draft.client, pattern.client),
      systemAgent(draft.server, pattern.server),
      ...(draft.user === undefined ? [] : [userAgent(draft.user, pattern.user)]),
    ],
    source: {
      observer: whoIs(draft.observer),
      type: [{ system: `${terminology}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    entity: [
      {
        what: { reference: draft.patient },
        type: { system: `${terminology}/audit-entity-type`, code: '1', display: 'Person' },
        role: { system: `${terminology}/object-role`, code: '1', display: 'Patient' },
      },
      {
        what: { reference: first },
        type: { system: `${terminology}/audit-entity-type`, code: '2', display: 'System Object' },
        role: domainResource,
      },
      // One entity of type 2 is all that BALP allows; its slices are open to other types.
      ...others.map(
        (reference): AuditEventEntity => ({
          what: { reference },
          type: { system: 'http://hl7.org/fhir/resource-types', code: typeOf(reference) },
          role: domainResource,
        }),
      ),
      ...(draft.requestId === undefined ? [] : [transaction(draft.requestId)]),
    ],
  };
}

const domainResource: Coding = { system: `${terminology}/object-role`, code: '4', display: 'Domain Resource' };

function systemAgent(system: AuditSystem, role: Coding): AuditEventAgent {
  const address = system.address ?? system.id;
  return {
    type: { coding: [role] },
    who: whoIs(system),
    requestor: false,
    // 2: IP address, 5: URI.
    network: { address, type: /^[a-z]+:\/\//.test(address) || !/^[\d.:a-f]+$/i.test(address) ? '5' : '2' },
  };
}

function userAgent(reference: string, role: string): AuditEventAgent {
  return {
    type: { coding: [{ system: `${terminology}/v3-ParticipationType`, code: role }] },
    who: { reference },
    requestor: true,
  };
}

function whoIs({ id, display }: AuditSystem) {
  return { identifier: { system: identifierSystem.client, value: id }, display };
}

function transaction(requestId: string): AuditEventEntity {
  return {
    what: { identifier: { value: requestId } },
    type: { system: `${balp}/CodeSystem/BasicAuditEntityType`, code: 'XrequestId' },
  };
}

function typeOf(reference: string): string {
  return (
    reference
      .replace(/\/_history\/.*$/, '')
      .split('/')
      .at(-2) ?? 'Resource'
  );
}
