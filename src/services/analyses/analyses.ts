import type { DiagnosticReport, DocumentReference, ImagingStudy, Task } from '@medplum/fhirtypes';
import type { Client } from '../../cds-hooks/authenticate.ts';
import { IntervalError } from '../../errors.ts';
import { codeSystem } from '../../fhir/codes.ts';
import { attemptsOf, jobOfTask, outputsOf } from '../../fhir/job-task.ts';
import { findTask } from '../../fhir/tasks.ts';
import { planForPatient } from '../../jobs/arrivals.ts';
import { type Ledger, requestDue } from '../../jobs/request.ts';
import { patientId } from '../../subscriptions/patients-of.ts';
import type { ServiceWorld } from '../world.ts';
import type { AskedFor } from './asked.ts';

/** A job as callers see it: ids, codes and references, no text of a chart. */
export interface JobState {
  readonly job: string;
  readonly analysis: string;
  /** Status of the Task. */
  readonly state: string;
  /** The Task in the store, absolute. */
  readonly task: string;
  /** What is read, as the source has it. */
  readonly subject: string;
  readonly attempts: number;
  /** ISO instants. */
  readonly requested?: string;
  readonly started?: string;
  readonly ended?: string;
  /** Why it was refused, failed or given up: codes of ours. */
  readonly reasons: readonly { readonly system: string; readonly code: string }[];
  /** What it wrote, absolute references into the store. */
  readonly results: readonly string[];
}

export interface Analyses {
  /**
   * Asks for what can be read of a subject. Nothing is asked for twice: `asked` counts what was new. Throws
   * `fhir-server-untrusted`, `subject-unsupported`, `patient-mismatch` and what the source answers.
   */
  ask(asked: AskedFor, client: Client): Promise<{ readonly asked: number; readonly jobs: readonly JobState[] }>;
  /** Throws `not-found`, also for jobs of another server than the client's. */
  job(key: string, client: Client): Promise<JobState>;
}

type Subject = DiagnosticReport | DocumentReference | ImagingStudy;

export function createAnalyses(
  world: Pick<ServiceWorld, 'servers' | 'fhirServers' | 'analyses'>,
  ledger: Ledger,
): Analyses {
  const { servers, fhirServers, analyses } = world;
  const { store, source, form } = servers;

  async function stateOf(key: string): Promise<JobState | undefined> {
    const task = await findTask(store, key);
    const job = task && jobOfTask(task);
    return task && job ? describe(task, job) : undefined;
  }

  function describe(task: Task, job: NonNullable<ReturnType<typeof jobOfTask>>): JobState {
    const { start, end } = task.executionPeriod ?? {};
    return {
      job: job.key,
      analysis: job.analysis,
      state: task.status ?? 'requested',
      task: `${store.base}/Task/${task.id}`,
      subject: form.toSource(job.subject.reference),
      attempts: attemptsOf(task),
      ...(task.authoredOn === undefined ? {} : { requested: task.authoredOn }),
      ...(start === undefined ? {} : { started: start }),
      ...(end === undefined ? {} : { ended: end }),
      reasons: (task.statusReason?.coding ?? []).flatMap(({ system, code }) =>
        system !== undefined && code !== undefined && ours.has(system) ? [{ system, code }] : [],
      ),
      results: outputsOf(task).map((reference) =>
        reference.startsWith('http') ? reference : `${store.base}/${reference}`,
      ),
    };
  }

  return {
    async ask({ subject, patient, analysis, fhirServer }, client) {
      if (!fhirServers.isSource(fhirServer, client)) {
        throw new IntervalError('fhir-server-untrusted', 'This service reads another FHIR server for this client.');
      }
      const able = analyses.filter(
        ({ analysis: one }) =>
          (analysis === undefined || one.id === analysis) && (one.subjects as readonly string[]).includes(subject.type),
      );
      if (able.length === 0) {
        throw new IntervalError('subject-unsupported', 'There is no such analysis of resources of this type.');
      }
      const resource = await source.read<Subject>(subject.type as Subject['resourceType'], subject.id);
      const whose = patientId(resource.subject?.reference, servers);
      if (whose === undefined) {
        throw new IntervalError('subject-unsupported', 'The resource names no patient of the source.');
      }
      if (patient !== undefined && patient !== whose) {
        throw new IntervalError('patient-mismatch', 'The resource belongs to another patient.');
      }
      const reference = `${subject.type}/${subject.id}`;
      const planned = await planForPatient(
        whose,
        { source, analyses: able, ledger },
        {
          subject: reference,
        },
      );
      const asked = await requestDue(planned, ledger, { priority: 'arrival' });
      const states = await Promise.all(planned.map(({ job }) => stateOf(job.key)));
      return { asked, jobs: states.filter((one) => one !== undefined) };
    },

    async job(key, client) {
      const named = client.registration?.fhirServers ?? [undefined];
      const mine = named.some((fhirServer) => fhirServers.isSource(fhirServer, client));
      const found = mine && /^[0-9a-f]{40}$/.test(key) ? await stateOf(key) : undefined;
      if (!found) {
        throw new IntervalError('not-found', 'There is no such job.');
      }
      return found;
    },
  };
}

const ours: ReadonlySet<string> = new Set([codeSystem.error, codeSystem.abstention]);
