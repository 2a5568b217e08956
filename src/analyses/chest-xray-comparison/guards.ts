import { type Abstention, abstain, type Guard } from '../analysis.ts';
import { type ComparisonFinding, itemOf, opposite, roles } from './finding.ts';
import { personIsKnown, samePerson } from './identity.ts';
import { type ComparisonInput, dateOf } from './input.ts';
import { saysLateral, saysNoChest, saysTurned } from './view.ts';

type ComparisonGuard = Guard<ComparisonInput, ComparisonFinding>;

/**
 * What headers and chart say against this pair, before anything is read. The same checks stand among the guards, so that
 * no reader can pass them by.
 */
export function refuse(input: ComparisonInput): Abstention | undefined {
  const { prior, current } = input;
  const headers = [prior.radiograph.header, current.radiograph.header];
  if (!samePerson(input)) {
    return abstain('patient-mismatch', 'The images do not carry the identity of the patient whose chart names them.');
  }
  if (headers.some(saysNoChest)) {
    return abstain('not-a-chest', 'The header of an image names another part of the body or another modality.');
  }
  if (headers.some(saysLateral)) {
    return abstain('view-lateral', 'A lateral or oblique film cannot be compared with a frontal one.');
  }
  const doubt = timeOrder(input) ?? quality(input);
  // sides are told by where they stand on the film
  return !doubt && headers.some(saysTurned)
    ? abstain('view-mirrored', 'The header of a film says that it is stored mirrored or turned.')
    : doubt;
}

/** Times are compared only where both are known; a placeholder year is unknown. */
function timeOrder({ prior, current }: ComparisonInput): Abstention | undefined {
  const stated = [dateOf(prior), dateOf(current)];
  const taken = [prior.radiograph.header.acquired, current.radiograph.header.acquired];
  for (const [before, after] of [stated, taken]) {
    if (isKnown(before) && isKnown(after) && order(before, after) > 0) {
      return abstain('time-order', 'The prior film was taken after the current one, by the chart or by its header.');
    }
  }
  return undefined;
}

function isKnown(date: string | undefined): date is string {
  return date !== undefined && Number(date.slice(0, 4)) >= 1950;
}

/** Compares what both say: whole instants where both have a zone, else the text as far as the shorter one goes. */
function order(before: string, after: string): number {
  const zoned = /(Z|[+-]\d\d:\d\d)$/;
  if (zoned.test(before) && zoned.test(after)) {
    return Date.parse(before) - Date.parse(after);
  }
  const length = Math.min(before.length, after.length, zoned.test(before) === zoned.test(after) ? 19 : 10);
  return before.slice(0, length) < after.slice(0, length)
    ? -1
    : before.slice(0, length) > after.slice(0, length)
      ? 1
      : 0;
}

/** Smallest side on which zones can be measured; the smallest real film that was tested has 341 pixels. */
const MIN_SIDE = 200;

function quality(input: ComparisonInput): Abstention | undefined {
  for (const name of roles) {
    const { width, height, data } = input[name].radiograph.image;
    if (Math.min(width, height) < MIN_SIDE) {
      return abstain('image-too-small', `The ${name} film has ${width} × ${height} pixels; ${MIN_SIDE} are needed.`);
    }
    if (Math.max(width, height) > 3 * Math.min(width, height)) {
      return abstain('not-a-chest', `The ${name} film is a strip.`);
    }
    if (isBlank(data)) {
      return abstain('image-blank', `The ${name} film has almost no contrast.`);
    }
  }
  return undefined;
}

/** Nine tenths of the pixels within a fiftieth of the range. */
function isBlank(data: Float32Array): boolean {
  const step = Math.max(1, Math.floor(data.length / 20_000));
  const counts = new Uint32Array(256);
  let all = 0;
  for (let i = 0; i < data.length; i += step) {
    counts[Math.min(255, Math.max(0, Math.round(data[i]! * 255)))]!++;
    all++;
  }
  for (let level = 0; level + 5 <= 256; level++) {
    if (counts.subarray(level, level + 5).reduce((sum, n) => sum + n, 0) > 0.9 * all) {
      return true;
    }
  }
  return false;
}

const headersAndPixels: ComparisonGuard = (finding, input) => refuse(input) ?? finding;

