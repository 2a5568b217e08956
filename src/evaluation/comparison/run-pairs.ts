import type { ActiveAnalysis } from '../../analyses/active.ts';
import { isAbstention } from '../../analyses/analysis.ts';
import { type ComparisonFinding, type Role, roles, zones } from '../../analyses/chest-xray-comparison/finding.ts';
import { refuse } from '../../analyses/chest-xray-comparison/guards.ts';
import type { ComparisonInput } from '../../analyses/chest-xray-comparison/input.ts';
import { asIntervalError } from '../../errors.ts';
import type { Decoder } from '../../imaging/decoder.ts';
import type { NoFinding } from '../outcome.ts';
import { openFilm } from './film-file.ts';
import { meanLungIntensity } from './intensity.ts';
import type { LabelledPair } from './labelled-pair.ts';

export type PairOutcome =
  | { readonly kind: 'finding'; readonly finding: ComparisonFinding; readonly zoneChanges: readonly number[] }
  | NoFinding;

export interface PairResult {
  readonly pair: LabelledPair;
  readonly outcome: PairOutcome;
  /** Mean grey of the lungs on the current film less that on the prior one, of the full range; the naive baseline. */
  readonly intensity: number;
  /** Reading alone, without opening the files. */
  readonly milliseconds: number;
}

export interface PairRunOptions {
  readonly decoder: Decoder;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Opens and reads every pair as the service does, in the order given. Goes on when one fails; throws when aborted. */
export async function runPairs(
  active: ActiveAnalysis<ComparisonInput, ComparisonFinding>,
  pairs: readonly LabelledPair[],
  { decoder, signal, onProgress }: PairRunOptions,
): Promise<readonly PairResult[]> {
  const results: PairResult[] = [];
  for (const pair of pairs) {
    signal.throwIfAborted();
    results.push(await runOne(active, pair, decoder, signal));
    onProgress?.(results.length, pairs.length);
  }
  return results;
}

async function runOne(
  active: ActiveAnalysis<ComparisonInput, ComparisonFinding>,
  pair: LabelledPair,
  decoder: Decoder,
  signal: AbortSignal,
): Promise<PairResult> {
  let [milliseconds, intensity] = [0, 0];
  try {
    const open = (role: Role) => {
      const view = pair.views[role];
      const said = {
        ...(view ? { viewPosition: view } : {}),
        ...(pair.filedUnder ? { patientId: pair.filedUnder } : {}),
      };
      return openFilm(pair[role], said, decoder, signal);
    };
    const input: ComparisonInput = { prior: await open('prior'), current: await open('current') };
    const begun = performance.now();
    const read = refuse(input) ?? (await active.read(input, signal));
    milliseconds = Math.round(performance.now() - begun);
    const finding = isAbstention(read) ? undefined : read.finding;
    const [before, after] = roles.map((role) =>
      meanLungIntensity(input[role].radiograph.image, finding?.films[role].lungs),
    );
    intensity = after! - before!;
    return {
      pair,
      outcome: isAbstention(read)
        ? { kind: 'abstention', reason: read.reason }
        : { kind: 'finding', finding: read.finding, zoneChanges: zoneChanges(read.finding) },
      intensity,
      milliseconds,
    };
  } catch (thrown) {
    signal.throwIfAborted();
    return { pair, outcome: { kind: 'failed', code: asIntervalError(thrown).code }, intensity, milliseconds };
  }
}

function zoneChanges({ films }: ComparisonFinding): readonly number[] {
  return zones.map((zone) => films.current.opacity[zone] - films.prior.opacity[zone]);
}
