import { getStatus, isOk } from '@medplum/core';
import type { Binary, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { refusalStatus } from './refusal.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

interface AnswerOptions {
  readonly base: string;
  readonly head: boolean;
  /** `return` of the Prefer header. */
  readonly preference?: string;
  /** Whether to say where the resource is. */
  readonly locate: boolean;
  /** Whether a Binary is answered as its bytes. */
  readonly native: boolean;
  /** Whether to leave out a Binary's bytes: who has just sent them has them. */
  readonly withoutData: boolean;
  readonly pretty: boolean;
}

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** Content that a browser may show as it is; anything else might run with this server's rights. */
const harmless = /^(application\/(pdf|dicom|octet-stream)|image\/(png|jpeg|gif|tiff|webp)|text\/plain)\b/;

export function answerResource(
  outcome: OperationOutcome,
  resource: Resource | undefined,
  { base, head, preference, locate, native, withoutData, pretty }: AnswerOptions,
): HttpAnswer {
  if (!isOk(outcome) || resource === undefined) {
    return answerOutcome(outcome);
  }
  const { versionId, lastUpdated } = resource.meta ?? {};
  const versioned = resource.id !== undefined && versionId !== undefined && lastUpdated !== undefined;
  const headers: Record<string, string> = versioned
    ? {
        etag: `W/"${versionId}"`,
        'last-modified': new Date(lastUpdated).toUTCString(),
        ...(locate ? { location: `${base}/${resource.resourceType}/${resource.id}/_history/${versionId}` } : undefined),
      }
    : {};
  const status = getStatus(outcome);
  if (preference === 'minimal' || head) {
    return { status, headers, body: undefined };
  }
  if (preference === 'OperationOutcome') {
    return { ...answerOutcome(outcome), headers: { ...headers, 'content-type': FHIR_JSON } };
  }
  if (resource.resourceType === 'Binary' && native) {
    return { status, ...contentOf(resource, headers) };
  }
  const shown = resource.resourceType === 'Binary' && withoutData ? { ...resource, data: undefined } : resource;
  return {
    status,
    headers: { ...headers, 'content-type': FHIR_JSON },
    body: JSON.stringify(shown, null, pretty ? 2 : undefined),
  };
}

export function answerOutcome(outcome: OperationOutcome): HttpAnswer {
  const { id: _id, ...shown } = outcome;
  const status = refusalStatus(outcome) ?? getStatus(outcome);
  if (status === 304) {
    return { status, headers: {}, body: undefined };
  }
  return { status, headers: { 'content-type': FHIR_JSON }, body: JSON.stringify(shown) };
}

function contentOf({ contentType, data }: Binary, headers: Readonly<Record<string, string>>) {
  const printable = /^[\x20-\x7e]+$/.test(contentType) ? contentType : 'application/octet-stream';
  return {
    headers: {
      ...headers,
      'content-type': printable,
      'x-content-type-options': 'nosniff',
      ...(harmless.test(printable) ? undefined : { 'content-security-policy': "sandbox; default-src 'none'" }),
    },
    body: Buffer.from(data ?? '', 'base64'),
  };
}
