import type { Decoder } from '../../imaging/decoder.ts';
import { type Analysis, defineAnalysis } from '../analysis.ts';
import { draft, evidence } from './draft.ts';
import { embeddedReader } from './embedded.ts';
import { type ComparisonFinding, schema } from './finding.ts';
import { guards } from './guards.ts';
import type { ComparisonInput } from './input.ts';
import { load, open } from './load.ts';
import { medgemmaReader } from './medgemma.ts';
import { candidates, type PairOptions } from './pair.ts';
import { summarize } from './summary.ts';

/** Raised when a finding, its guards or its Observations change: older results are then read again. */
const VERSION = '1.1.0';

/** The current frontal chest radiograph against the last comparable one. */
export function chestXrayComparison(
  tools: { readonly decoder: Decoder } & PairOptions,
): Analysis<ComparisonInput, ComparisonFinding> {
  return defineAnalysis<ComparisonInput, ComparisonFinding>({
    id: 'chest-xray-comparison',
    title: 'Chest radiograph comparison',
    version: VERSION,
    subjects: ['ImagingStudy'],
    candidates: (chart) => candidates(chart, tools),
    load: (candidate, patient, world) => load(candidate, patient, world, tools.decoder),
    open: (files, signal) => open(files, tools.decoder, signal),
    readers: { embedded: embeddedReader, medgemma: medgemmaReader },
    schema,
    guards,
    draft,
    evidence,
    summarize,
  });
}