/** Shape of what was taken for lungs: a leg, an animal, a slice or noise has no such pair. */
const chestLikeness: ComparisonGuard = (finding) => {
  const name = roles.find((role) => finding.films[role].chestLikeness < MIN_LIKENESS);
  return name
    ? abstain('not-a-chest', `What was found on the ${name} film does not look like two lungs on a frontal film.`)
    : finding;
};
const MIN_LIKENESS = 0.35;

/** A chest that lies askew, or is turned about its long axis, is not where the zones are looked for. */
const rotation: ComparisonGuard = (finding) => {
  const { films } = finding;
  const name = roles.find((role) => Math.abs(films[role].tilt) > MAX_TILT || Math.abs(films[role].turn) > MAX_TURN);
  return name ? abstain('image-rotated', `The chest on the ${name} film is turned too far.`) : finding;
};
/** Degrees, and the logarithm of one lung's area over the other's. Real films had −12° to 12° and 0.6 to 1.1 (README.md). */
const MAX_TILT = 22;
const MAX_TURN = 1;

/** In expiration lungs are small and dense on any chest: density at two depths of breath is not comparable. */
const inspiration: ComparisonGuard = (finding) =>
  Math.abs(Math.log(finding.films.current.inflation / finding.films.prior.inflation)) > MAX_INFLATION
    ? abstain('inspiration-differs', 'The two films were taken at too different depths of breath.')
    : finding;
const MAX_INFLATION = 0.5;

const exposure: ComparisonGuard = (finding) => {
  const name = roles.find((role) => finding.films[role].contrast < MIN_CONTRAST);
  return name ? abstain('image-flat', `The ${name} film has too little contrast between lungs and chest.`) : finding;
};
const MIN_CONTRAST = 0.12;

const clipping: ComparisonGuard = (finding) => {
  const name = roles.find((role) => finding.films[role].clipped > 0.3);
  return name
    ? abstain('image-clipped', `Too much of the lungs on the ${name} film is fully black or white.`)
    : finding;
};

/** Two films of one chest share ribs, clavicles and heart; below this they are of two people, or one is turned away. */
const registration: ComparisonGuard = (finding) =>
  finding.registration.score < MIN_SCORE || finding.registration.overlap < 0.6
    ? abstain('registration-poor', 'The two films could not be laid over each other.')
    : finding;
const MIN_SCORE = 0.5;

/**
 * Films that say of nobody whose they are must show one person themselves, by the edges of their bones. One in ten true
 * pairs fails this, and three in ten pairs of strangers: it is no proof, and films that name their patient do not need it.
 */
const bones: ComparisonGuard = (finding, input) =>
  (finding.registration.structure ?? 1) < MIN_STRUCTURE && !finding.sameFilm && !personIsKnown(input)
    ? abstain(
        'identity-unsure',
        'Nothing in the images says whose they are, and their bones do not show that they are of one person.',
      )
    : finding;
const MIN_STRUCTURE = 0.17;

/** The same exposure under two dates has not changed, whatever was measured. */
const oneExposure: ComparisonGuard = (finding) =>
  finding.sameFilm
    ? {
        ...finding,
        overall: { ...finding.overall, change: 'stable' },
        findings: finding.findings.map((one) => ({ ...one, change: 'stable' as const })),
        exchanged: finding.exchanged.map((one) => ({ ...one, change: 'stable' as const })),
      }
    : finding;

/** With the films exchanged every finding must turn round; one that does not is not judged, and none left is no answer. */
const swap: ComparisonGuard = (finding) => {
  const exchanged = new Map(finding.exchanged.map((one) => [itemOf(one), one.change]));
  const mirrored = finding.findings.filter((one) => exchanged.get(itemOf(one)) === opposite[one.change]);
  const broken = finding.findings.filter((one) => !mirrored.includes(one));
  if (broken.length > 0 && mirrored.length === 0) {
    return abstain('not-mirrored', 'With the films exchanged the reader did not say the opposite.');
  }
  return {
    ...finding,
    findings: mirrored,
    notJudged: [
      ...finding.notJudged,
      ...broken.map((one) => ({
        finding: one.finding,
        ...(one.side ? { side: one.side } : {}),
        reason: 'not-mirrored',
      })),
    ],
  };
};

export const guards: readonly ComparisonGuard[] = [
  headersAndPixels,
  chestLikeness,
  rotation,
  inspiration,
  exposure,
  clipping,
  registration,
  bones,
  oneExposure,
  swap,
];
