import { readFile } from 'node:fs/promises';
import type { Patient } from '@medplum/fhirtypes';
import type { ActiveAnalysis } from '../analyses/active.ts';
import { isAbstention } from '../analyses/analysis.ts';
import type { LabFinding } from '../analyses/lab-report/finding.ts';
import type { LabInput } from '../analyses/lab-report/input.ts';
import { asIntervalError } from '../errors.ts';
import type { LabelledDocument } from './dataset.ts';
import { type DocumentScore, type Outcome, scoreDocument } from './score.ts';
import type { Truth } from './truth.ts';

export interface DocumentResult {
  readonly document: LabelledDocument;
  readonly outcome: Outcome;
  readonly score: DocumentScore;
  /** Opening and reading. */
  readonly milliseconds: number;
  readonly pages: number;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** Documents in work at one time. */
  readonly concurrency: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Opens, reads and scores every document, in the order given. Goes on when one fails; throws when it is aborted. */
export async function runDataset(
  active: ActiveAnalysis<LabInput, LabFinding>,
  documents: readonly LabelledDocument[],
  { signal, concurrency, onProgress }: RunOptions,
): Promise<readonly DocumentResult[]> {
  const results: DocumentResult[] = new Array(documents.length);
  let [next, done] = [0, 0];
  const work = async (): Promise<void> => {
    for (let at = next++; at < documents.length; at = next++) {
      signal.throwIfAborted();
      results[at] = await readOne(active, documents[at]!, signal);
      onProgress?.(++done, documents.length);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

async function readOne(
  active: ActiveAnalysis<LabInput, LabFinding>,
  document: LabelledDocument,
  signal: AbortSignal,
): Promise<DocumentResult> {
  const begun = performance.now();
  const outcome = await outcomeOf(active, document, signal);
  return {
    document,
    outcome,
    score: scoreDocument(document.truth, outcome),
    milliseconds: Math.round(performance.now() - begun),
    pages: outcome.kind === 'finding' ? outcome.pages.length : 0,
  };
}

async function outcomeOf(
  active: ActiveAnalysis<LabInput, LabFinding>,
  { path, truth }: LabelledDocument,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    const input = await active.analysis.open({ file: bytes }, signal);
    if (isAbstention(input)) return { kind: 'abstention', reason: input.reason };
    const read = await active.read({ ...input, ...chartOf(truth) }, signal);
    return isAbstention(read)
      ? { kind: 'abstention', reason: read.reason }
      : { kind: 'finding', finding: read.finding, pages: input.document.pages };
  } catch (thrown) {
    signal.throwIfAborted();
    return { kind: 'failed', code: asIntervalError(thrown).code };
  }
}

/** The chart that the document is filed in, as far as the truth knows it: the guard of identity is measured too. */
function chartOf({ patient }: Truth): { readonly patient?: Patient } {
  if (!patient) return {};
  const { name, birthDate, identifier } = patient;
  return {
    patient: {
      resourceType: 'Patient',
      ...(name === undefined ? {} : { name: [{ text: name }] }),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(identifier === undefined ? {} : { identifier: [{ value: identifier }] }),
    },
  };
}
