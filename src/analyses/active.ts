import { IntervalError } from '../errors.ts';
import type { ReaderDraft } from '../fhir/result-draft.ts';
import type { Models } from '../inference/model.ts';
import type { Traces } from '../traces.ts';
import type { Analysis, Reader, ReaderId } from './analysis.ts';
import { createReading, type Reading } from './reading.ts';

/** An analysis with the reader that the site chose for it. The types of input and finding stay inside. */
export interface ActiveAnalysis<Input = unknown, Finding = unknown> {
  readonly analysis: Analysis<Input, Finding>;
  readonly reader: Reader<Input, Finding>;
  /** Reader, schema and guards. */
  read(input: Input, signal: AbortSignal, traces?: Traces): Promise<Reading<Finding>>;
}

/** Throws `reader-unavailable` when the analysis has no such reader or the reader cannot be made. */
export async function activate<Input, Finding>(
  analysis: Analysis<Input, Finding>,
  readerId: ReaderId,
  models: Models,
): Promise<ActiveAnalysis<Input, Finding>> {
  const make = analysis.readers[readerId];
  if (!make) {
    const known = Object.keys(analysis.readers).join(', ');
    throw new IntervalError(
      'reader-unavailable',
      `${analysis.id} has no ${readerId} reader in this version; it has: ${known}.`,
    );
  }
  const reader = await make(models);
  const reading = createReading(analysis);
  return { analysis, reader, read: (input, signal, traces) => reading(input, reader, signal, traces) };
}

/** Who reads, as the job key and the Device name it. */
export function readBy(active: ActiveAnalysis<never, never> | ActiveAnalysis) {
  const { analysis, reader } = active;
  return { analysis: analysis.id, analysisVersion: analysis.version, reader: reader.id, readerVersion: reader.version };
}

/** The same with models and prompts, as Device and Provenance name it. */
export function readerDraft({ analysis, reader }: ActiveAnalysis<never, never> | ActiveAnalysis): ReaderDraft {
  return {
    analysis: analysis.id,
    analysisVersion: analysis.version,
    readerId: reader.id,
    readerVersion: reader.version,
    models: reader.models,
    ...(reader.prompts ? { prompts: reader.prompts } : {}),
  };
}
