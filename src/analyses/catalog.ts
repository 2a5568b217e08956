import type { Documents } from '../documents/documents.ts';
import type { Decoder } from '../imaging/decoder.ts';
import type { CriticalTable } from '../terminology/critical-values.ts';
import type { Analysis } from './analysis.ts';
import { chestXrayComparison } from './chest-xray-comparison/index.ts';
import type { PairOptions } from './chest-xray-comparison/pair.ts';
import { labReport } from './lab-report/index.ts';

/** What analyses read with; made and closed by whoever composes. */
export interface AnalysisTools {
  readonly documents: Documents;
  readonly decoder: Decoder;
  /** The institution's own critical values; the shipped table without them. */
  readonly criticalValues?: CriticalTable;
  /** How far back the prior film of a comparison may lie. */
  readonly priorWindow?: PairOptions;
}

/** Every analysis there is: one folder and one line each. */
export function createCatalog(tools: AnalysisTools): readonly Analysis<unknown, unknown>[] {
  // Each analysis keeps its own input and finding to itself; from here on they are only handed through.
  const all: readonly unknown[] = [
    labReport(tools),
    chestXrayComparison({ decoder: tools.decoder, ...tools.priorWindow }),
  ];
  return all as readonly Analysis<unknown, unknown>[];
}
