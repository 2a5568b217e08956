/**
 * Ids are put into URLs. FHIR's alphabet, but longer than FHIR's 64 characters, since Epic's ids are (CDS Hooks leaves
 * the length open); never `.` or `..`, which a URL parser would resolve.
 */
export const idPattern = '^(?!\\.{1,2}$)[A-Za-z0-9\\-.]{1,256}$';

/** Any version: Epic sends version 1. */
export const uuidPattern = '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$';

export const httpUrlPattern = '^https?://[^\\s]+$';

/** RFC 3339 with a zone. */
export const instantPattern =
  '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])[Tt]([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)$';

export const text = { type: 'string', minLength: 1 } as const;
/** What FHIR can hold as an identifier or code and a URL can carry: words with single spaces, no controls, no half characters. */
export const word = {
  type: 'string',
  maxLength: 256,
  pattern: '^[^\\s\\p{Cc}\\p{Cs}]+( [^\\s\\p{Cc}\\p{Cs}]+)*$',
} as const;
export const id = { type: 'string', pattern: idPattern } as const;
export const url = { type: 'string', pattern: httpUrlPattern } as const;
export const uuid = { type: 'string', pattern: uuidPattern } as const;

/** `Type/id` for one of the types. */
export function referenceTo(types: readonly string[]) {
  return { type: 'string', pattern: `^(${types.join('|')})/(?!\\.{1,2}$)[A-Za-z0-9\\-.]{1,256}$` } as const;
}
