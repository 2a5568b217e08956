import type { Binary, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { type Answer, parseJson } from './failure.ts';
import { hasShape } from './shape.ts';

/** MedplumClient prints a body that it cannot parse, and parses lazily: so the body is parsed here and handed over. */
class ParsedResponse extends Response {
  readonly #body: unknown;

  constructor(answer: Answer, body: unknown) {
    super(null, { status: answer.status, headers: { 'content-type': 'application/fhir+json' } });
    this.#body = body;
  }

  override async json(): Promise<unknown> {
    return this.#body;
  }
}

/** An answer below 400 for MedplumClient; what is not FHIR JSON is `fhir-bad-answer`. */
export function toResponse(answer: Answer, label: string): Response {
  if (answer.bytes.byteLength === 0) {
    return new ParsedResponse(answer, undefined);
  }
  const contentType = answer.headers.get('content-type') ?? '';
  const body = /html|xml/i.test(contentType) ? undefined : parseJson(answer.bytes);
  if (typeof body !== 'object' || body === null) {
    const what = contentType === '' ? 'something' : (contentType.split(';')[0] as string).slice(0, 60);
    throw new IntervalError('fhir-bad-answer', `The FHIR server answered ${label} with ${what} that is not FHIR JSON.`);
  }
  return new ParsedResponse(answer, body);
}

/** The body as the resource that was asked for. */
export function resourceOf<T extends Resource>(
  body: unknown,
  type: string,
  label: string,
  needsId = type !== 'Bundle',
): T {
  const resource = body as Partial<Resource> | undefined;
  if (resource?.resourceType !== type) {
    const found = /^[A-Za-z]{1,64}$/.test(String(resource?.resourceType)) ? resource?.resourceType : 'nothing';
    throw new IntervalError('fhir-bad-answer', `The FHIR server answered ${label} with ${found} instead of ${type}.`);
  }
  if (needsId && typeof resource.id !== 'string') {
    throw new IntervalError('fhir-bad-answer', `The FHIR server answered ${label} with a ${type} without id.`);
  }
  if (!hasShape(resource as T)) {
    throw new IntervalError('fhir-bad-answer', `The FHIR server answered ${label} with a ${type} of the wrong shape.`);
  }
  return resource as T;
}

/** Bytes and type of an attachment's answer; a FHIR Binary in JSON is decoded. */
export function contentOf(answer: Answer): { bytes: Uint8Array; contentType: string } {
  const contentType = (answer.headers.get('content-type') ?? 'application/octet-stream')
    .split(';')[0]
    ?.trim() as string;
  if (!/json/i.test(contentType)) {
    return { bytes: answer.bytes, contentType };
  }
  const resource = parseJson(answer.bytes) as Partial<Resource> | undefined;
  if (resource?.resourceType === 'Binary') {
    const { data = '', contentType: inner = 'application/octet-stream' } = resource as Binary;
    return { bytes: new Uint8Array(Buffer.from(data, 'base64')), contentType: inner };
  }
  if (/fhir\+json/i.test(contentType)) {
    throw new IntervalError('fhir-bad-answer', 'The FHIR server answered an attachment with another resource.');
  }
  return { bytes: answer.bytes, contentType };
}
