import { OperationOutcomeError } from '@medplum/core';
import type { OperationOutcome, OperationOutcomeIssue } from '@medplum/fhirtypes';

/**
 * Why a request is refused. `OperationOutcome.id` carries it through Medplum's router, which knows some of these by the
 * same names; it is taken off before the answer leaves.
 */
const refusals = {
  invalid: { status: 400, code: 'invalid' },
  'not-supported': { status: 400, code: 'not-supported' },
  'not-found': { status: 404, code: 'not-found' },
  'method-not-allowed': { status: 405, code: 'not-supported' },
  'not-acceptable': { status: 406, code: 'not-supported' },
  gone: { status: 410, code: 'deleted' },
  'precondition-failed': { status: 412, code: 'conflict' },
  'multiple-matches': { status: 412, code: 'multiple-matches' },
  'content-too-large': { status: 413, code: 'too-long' },
  'unsupported-media-type': { status: 415, code: 'not-supported' },
  unprocessable: { status: 422, code: 'processing' },
  failed: { status: 500, code: 'exception' },
} as const;

export type Refusal = keyof typeof refusals;

export function refuse(refusal: Refusal, text: string, expression?: string): OperationOutcomeError {
  return new OperationOutcomeError(outcomeOf(refusal, text, expression));
}

export function outcomeOf(refusal: Refusal, text: string, expression?: string): OperationOutcome {
  const issue: OperationOutcomeIssue = {
    severity: 'error',
    code: refusals[refusal].code,
    details: { text },
    ...(expression ? { expression: [expression] } : undefined),
  };
  return { resourceType: 'OperationOutcome', id: refusal, issue: [issue] };
}

/** A resource that broke a rule of its type or profile. */
export function refuseIssues(issue: OperationOutcomeIssue[]): OperationOutcomeError {
  return new OperationOutcomeError({ resourceType: 'OperationOutcome', id: 'unprocessable', issue });
}

/** What a caller is told of anything that was thrown. What is no refusal stays inside: its words may hold anything. */
export function outcomeOfError(error: unknown): OperationOutcome {
  if (error instanceof OperationOutcomeError) {
    return error.outcome;
  }
  return outcomeOf('failed', 'The server failed.');
}

/** HTTP status of a refusal made here; `undefined` for an outcome of another origin. */
export function refusalStatus(outcome: OperationOutcome): number | undefined {
  return refusals[outcome.id as Refusal]?.status;
}
