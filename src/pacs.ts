import type { LoadWorld } from './analyses/analysis.ts';
import { type ErrorCode, IntervalError } from './errors.ts';
import { isInsideBase } from './fhir/base.ts';
import { createClientCredentials } from './fhir/client-credentials.ts';
import { createDicomWeb, type DicomWeb } from './imaging/dicomweb.ts';
import type { DicomWebOptions } from './imaging/dicomweb-request.ts';
import type { Config } from './settings.ts';

/**
 * DICOMweb by the address of an Endpoint: the longest configured base that it lies under. The PACS's credentials go to
 * the PACS alone.
 */
export function pacs(config: Config): LoadWorld['dicomweb'] {
  const { pacsUrl, imagingEndpoints } = config;
  const clients = new Map<string, DicomWeb>();
  if (pacsUrl !== '') {
    const headers = pacsHeaders(config);
    clients.set(pacsUrl, createDicomWeb({ base: pacsUrl, ...(headers ? { headers } : {}) }));
  }
  for (const base of imagingEndpoints.filter((one) => !clients.has(one))) {
    clients.set(base, createDicomWeb({ base }));
  }
  const bases = [...clients.keys()].sort((one, other) => other.length - one.length);
  return (endpoint) => {
    const url = endpoint === undefined ? undefined : URL.parse(endpoint);
    const base = endpoint === undefined ? pacsUrl : bases.find((one) => url && isInsideBase(url, new URL(one)));
    return base === undefined ? undefined : clients.get(base);
  };
}

/** The PACS's header as it is set, or a bearer token that is got for it and renewed when it is refused. */
function pacsHeaders(config: Config): DicomWebOptions['headers'] | undefined {
  const { pacsAuthorization: authorization, pacsTokenUrl: tokenUrl } = config;
  if (tokenUrl === '') {
    return authorization === '' ? undefined : () => ({ authorization });
  }
  const { pacsClientId: clientId, pacsClientSecret: clientSecret } = config;
  const token = createClientCredentials({ tokenUrl, clientId, proof: { secret: clientSecret } });
  return async (refused) => {
    try {
      return { authorization: `Bearer ${await token(refused?.authorization?.replace(/^Bearer /, ''))}` };
    } catch (error) {
      throw error instanceof IntervalError
        ? new IntervalError(tokenFailures[error.code] ?? 'dicomweb-unavailable', error.message, {
            cause: error,
            ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
          })
        : error;
    }
  };
}

/** The token endpoint of the PACS belongs to the PACS: its failures are named after it. */
const tokenFailures: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  'fhir-unauthorized': 'dicomweb-unauthorized',
  'fhir-timeout': 'dicomweb-timeout',
  'fhir-bad-answer': 'dicomweb-bad-answer',
};
