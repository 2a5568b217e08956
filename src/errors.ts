/** How the caller, the queue and the command line treat an error. */
export type ErrorKind =
  /** The document or image cannot be read: a job is rejected, the command line exits with 2. */
  | 'input'
  /** The request is wrong. */
  | 'caller'
  /** A server that we call failed. */
  | 'upstream'
  /** The configuration is wrong; the process does not start. */
  | 'config'
  /** Our own fault. */
  | 'internal';

interface ErrorEntry {
  readonly kind: ErrorKind;
  /** HTTP status when the error reaches an HTTP caller. */
  readonly status: number;
  /** Whether the same job may succeed later. */
  readonly retry: boolean;
  /** FHIR R4 issue-type code for the OperationOutcome. */
  readonly issue: string;
}

const input = { kind: 'input', status: 422, retry: false, issue: 'processing' } as const;
const caller = { kind: 'caller', status: 400, retry: false, issue: 'invalid' } as const;
const upstream = { kind: 'upstream', status: 502, retry: true, issue: 'transient' } as const;
const refused = { kind: 'upstream', status: 502, retry: false, issue: 'processing' } as const;
const config = { kind: 'config', status: 500, retry: false, issue: 'exception' } as const;
const internal = { kind: 'internal', status: 500, retry: false, issue: 'exception' } as const;

/** Every code that Interval gives out. Codes are stable: add, never rename. */
export const errorTable = {
  // configuration
  'config-invalid': config,
  'config-unknown-key': config,
  'critical-values-invalid': config,
  'node-too-old': config,
  // HTTP and CDS Hooks
  'request-malformed': caller,
  'request-too-large': { ...caller, status: 413, issue: 'too-long' },
  'media-type-unsupported': { ...caller, status: 415, issue: 'not-supported' },
  unauthenticated: { ...caller, status: 401, issue: 'login' },
  'too-many-calls': { ...caller, status: 429, issue: 'throttled' },
  'origin-refused': { ...caller, status: 403, issue: 'forbidden' },
  'replay-store-unavailable': { ...internal, status: 503, retry: true, issue: 'transient' },
  'service-unknown': { ...caller, status: 404, issue: 'not-found' },
  'hook-mismatch': caller,
  'context-invalid': caller,
  'prefetch-missing': { ...caller, status: 412, issue: 'required' },
  'fhir-server-untrusted': { ...caller, status: 403, issue: 'forbidden' },
  'sign-in-required': { ...caller, status: 403, issue: 'forbidden' },
  'patient-mismatch': { ...caller, issue: 'conflict' },
  'not-found': { ...caller, status: 404, issue: 'not-found' },
  'subject-unsupported': { ...caller, status: 422, issue: 'not-supported' },
  'method-not-allowed': { ...caller, status: 405, issue: 'not-supported' },
  // documents
  'dataset-invalid': input,
  'document-empty': input,
  'document-too-large': input,
  'document-too-many-pages': input,
  'document-unsupported': input,
  'document-encrypted': input,
  'document-damaged': input,
  'document-unreadable': input,
  'attachment-missing': input,
  'attachment-untrusted': input,
  // images
  'dicom-invalid': input,
  'dicom-no-pixels': input,
  'dicom-transfer-syntax': input,
  'dicom-decode-failed': input,
  'image-too-large': input,
  'image-too-small': input,
  'study-incomplete': input,
  'study-other-patient': input,
  // servers that we call
  'fhir-unauthorized': { ...refused, issue: 'login' },
  'fhir-forbidden': { ...refused, issue: 'forbidden' },
  'fhir-not-found': { ...refused, status: 404, issue: 'not-found' },
  'fhir-gone': { ...refused, status: 404, issue: 'deleted' },
  'fhir-conflict': { ...upstream, issue: 'conflict' },
  'fhir-rejected': refused,
  'fhir-throttled': { ...upstream, issue: 'throttled' },
  'fhir-unavailable': upstream,
  'fhir-timeout': { ...upstream, status: 504, issue: 'timeout' },
  'fhir-bad-answer': upstream,
  'fhir-too-large': refused,
  'dicomweb-unauthorized': { ...refused, issue: 'login' },
  'dicomweb-not-found': { ...refused, issue: 'not-found' },
  'dicomweb-throttled': { ...upstream, issue: 'throttled' },
  'dicomweb-unavailable': upstream,
  'dicomweb-timeout': { ...upstream, status: 504, issue: 'timeout' },
  'dicomweb-bad-answer': refused,
  'dicomweb-untrusted': refused,
  'dicomweb-too-large': refused,
  // readers and results
  'reader-unavailable': { ...internal, status: 503, issue: 'not-supported' },
  'reader-failed': { ...internal, retry: true },
  'finding-invalid': internal,
  // language models: what is asked of them, the servers and the process that run them, what they say
  'model-invalid': config,
  'model-licence': config,
  'model-memory': { ...internal, status: 503, retry: true, issue: 'throttled' },
  'model-unauthorized': { ...refused, issue: 'login' },
  'model-not-found': { ...refused, issue: 'not-found' },
  'model-rejected': refused,
  'model-throttled': { ...upstream, issue: 'throttled' },
  'model-unavailable': upstream,
  'model-timeout': { ...upstream, status: 504, issue: 'timeout' },
  'model-bad-answer': upstream,
  'model-image-ignored': refused,
  'engine-lost': { ...internal, retry: true },
  'prompt-too-long': input,
  'schema-unsupported': internal,
  'reply-truncated': internal,
  'reply-repeated': internal,
  'reply-unfinished-thought': internal,
  'reply-refused': internal,
  'reply-invalid': internal,
  'result-invalid': internal,
  'worker-lost': { ...internal, retry: true },
  'queue-unavailable': { ...internal, status: 503, retry: true, issue: 'transient' },
  'queue-full': { ...internal, status: 503, retry: true, issue: 'throttled' },
  'job-timeout': { ...internal, retry: true, issue: 'timeout' },
  cancelled: { ...internal, retry: true },
  internal,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export interface IntervalErrorOptions {
  readonly cause?: unknown;
  /** From a Retry-After header, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * The one error class. `message` is for people and carries no patient data; `code` is for programs.
 * Whether to retry is a property of the code.
 */
export class IntervalError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: IntervalErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'IntervalError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  get kind(): ErrorKind {
    return errorTable[this.code].kind;
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get retry(): boolean {
    return errorTable[this.code].retry;
  }
}

/** Any thrown value as an IntervalError; what is not ours becomes `internal` and keeps its cause. */
export function asIntervalError(thrown: unknown): IntervalError {
  if (thrown instanceof IntervalError) {
    return thrown;
  }
  return new IntervalError('internal', 'An unexpected error occurred.', { cause: thrown });
}

/** The FHIR R4 OperationOutcome of an error: code and message, never a stack trace or its cause. */
export function toOperationOutcome(error: IntervalError) {
  return {
    resourceType: 'OperationOutcome' as const,
    issue: [
      {
        severity: 'error' as const,
        code: errorTable[error.code].issue,
        details: { text: error.message, coding: [{ system: 'urn:interval:error', code: error.code }] },
        diagnostics: error.code,
      },
    ],
  };
}
