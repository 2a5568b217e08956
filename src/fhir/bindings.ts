import type { Resource } from '@medplum/fhirtypes';
import type { Issue } from './validate.ts';

/** Required bindings (R4) of the elements that Interval writes; `@medplum/core` checks none. By element path. */
const required: Readonly<Record<string, readonly string[]>> = {
  'Observation.status': [
    'registered',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'cancelled',
    'entered-in-error',
    'unknown',
  ],
  'Observation.valueQuantity.comparator': ['<', '<=', '>=', '>'],
  'Observation.referenceRange.low.comparator': ['<', '<=', '>=', '>'],
  'Observation.referenceRange.high.comparator': ['<', '<=', '>=', '>'],
  'DiagnosticReport.status': [
    'registered',
    'partial',
    'preliminary',
    'final',
    'amended',
    'corrected',
    'appended',
    'cancelled',
    'entered-in-error',
    'unknown',
  ],
  'Media.status': [
    'preparation',
    'in-progress',
    'not-done',
    'on-hold',
    'stopped',
    'completed',
    'entered-in-error',
    'unknown',
  ],
  'Device.status': ['active', 'inactive', 'entered-in-error', 'unknown'],
  'Device.deviceName.type': [
    'udi-label-name',
    'user-friendly-name',
    'patient-reported-name',
    'manufacturer-name',
    'model-name',
    'other',
  ],
  'Communication.status': [
    'preparation',
    'in-progress',
    'not-done',
    'on-hold',
    'stopped',
    'completed',
    'entered-in-error',
    'unknown',
  ],
  'GuidanceResponse.status': [
    'success',
    'data-requested',
    'data-required',
    'in-progress',
    'failure',
    'entered-in-error',
  ],
  'AuditEvent.action': ['C', 'R', 'U', 'D', 'E'],
  'AuditEvent.outcome': ['0', '4', '8', '12'],
  'AuditEvent.agent.network.type': ['1', '2', '3', '4', '5'],
  'Provenance.entity.role': ['derivation', 'revision', 'quotation', 'source', 'removal'],
  'Task.status': [
    'draft',
    'requested',
    'received',
    'accepted',
    'rejected',
    'ready',
    'cancelled',
    'in-progress',
    'on-hold',
    'failed',
    'completed',
    'entered-in-error',
  ],
  'Task.intent': [
    'unknown',
    'proposal',
    'plan',
    'order',
    'original-order',
    'reflex-order',
    'filler-order',
    'instance-order',
    'option',
  ],
};

/** Codes outside a required value set. */
export function bindingIssues(resource: Resource): readonly Issue[] {
  return Object.entries(required).flatMap(([path, codes]) => {
    const [type, ...names] = path.split('.');
    if (type !== resource.resourceType) {
      return [];
    }
    return valuesAt(resource, names).some((value) => !codes.includes(value as string))
      ? [{ path, rule: 'code is not in the required value set' }]
      : [];
  });
}

/** All values at a path of plain element names, arrays opened on the way. */
export function valuesAt(value: unknown, names: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => valuesAt(item, names));
  }
  const [name, ...rest] = names;
  if (name === undefined) {
    return value === undefined ? [] : [value];
  }
  return typeof value === 'object' && value !== null ? valuesAt((value as Record<string, unknown>)[name], rest) : [];
}
