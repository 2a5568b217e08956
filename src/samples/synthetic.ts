import type { Resource } from '@medplum/fhirtypes';
import { CANONICAL } from '../fhir/codes.ts';

/** Identifier of every sample resource, for servers that let no client choose ids. */
export const SAMPLE_SYSTEM = `${CANONICAL}/sample`;
const NOTICE = 'Synthetic sample made by Interval for demonstration. Not a real person, not a real result.';

/** Marks a resource as test data: tag HTEST, a sentence in its narrative, and an identifier of its own. */
export function synthetic<T extends Resource>(resource: T & { id: string }, sentence: string): T {
  return {
    ...resource,
    meta: {
      tag: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
          code: 'HTEST',
          display: 'test health data',
        },
      ],
    },
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${sentence} ${NOTICE}</div>`,
    },
    identifier: [
      { system: SAMPLE_SYSTEM, value: resource.id },
      ...('identifier' in resource ? (resource.identifier as object[]) : []),
    ],
  } as T;
}
