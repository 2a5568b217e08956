import { setTimeout as sleep } from 'node:timers/promises';
import type { DiagnosticReport, Patient, Resource, Task } from '@medplum/fhirtypes';
import { main } from '../../src/cli.ts';

export const SECRET = 'synthetic-secret-of-the-arrivals-tests';

/** A report as an outside laboratory sends it, with a potassium that nobody has read. */
export function labReport(patient: string, value = '6.9', over: Partial<DiagnosticReport> = {}): DiagnosticReport {
  const text = [
    'SYNTHETIC SAMPLE',
    'TEST            RESULT  FLAG  UNITS     REFERENCE',
    `POTASSIUM       ${value}     HH    mmol/L    3.5-5.1`,
    'SODIUM          139           mmol/L    136-145',
  ].join('\n');
  return {
    resourceType: 'DiagnosticReport',
    status: 'final',
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
    code: { text: 'Outside laboratory report' },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2026-03-02T08:00:00Z',
    presentedForm: [{ contentType: 'text/plain', data: Buffer.from(text).toString('base64') }],
    ...over,
  };
}

export const patient = (id: string): Patient => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Synthetic', given: [id] }],
});

export interface Fhir {
  send<T extends Resource>(method: string, path: string, body?: object): Promise<T & { id: string }>;
  search<T extends Resource>(query: string): Promise<readonly T[]>;
  /** Jobs for a patient of this server, or of another one. */
  jobsOf(patient: string, base?: string): Promise<readonly Task[]>;
}

/** Plain HTTP to a FHIR server. */
export function fhirAt(base: string): Fhir {
  async function send<T extends Resource>(method: string, path: string, body?: object): Promise<T & { id: string }> {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: {
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
        prefer: 'return=representation',
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as T & { id: string };
  }
  async function search<T extends Resource>(query: string): Promise<readonly T[]> {
    const bundle = await send<Resource>('GET', query);
    return ((bundle as { entry?: { resource: T }[] }).entry ?? []).map(({ resource }) => resource);
  }
  return {
    send,
    search,
    jobsOf: (id, elsewhere) =>
      search<Task>(
        `Task?subject=${elsewhere ? `${elsewhere}/` : ''}Patient/${id}&identifier=${encodeURIComponent('https://interval.example.org/fhir/job|')}`,
      ),
  };
}

/** Asks again until it is so: nothing here waits for a time. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>, ms = 60_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const got = await ask();
    if (got !== undefined && got !== false) {
      return got;
    }
    if (Date.now() > end) {
      throw new Error(`It did not come about: ${what}`);
    }
    await sleep(50);
  }
}

/** The command line in this process, with an environment of its own. */
export async function interval(
  environment: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const before = { ...process.env };
  let out = '';
  let err = '';
  Object.assign(process.env, environment);
  try {
    const code = await main(argv, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  } finally {
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
