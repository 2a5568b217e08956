import { OperationOutcomeError, validateResource } from '@medplum/core';
import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { bindingIssues } from './bindings.ts';
import { CANONICAL } from './codes.ts';
import { loadDefinitions } from './definitions.ts';
import { extensionIssues } from './extension-content.ts';
import { type Profiles, readProfiles } from './profiles.ts';
import { choiceIssues } from './value-types.ts';

/** A rule that a resource breaks. Names the element and the rule, never a value. */
export interface Issue {
  readonly path: string;
  readonly rule: string;
}

/** Finds what is wrong with a resource; empty when it may be written. */
export type Validator = (resource: Resource) => readonly Issue[];

/**
 * Base R4, the profiles of ours that the resource claims, and what @medplum/core's validator leaves out: required
 * bindings, the types of a narrowed value[x], and the content of our extensions.
 */
export function createValidator(profiles: Profiles = readProfiles()): Validator {
  loadDefinitions();
  return (resource) => {
    const claimed = (resource.meta?.profile ?? []).filter((url) => url.startsWith(CANONICAL));
    const issues: Issue[] = [...structureIssues(resource), ...bindingIssues(resource)];
    for (const url of claimed) {
      const profile = profiles.get(url);
      if (profile === undefined || profile.type !== resource.resourceType) {
        issues.push({ path: `${resource.resourceType}.meta.profile`, rule: 'claims a profile that is not ours' });
        continue;
      }
      issues.push(...structureIssues(resource, profile), ...choiceIssues(resource, profile));
    }
    return [...issues, ...extensionIssues(resource, profiles)];
  };
}

function structureIssues(resource: Resource, profile?: StructureDefinition): Issue[] {
  try {
    validateResource(resource, profile === undefined ? {} : { profile });
    return [];
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) {
      throw error;
    }
    return error.outcome.issue
      .filter((issue) => issue.severity === 'error' || issue.severity === 'fatal')
      .map((issue) => ({
        path: issue.expression?.[0] ?? resource.resourceType,
        rule: issue.details?.text ?? issue.code ?? 'invalid',
      }));
  }
}

let shared: Validator | undefined;

/**
 * Throws `result-invalid`, naming path and rule, when a resource may not leave. The definitions are read once per
 * process: @medplum/core keeps them for the whole process as well.
 */
export function validateForWrite(resource: Resource): void {
  shared ??= createValidator();
  const [first, ...more] = shared(resource);
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    throw new IntervalError('result-invalid', `${first.path}: ${first.rule}${others}.`);
  }
}

/** Whether a resource is valid R4 by itself: structure and required bindings, without profiles. Fast enough for a hook. */
export function isValidR4(resource: object): boolean {
  loadDefinitions();
  try {
    return structureIssues(resource as Resource).length === 0 && bindingIssues(resource as Resource).length === 0;
  } catch {
    // A type that is not R4, or nesting that the validator cannot take.
    return false;
  }
}
