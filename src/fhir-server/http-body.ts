import type { Binary, Resource } from '@medplum/fhirtypes';
import { refuse } from './refusal.ts';

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json-patch+json', ''];

/** What a request carries: JSON, the fields of a posted search, or a Binary of raw bytes. */
export function bodyOf(
  method: string,
  path: string,
  headers: Headers,
  bytes: Uint8Array,
): { readonly body: unknown; readonly raw: boolean } {
  if (method === 'GET' || method === 'DELETE') {
    return { body: undefined, raw: false };
  }
  const contentType = headers.get('content-type') ?? '';
  const media = contentType.toLowerCase().split(';')[0]!.trim();
  if (path.endsWith('/_search')) {
    if (bytes.length > 0 && media !== 'application/x-www-form-urlencoded') {
      throw refuse('unsupported-media-type', 'A search is posted as application/x-www-form-urlencoded.');
    }
    return { body: new URLSearchParams(decode(bytes)), raw: false };
  }
  const json = jsonTypes.includes(media);
  if (/^Binary(\/[^/]+)?$/.test(path) && method !== 'PATCH' && media !== 'application/fhir+json') {
    const parsed = json ? tryParse(bytes) : undefined;
    return (parsed as Resource | undefined)?.resourceType === 'Binary'
      ? { body: parsed, raw: false }
      : { body: rawBinary(path, contentType, bytes, headers.get('x-security-context')), raw: true };
  }
  if (!json) {
    throw refuse('unsupported-media-type', 'This server reads application/fhir+json.');
  }
  const parsed = tryParse(bytes);
  if (typeof parsed !== 'object' || parsed === null) {
    throw refuse('invalid', 'The body is not a JSON object.');
  }
  checkDepth(parsed, 0);
  return { body: parsed, raw: false };
}

/** https://hl7.org/fhir/R4/binary.html#rest: any content, held as it came. */
function rawBinary(path: string, contentType: string, bytes: Uint8Array, context: string | null): Binary {
  const id = path.split('/')[1];
  return {
    resourceType: 'Binary',
    ...(id ? { id } : undefined),
    contentType: contentType || 'application/octet-stream',
    ...(context ? { securityContext: { reference: context } } : undefined),
    ...(bytes.length > 0 ? { data: Buffer.from(bytes).toString('base64') } : undefined),
  };
}

const MAX_DEPTH = 100;

/** Everything that reads a resource is recursive: nesting that no resource has ends here, not in the stack. */
function checkDepth(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw refuse('invalid', `The body is nested deeper than ${MAX_DEPTH} levels.`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) checkDepth(member, depth + 1);
  }
}

function tryParse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decode(bytes));
  } catch {
    return undefined;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
