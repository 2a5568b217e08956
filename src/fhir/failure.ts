import type { OperationOutcome } from '@medplum/fhirtypes';
import { type ErrorCode, IntervalError } from '../errors.ts';

/** What a server answered, once its body has been read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const byStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'fhir-unauthorized',
  403: 'fhir-forbidden',
  404: 'fhir-not-found',
  408: 'fhir-timeout',
  409: 'fhir-conflict',
  410: 'fhir-gone',
  412: 'fhir-conflict',
  429: 'fhir-throttled',
  504: 'fhir-timeout',
};

/**
 * The coded error of an answer with a status of 400 or more. Of the server's OperationOutcome only issue codes and
 * element paths are repeated: diagnostics and details may hold patient data.
 */
export function failureOf(request: string, answer: Answer, now: number): IntervalError {
  const code = byStatus[answer.status] ?? (answer.status >= 500 ? 'fhir-unavailable' : 'fhir-rejected');
  const issues = describeIssues(answer);
  const message = `The FHIR server answered ${answer.status} to ${request}${issues === '' ? '' : ` (${issues})`}.`;
  const retryAfterMs = retryAfter(answer.headers.get('retry-after'), now);
  return new IntervalError(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}

function describeIssues(answer: Answer): string {
  const outcome = parseJson(answer.bytes) as OperationOutcome | undefined;
  if (outcome?.resourceType !== 'OperationOutcome' || !Array.isArray(outcome.issue)) {
    return '';
  }
  return outcome.issue
    .slice(0, 5)
    .map((issue) => [issue.code, ...(issue.expression ?? [])].filter(isPath).join(' '))
    .filter((text) => text !== '')
    .join('; ');
}

function isPath(text: unknown): text is string {
  return typeof text === 'string' && /^[A-Za-z][A-Za-z0-9.[\]-]{0,99}$/.test(text);
}

/** Milliseconds from a Retry-After header: delta seconds or an HTTP date (RFC 9110 section 10.2.3), at most one hour. */
export function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') {
    return undefined;
  }
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), 3_600_000);
}

/** The JSON value, or undefined. JSON.parse's own message quotes the text, so it goes nowhere. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
