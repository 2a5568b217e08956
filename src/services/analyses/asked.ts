import { IntervalError } from '../../errors.ts';
import { parseReference } from '../../fhir/references.ts';

/** What a caller asks to be read. */
export interface AskedFor {
  /** `Type/id` in the source. */
  readonly subject: { readonly type: string; readonly id: string };
  /** Id of the patient, where the caller says whose it is. */
  readonly patient?: string;
  /** Id of one analysis; every one that reads this type when absent. */
  readonly analysis?: string;
  /** Base URL of the server that the ids stand below. */
  readonly fhirServer?: string;
}

const members = ['subject', 'patient', 'analysis', 'fhirServer'] as const;

/** JSON Schema of the body. */
export const analysisRequestSchema = {
  type: 'object',
  required: ['subject'],
  additionalProperties: false,
  properties: {
    subject: {
      type: 'string',
      description: 'Reference to what is to be read, relative or below `fhirServer`.',
      examples: ['DiagnosticReport/123'],
    },
    patient: { type: 'string', description: 'Reference to its patient, or the id; refused when it is another’s.' },
    analysis: { type: 'string', description: 'One analysis; every one that reads this type when it is left out.' },
    fhirServer: {
      type: 'string',
      description: 'Base URL of the server; may be left out by a client that has one, and in development mode.',
    },
  },
} as const;

/** Reads the body. Throws `request-malformed`, naming the member and never its value. */
export function readAsked(body: unknown): AskedFor {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return malformed('The body is a JSON object.');
  }
  const given = body as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!members.includes(name as never)) {
      malformed('The body has a member that is not known.');
    }
    if (typeof value !== 'string' || value === '' || value.length > 2048) {
      malformed(`${name} is a text.`);
    }
  }
  const { subject, patient, analysis, fhirServer } = given as Record<(typeof members)[number], string | undefined>;
  const base = fhirServer?.replace(/\/+$/, '');
  const named = reference(subject, 'subject', base);
  const person =
    patient === undefined
      ? undefined
      : /^[A-Za-z0-9.-]{1,256}$/.test(patient)
        ? { type: 'Patient', id: patient }
        : reference(patient, 'patient', base);
  if (person !== undefined && person.type !== 'Patient') {
    malformed('patient is a reference to a Patient.');
  }
  return {
    subject: named,
    ...(person === undefined ? {} : { patient: person.id }),
    ...(analysis === undefined ? {} : { analysis }),
    ...(base === undefined ? {} : { fhirServer: base }),
  };
}

function reference(text: string | undefined, member: string, fhirServer: string | undefined) {
  const parsed = parseReference(text);
  if (parsed === undefined || parsed.version !== undefined) {
    return malformed(`${member} is a reference such as Type/id.`);
  }
  if (parsed.base !== undefined && parsed.base !== fhirServer) {
    return malformed(`${member} lies on another server than fhirServer.`);
  }
  return { type: parsed.type, id: parsed.id };
}

function malformed(why: string): never {
  throw new IntervalError('request-malformed', why);
}
