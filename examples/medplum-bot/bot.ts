import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BotEvent, MedplumClient } from '@medplum/core';
import type { DiagnosticReport, DocumentReference, ImagingStudy, Task } from '@medplum/fhirtypes';
import { importJWK, type JWK, SignJWT } from 'jose';

/** What the bot's Subscriptions fire on. */
export type Readable = DiagnosticReport | DocumentReference | ImagingStudy;

export interface Followed {
  readonly job: string;
  readonly analysis: string;
  /** Status of the Task when the bot looked last. */
  readonly state: string;
}

export type Outcome =
  | { readonly skipped: 'not-readable' | 'machine-read' | 'gone' }
  /** `ended` is false when the time was over first: the service goes on without the bot. */
  | { readonly jobs: readonly Followed[]; readonly ended: boolean };

interface Job extends Followed {
  /** Absolute URL of the Task in the service's store. */
  readonly task: string;
}

/** From the project's secrets. */
interface Settings {
  /** Base URL of Interval, as the service knows it (`publicUrl`): tokens are for exactly one URL. */
  readonly url: string;
  /** Private JWK with `kid` and `alg`; absent only where the service runs in development mode on this machine. */
  readonly key?: JWK;
  /** `issuer` of this client in the service's file of clients. */
  readonly issuer: string;
  readonly waitSeconds: number;
}

const ends: ReadonlySet<string> = new Set(['completed', 'rejected', 'failed', 'cancelled']);
const LOOK_AGAIN_MS = 1000;

/**
 * Something that can be read was written: asks Interval for it and follows its Tasks. The same resource twice asks for nothing
 * twice, so a delivery that Medplum repeats does no harm. What may pass (429, 5xx) is thrown, and Medplum delivers again.
 */
export async function handler(medplum: MedplumClient, event: BotEvent<Readable>): Promise<Outcome> {
  const resource = event.input;
  const settings = settingsOf(event);
  if (!['DiagnosticReport', 'DocumentReference', 'ImagingStudy'].includes(resource?.resourceType) || !resource.id) {
    return { skipped: 'not-readable' };
  }
  // A report of Interval's own is a DiagnosticReport too: reading it again would never end.
  if (resource.meta?.security?.some(({ code }) => code === 'AIAST')) {
    return { skipped: 'machine-read' };
  }
  const response = await call(settings, 'POST', `${settings.url}/analyses`, {
    subject: `${resource.resourceType}/${resource.id}`,
  });
  if (response.status === 404) {
    return { skipped: 'gone' };
  }
  const { jobs } = (await bodyOf(response)) as { readonly jobs: readonly Job[] };
  return follow(medplum, settings, jobs);
}

async function follow(medplum: MedplumClient, settings: Settings, asked: readonly Job[]): Promise<Outcome> {
  const until = Date.now() + settings.waitSeconds * 1000;
  let jobs = asked;
  for (;;) {
    const ended = jobs.every(({ state }) => ends.has(state));
    if (ended || Date.now() + LOOK_AGAIN_MS > until) {
      return { jobs: jobs.map(({ job, analysis, state }) => ({ job, analysis, state })), ended };
    }
    await sleep(LOOK_AGAIN_MS);
    jobs = await Promise.all(jobs.map((job) => (ends.has(job.state) ? job : look(medplum, settings, job))));
  }
}

/** The Task itself where the service keeps its Tasks in this Medplum project, else what the service says of it. */
async function look(medplum: MedplumClient, settings: Settings, job: Job): Promise<Job> {
  const here = medplum.fhirUrl('Task').toString().replace(/\/+$/, '');
  if (job.task.startsWith(`${here}/`)) {
    // Cached by the client for a while otherwise.
    const task: Task = await medplum.readResource('Task', job.task.slice(here.length + 1), { cache: 'reload' });
    return { ...job, state: task.status };
  }
  const response = await call(settings, 'GET', `${settings.url}/analyses/${job.job}`);
  return { ...job, ...((await bodyOf(response)) as Job) };
}

async function call(settings: Settings, method: 'GET' | 'POST', url: string, body?: object): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(settings.key === undefined
        ? {}
        : { authorization: `Bearer ${await token(settings.key, settings.issuer, url)}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  });
}

/** A JWT as CDS Hooks has it: for one URL, used once, good for a minute. */
async function token(key: JWK, issuer: string, url: string): Promise<string> {
  const { alg = 'ES384', kid = '' } = key;
  return new SignJWT({})
    .setProtectedHeader({ alg, kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(url)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('60 s')
    .sign(await importJWK(key, alg));
}

/** Throws what the service says is wrong: its code, never its words. */
async function bodyOf(response: Response): Promise<unknown> {
  const body = (await response.json().catch(() => undefined)) as { issue?: { diagnostics?: string }[] } | undefined;
  if (!response.ok) {
    throw new Error(`Interval answered ${response.status} ${body?.issue?.[0]?.diagnostics ?? ''}`.trim());
  }
  return body;
}

function settingsOf({ secrets }: BotEvent<Readable>): Settings {
  const text = (name: string) => secrets[name]?.valueString ?? '';
  const url = text('INTERVAL_URL').replace(/\/+$/, '');
  if (!URL.canParse(url)) {
    throw new Error('The secret INTERVAL_URL is no URL.');
  }
  const key = text('INTERVAL_KEY') === '' ? undefined : (JSON.parse(text('INTERVAL_KEY')) as JWK);
  return {
    url,
    issuer: text('INTERVAL_ISSUER'),
    // Shorter than the bot's own time-out.
    waitSeconds: Number(text('INTERVAL_WAIT_SECONDS') || '8'),
    ...(key === undefined ? {} : { key }),
  };
}
