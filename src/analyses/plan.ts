import { createHash } from 'node:crypto';
import type { Job } from '../queue/queue.ts';
import type { Candidate } from './analysis.ts';

/** How far one candidate has come, by what the store says. */
export type PlanState = 'due' | 'waiting' | 'running' | 'done' | 'abstained' | 'failed';

export interface PlannedJob {
  readonly job: Job;
  readonly state: PlanState;
  readonly candidate: Candidate;
  /** Nothing is read: results of a subject that does not stand any more are withdrawn. */
  readonly withdraws?: true;
}

/** State of the job's Task, as the ledger has it. */
export type LedgerState = 'requested' | 'accepted' | 'in-progress' | 'completed' | 'rejected' | 'failed' | 'cancelled';

const planStates: Readonly<Record<LedgerState, PlanState>> = {
  requested: 'waiting',
  accepted: 'waiting',
  'in-progress': 'running',
  completed: 'done',
  rejected: 'abstained',
  failed: 'failed',
  cancelled: 'due',
};

/**
 * Names a job by what it reads and by whom: any new version of the analysis, the reader, the subject or its companions
 * is another job, the same ones are the same job whoever asks and however often.
 */
export function jobKey(
  job: Omit<Job, 'key'> & { readonly analysisVersion: string; readonly readerVersion: string },
): string {
  const { analysis, analysisVersion, reader, readerVersion, patient } = job;
  return nameOf([analysis, analysisVersion, reader, readerVersion, patient, ...readBy(job)]);
}

/**
 * Names what a job reads, in which versions, whoever reads it: its results carry this name, so that they are found again
 * when what was read does not stand any more. References are those of the source.
 */
export function inputKey(job: Pick<Job, 'analysis' | 'patient' | 'subject' | 'companions'>): string {
  return nameOf([job.analysis, job.patient, ...readBy(job)]);
}

/** What a job reads, in which versions. */
function readBy({ subject, companions }: Pick<Job, 'subject' | 'companions'>): readonly string[] {
  return [
    subject.reference,
    subject.version,
    ...companions.flatMap(({ role, reference, version }) => [role, reference, version]),
  ];
}

function nameOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}

const WITHDRAWAL = 'withdraw:';

/** Version of the subject of a job that reads nothing: it withdraws what was read from a subject that ended in `version`. */
export function withdrawalOf(version: string): string {
  return `${WITHDRAWAL}${version}`;
}

export function isWithdrawal({ subject }: Pick<Job, 'subject'>): boolean {
  return subject.version.startsWith(WITHDRAWAL);
}

/** Which of the candidates are done, due, running, abstained or failed. Pure. */
export function plan(
  candidates: readonly Candidate[],
  by: {
    readonly analysis: string;
    readonly analysisVersion: string;
    readonly reader: string;
    readonly readerVersion: string;
    readonly patient: string;
  },
  ledger: ReadonlyMap<string, LedgerState>,
): readonly PlannedJob[] {
  return candidates.map((candidate) => {
    const { analysis, reader, patient } = by;
    const unnamed = { analysis, reader, patient, subject: candidate.subject, companions: candidate.companions };
    const job: Job = {
      key: jobKey({ ...unnamed, analysisVersion: by.analysisVersion, readerVersion: by.readerVersion }),
      ...unnamed,
    };
    const state = ledger.get(job.key);
    return { job, candidate, state: state ? planStates[state] : 'due' };
  });
}
