import type { Documents } from '../../documents/documents.ts';
import { IntervalError } from '../../errors.ts';
import type { CriticalTable } from '../../terminology/critical-values.ts';
import { defineAnalysis } from '../analysis.ts';
import { candidates } from './candidates.ts';
import { embeddedReader } from './embedded.ts';
import { evidence } from './evidence.ts';
import { findingSchema, type LabFinding } from './finding.ts';
import { guards } from './guards.ts';
import type { LabInput } from './input.ts';
import { load, openInput } from './load.ts';
import { medgemmaReader } from './medgemma.ts';
import { draft } from './observations.ts';
import { summarize } from './summary.ts';

export interface LabTools {
  readonly documents: Pick<Documents, 'open' | 'render'>;
  /** The institution's own critical values; the shipped table unless given. */
  readonly criticalValues?: CriticalTable;
}

/** Laboratory reports that came as a PDF, a scan or text → coded results. */
export function labReport(tools: LabTools) {
  const { documents, criticalValues } = tools;
  return defineAnalysis<LabInput, LabFinding>({
    id: 'lab-report',
    title: 'Laboratory report',
    version: '2',
    subjects: ['DiagnosticReport', 'DocumentReference'],
    candidates,
    load: (candidate, patient, world) => load(documents, candidate, patient, world),
    async open({ file }, signal) {
      if (!file) {
        throw new IntervalError('attachment-missing', 'A lab report needs one file.');
      }
      return openInput(documents, file, undefined, signal);
    },
    readers: { embedded: embeddedReader, medgemma: medgemmaReader },
    schema: findingSchema,
    guards,
    draft,
    evidence,
    summarize: (results, chart) => summarize(results, chart, criticalValues ? { criticalValues } : {}),
  });
}
