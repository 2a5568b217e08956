import { isOperationOutcome, OperationOutcomeError, validateResource } from '@medplum/core';
import type { OperationOutcomeIssue, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { refuseIssues } from './refusal.ts';

export type Validate = (resource: Resource) => readonly OperationOutcomeIssue[];

/** What is wrong with a resource: structure, formats, invariants of base R4, and of a profile where one is given. */
export function issuesOf(resource: Resource, profile?: StructureDefinition): OperationOutcomeIssue[] {
  try {
    // its bytes were decoded from base64 a moment ago: a pattern match over megabytes proves nothing more
    const { data, ...rest } = resource as Resource & { data?: unknown };
    const checked = resource.resourceType === 'Binary' && typeof data === 'string' ? (rest as Resource) : resource;
    return validateResource(checked, profile ? { profile } : undefined);
  } catch (error) {
    if (error instanceof OperationOutcomeError && isOperationOutcome(error.outcome)) {
      return error.outcome.issue;
    }
    throw error;
  }
}

/** Throws what a resource may not be written with. */
export function assertValid(resource: Resource, more: Validate | undefined): void {
  const issues = [...issuesOf(resource), ...(more?.(resource) ?? [])];
  if (issues.some(({ severity }) => severity === 'error' || severity === 'fatal')) {
    throw refuseIssues(issues);
  }
}
