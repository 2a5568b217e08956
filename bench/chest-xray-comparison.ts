/**
 * Measures the embedded reader of chest-xray-comparison on real films: node bench/chest-xray-comparison.ts [PART…]
 * with parts lungs, scored, identity, swap, negatives (default all). DATA names the folder of films (default
 * ../shared/data); nothing of it is kept. Figures go to standard output.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { isAbstention, type Reader } from '../src/analyses/analysis.ts';
import type { Change, ComparisonFinding } from '../src/analyses/chest-xray-comparison/finding.ts';
import { chestXrayComparison } from '../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput, Film } from '../src/analyses/chest-xray-comparison/input.ts';
import { findLungs } from '../src/analyses/chest-xray-comparison/lungs.ts';
import { createReading } from '../src/analyses/reading.ts';
import { createDecoder } from '../src/imaging/decoder.ts';
import type { GreyImage } from '../src/imaging/image.ts';
import { readRadiograph } from '../src/imaging/radiograph.ts';
import { openTensorModel } from '../src/inference/onnx/tensor.ts';
import { resize } from '../src/resample.ts';
import { simulateChest } from '../src/samples/thorax/simulate.ts';

const data = process.env.DATA ?? '../shared/data';
const parts = process.argv.slice(2);
const decoder = createDecoder();
const model = await openTensorModel('lung-field', process.env.MODEL ?? 'models/lung-field/model.onnx');
const analysis = chestXrayComparison({ decoder });
const reader: Reader<ComparisonInput, ComparisonFinding> = await analysis.readers.embedded!({
  tensor: async () => model,
});
const reading = createReading(analysis);
const never = new AbortController().signal;

const films = new Map<string, Promise<GreyImage>>();

function picture(path: string): Promise<GreyImage> {
  const found = films.get(path) ?? grey(readFileSync(join(data, path)));
  films.set(path, found);
  return found;
}

async function grey(bytes: Uint8Array): Promise<GreyImage> {
  const image = sharp(bytes).removeAlpha().toColourspace('b-w');
  const { data: raw, info } = await image.raw().toBuffer({ resolveWithObject: true });
  const values = Float32Array.from({ length: info.width * info.height }, (_, i) => raw[i * info.channels]! / 255);
  return { width: info.width, height: info.height, data: values };
}

function film(image: GreyImage, viewPosition?: string): Film {
  const uids = { sopInstanceUid: '', studyInstanceUid: '', seriesInstanceUid: '', transferSyntaxUid: '' };
  const header = { ...uids, imageType: [], rows: image.height, columns: image.width, numberOfFrames: 1 };
  return { radiograph: { header: { ...header, ...(viewPosition ? { viewPosition } : {}) }, image, sha256: '' } };
}

function compare(prior: Film, current: Film) {
  return reading({ prior, current }, reader, never);
}

function table(path: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(join(data, path), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((cell) => cell[1]!.replace(/^"|"$/g, '')));
  return rows.map((row) => Object.fromEntries(head!.map((name, i) => [name, row[i] ?? ''])));
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!;

// ---- lungs -----------------------------------------------------------------------------------------------------

async function lungs(): Promise<void> {
  for (const set of ['hannover', 'scored']) {
    const dice: number[] = [];
    for (const row of table(`cxr/${set}/images.csv`).filter((one) => one.lung_mask)) {
      const image = await picture(`cxr/${set}/images/${row.file}`);
      const mask = await grey(readFileSync(join(data, `cxr/${set}/lung_masks/${row.lung_mask}`)));
      const maps = await findLungs(image, model, never);
      if (!maps) {
        dice.push(0);
        continue;
      }
      let [both, mine, theirs] = [0, 0, 0];
      const side = maps.right.length ** 0.5;
      for (let i = 0; i < 512 * 512; i++) {
        const [u, v] = [((i % 512) + 0.5) / 512, (Math.floor(i / 512) + 0.5) / 512];
        const x = Math.floor(((u * image.width - maps.window.x) / maps.window.side) * side);
        const y = Math.floor(((v * image.height - maps.window.y) / maps.window.side) * side);
        const inside = x >= 0 && y >= 0 && x < side && y < side;
        const a = inside && Math.max(maps.right[y * side + x]!, maps.left[y * side + x]!) > 0.5;
        const b = mask.data[Math.floor(v * mask.height) * mask.width + Math.floor(u * mask.width)]! > 0.5;
        both += a && b ? 1 : 0;
        mine += a ? 1 : 0;
        theirs += b ? 1 : 0;
      }
      dice.push((2 * both) / (mine + theirs));
    }
    console.log(
      `lungs ${set}: Dice mean ${mean(dice).toFixed(3)}, median ${quantile(dice, 0.5).toFixed(3)}, lowest ${Math.min(...dice).toFixed(3)}, ${dice.length} films`,
    );
  }
}

// ---- scored pairs ----------------------------------------------------------------------------------------------

interface Scored {
  readonly patient: string;
  readonly label: string;
  readonly score: number;
  readonly agreed: boolean;
  /** Undefined where the reader abstained. */
  readonly said?: string;
  readonly difference: number;
  readonly intensity: number;
}

const words: Readonly<Record<Change, string>> = { worsened: 'worse', stable: 'same', improved: 'better' };

async function scored(): Promise<void> {
  const pairs: Scored[] = [];
  const times: number[] = [];
  for (const row of table('cxr/scored/pairs.csv')) {
    const [prior, current] = await Promise.all(
      [row.prior, row.current].map((file) => picture(`cxr/scored/images/${file}`)),
    );
    const began = performance.now();
    const read = await compare(film(prior!, viewOf(row.view_prior)), film(current!, viewOf(row.view_current)));
    times.push(performance.now() - began);
    pairs.push({
      patient: row.patient!,
      label: row.label!,
      score: Number(row.score_change),
      agreed: row.readers_agree === 'all',
      difference: read.outcome === 'finding' ? read.finding.overall.difference : 0,
      intensity: mean([...current!.data]) - mean([...prior!.data]),
      ...(read.outcome === 'finding' ? { said: words[read.finding.overall.change] } : {}),
    });
    const last = pairs.at(-1)!;
    console.log(
      `  ${last.patient.padEnd(4)} ${last.label.padEnd(6)} ${last.score.toFixed(1).padStart(5)}  ${(last.said ?? (isAbstention(read) ? read.reason : '')).padEnd(8)} ${last.difference.toFixed(3)} registration ${read.outcome === 'finding' ? read.finding.registration.score.toFixed(2) : '-'}`,
    );
  }
  report('all pairs', pairs);
  report(
    'readers agree',
    pairs.filter(({ agreed }) => agreed),
  );
  console.log(
    `seconds per pair: median ${(quantile(times, 0.5) / 1000).toFixed(2)}, longest ${(Math.max(...times) / 1000).toFixed(2)}`,
  );
}

function viewOf(text: string | undefined): string | undefined {
  return text?.startsWith('AP') ? 'AP' : text === 'PA' ? 'PA' : undefined;
}

function report(name: string, pairs: readonly Scored[]): void {
  const judged = pairs.filter(({ said }) => said !== undefined);
  const line = (label: string, of: readonly Scored[], say: (pair: Scored) => string | undefined): void => {
    const accuracy = (some: readonly Scored[]): number => mean(some.map((one) => (say(one) === one.label ? 1 : 0)));
    const macro = (some: readonly Scored[]): number =>
      mean(
        ['worse', 'same', 'better'].flatMap((label) => {
          const own = some.filter((one) => one.label === label);
          return own.length > 0 ? [accuracy(own)] : [];
        }),
      );
    console.log(
      `${name}, ${label}: accuracy ${withInterval(of, accuracy)}, macro accuracy ${withInterval(of, macro)}, ${of.length} pairs`,
    );
  };
  console.log(`${name}: abstained in ${pairs.length - judged.length} of ${pairs.length}`);
  line('embedded reader', judged, ({ said }) => said);
  line('always same', pairs, () => 'same');
  line('always worse', pairs, () => 'worse');
  line('mean intensity ± 0.05', pairs, ({ intensity }) =>
    intensity > 0.05 ? 'worse' : intensity < -0.05 ? 'better' : 'same',
  );
  console.log(
    `${name}: Kendall tau-b with the score, reader ${withInterval(judged, (some) => tau(some.map((one) => [one.difference, one.score])))}, mean intensity ${withInterval(pairs, (some) => tau(some.map((one) => [one.intensity, one.score])))}`,
  );
}

/** 95 % interval by bootstrap over patients, 2000 draws, fixed seed. */
function withInterval(pairs: readonly Scored[], statistic: (pairs: readonly Scored[]) => number): string {
  const groups = [...Map.groupBy(pairs, ({ patient }) => patient).values()];
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const draws = Array.from({ length: 2000 }, () =>
    statistic(groups.flatMap(() => groups[Math.floor(next() * groups.length)]!)),
  ).filter((value) => !Number.isNaN(value));
  return `${statistic(pairs).toFixed(3)} [${quantile(draws, 0.025).toFixed(2)}, ${quantile(draws, 0.975).toFixed(2)}]`;
}

function tau(points: readonly (readonly [number, number])[]): number {
  let [sum, tiesX, tiesY, all] = [0, 0, 0, 0];
  for (let i = 0; i < points.length; i++) {
    for (let j = 0; j < i; j++) {
      const dx = Math.sign(points[i]![0] - points[j]![0]);
      const dy = Math.sign(points[i]![1] - points[j]![1]);
      sum += dx * dy;
      tiesX += dx === 0 ? 1 : 0;
      tiesY += dy === 0 ? 1 : 0;
      all++;
    }
  }
  return sum / Math.sqrt((all - tiesX) * (all - tiesY));
}

// ---- the same film, changed in technique -------------------------------------------------------------------------

/** Another way to take or keep the same film. */
const techniques: Readonly<Record<string, (image: Sharp, width: number, height: number) => Sharp>> = {
  'gamma 0.7': (image) => image.linear(1, 0).gamma(1.43, 1),
  'gamma 1.4': (image) => image.gamma(1, 1.4),
  'flat contrast': (image) => image.linear(0.6, 45),
  'turned 4°': (image) => image.rotate(4, { background: '#000' }),
  'turned -4°': (image) => image.rotate(-4, { background: '#000' }),
  'shifted 4 %': (image, w, h) =>
    image.extend({ left: Math.round(w * 0.04), top: Math.round(h * 0.04), background: '#000' }),
  'cropped 3 %': (image, w, h) =>
    image.extract({
      left: Math.round(w * 0.03),
      top: Math.round(h * 0.03),
      width: Math.round(w * 0.94),
      height: Math.round(h * 0.94),
    }),
  'JPEG 50': (image) => image.jpeg({ quality: 50 }),
  'half size': (image, w) => image.resize(Math.round(w / 2)),
};

async function identity(): Promise<void> {
  const noise = { lung: [] as number[], zone: [] as number[], base: [] as number[], heart: [] as number[] };
  let [stable, all, one] = [0, 0, 0];
  let lowest = 1;
  for (const set of ['hannover', 'nih']) {
    for (const file of readdirSync(join(data, `cxr/${set}/images`))) {
      const whole = await picture(`cxr/${set}/images/${file}`);
      const shrink = Math.min(1, 1000 / Math.max(whole.width, whole.height));
      const image = resize(whole, Math.round(whole.width * shrink), Math.round(whole.height * shrink));
      for (const [name, change] of Object.entries(techniques)) {
        const bytes = Buffer.from(Uint8Array.from(image.data, (value) => Math.round(255 * value)));
        const raw = sharp(bytes, { raw: { width: image.width, height: image.height, channels: 1 } });
        const other = await grey(await change(raw, image.width, image.height).png().toBuffer());
        const input = { prior: film(image), current: film(other) };
        const measured = await reader.read(input, never);
        if (isAbstention(measured)) {
          console.log(`  ${file} ${name}: ${measured.reason}`);
          continue;
        }
        const { prior, current } = measured.films;
        const pairs = Object.keys(prior.opacity) as (keyof typeof prior.opacity)[];
        const differences = pairs.map((zone) => current.opacity[zone] - prior.opacity[zone]);
        noise.zone.push(...differences.map(Math.abs));
        noise.lung.push(Math.abs(mean(differences.slice(0, 3))), Math.abs(mean(differences.slice(3))));
        noise.base.push(...(['right', 'left'] as const).map((side) => Math.abs(current.base[side] - prior.base[side])));
        noise.heart.push(Math.abs((current.heartRatio ?? 0) - (prior.heartRatio ?? 0)));
        const read = await reading(input, { ...reader, read: async () => measured }, never);
        // once as if it were another exposure, so that the guard for one exposure does not do the work
        const apart = { ...measured, sameFilm: false };
        const still = apart.overall.change === 'stable' && apart.findings.every((item) => item.change === 'stable');
        all++;
        stable += still ? 1 : 0;
        one += measured.sameFilm ? 1 : 0;
        lowest = Math.min(lowest, measured.registration.score);
        if (!still || read.outcome !== 'finding') {
          console.log(
            `  ${file} ${name}: ${read.outcome === 'finding' ? '' : read.reason} ${apart.findings.map((item) => `${item.finding} ${item.side ?? ''} ${item.change}`).join(', ')} registration ${measured.registration.score.toFixed(2)}`,
          );
        }
      }
    }
  }
  console.log(
    `identity: stable ${stable} of ${all}; recognised as one exposure ${one}, lowest registration ${lowest.toFixed(3)}`,
  );
  for (const [name, values] of Object.entries(noise)) {
    console.log(
      `identity, difference of ${name}: median ${quantile(values, 0.5).toFixed(3)}, 95 % ${quantile(values, 0.95).toFixed(3)}, 98 % ${quantile(values, 0.98).toFixed(3)}, largest ${Math.max(...values).toFixed(3)}`,
    );
  }
}

// ---- films exchanged ---------------------------------------------------------------------------------------------

const opposite: Readonly<Record<Change, Change>> = { worsened: 'improved', stable: 'stable', improved: 'worsened' };

async function swap(): Promise<void> {
  let [mirrored, all] = [0, 0];
  const scores: number[] = [];
  const sames: string[] = [];
  for (const set of ['scored', 'hannover', 'nih']) {
    for (const row of table(`cxr/${set}/pairs.csv`)) {
      const [prior, current] = await Promise.all(
        [row.prior, row.current].map(async (file) => film(await picture(`cxr/${set}/images/${file}`))),
      );
      const forward = await compare(prior!, current!);
      const backward = await compare(current!, prior!);
      all++;
      if (forward.outcome === 'finding' && backward.outcome === 'finding') {
        const say = ({ findings }: ComparisonFinding, turn: boolean): string =>
          findings
            .map((one) => `${one.finding}${one.side}${turn ? opposite[one.change] : one.change}`)
            .sort()
            .join();
        mirrored += say(forward.finding, false) === say(backward.finding, true) ? 1 : 0;
        scores.push(forward.finding.registration.score);
        if (forward.finding.sameFilm) {
          sames.push(`${row.prior}/${row.current}`);
        }
      } else {
        mirrored += forward.outcome === backward.outcome ? 1 : 0;
        console.log(`  ${set} ${row.prior} ${row.current}: ${isAbstention(forward) ? forward.reason : 'finding'}`);
      }
    }
  }
  console.log(`swap: mirrored ${mirrored} of ${all}`);
  console.log(
    `registration of real pairs: lowest ${Math.min(...scores).toFixed(2)}, 5 % ${quantile(scores, 0.05).toFixed(2)}, median ${quantile(scores, 0.5).toFixed(2)}, highest ${Math.max(...scores).toFixed(2)}; one exposure: ${sames.join(' ') || 'none'}`,
  );
}

// ---- what must be refused ------------------------------------------------------------------------------------------

async function negatives(): Promise<void> {
  const chest = film(await picture('cxr/hannover/images/00cfd1c1.jpg'));
  const refused: [string, string][] = [];
  const attempt = async (name: string, prior: Film, current: Film): Promise<void> => {
    const read = await compare(prior, current);
    refused.push([name, read.outcome === 'finding' ? 'NOT REFUSED' : read.reason]);
  };
  for (const file of readdirSync(join(data, 'cxr/dicom')).filter((one) => one.startsWith('NEGATIVE'))) {
    const radiograph = await readRadiograph(readFileSync(join(data, 'cxr/dicom', file)), decoder);
    await attempt(file, chest, film(radiograph.image));
  }
  for (const file of readdirSync(join(data, 'ct/ge_head_human_tilt18.5_mixed_thickness')).slice(0, 28)) {
    if (file.endsWith('.dcm')) {
      const path = join(data, 'ct/ge_head_human_tilt18.5_mixed_thickness', file);
      const radiograph = await readRadiograph(readFileSync(path), decoder);
      await attempt(`CT ${file}`, chest, film(radiograph.image));
    }
  }
  for (const row of table('cxr/scored/negatives.csv')) {
    const [prior, current] = await Promise.all(
      [row.prior, row.current].map(async (file) => film(await picture(`cxr/scored/images/${file}`))),
    );
    await attempt('two people', prior!, current!);
  }
  for (const file of readdirSync(join(data, 'cxr/nih/images')).slice(0, 10)) {
    const image = await picture(`cxr/nih/images/${file}`);
    await attempt(`negative of ${file}`, film(image), film({ ...image, data: image.data.map((value) => 1 - value) }));
    const turned = { width: image.height, height: image.width, data: new Float32Array(image.data.length) };
    for (let i = 0; i < image.data.length; i++) {
      const [x, y] = [i % image.width, Math.floor(i / image.width)];
      turned.data[x * image.height + (image.height - 1 - y)] = image.data[i]!;
    }
    await attempt(`on its side ${file}`, film(image), film(turned));
    await attempt(`head down ${file}`, film(image), film({ ...image, data: image.data.toReversed() }));
  }
  for (let seed = 1; seed <= 10; seed++) {
    const sides = simulateChest({ seed, sex: seed % 2 ? 'male' : 'female', view: 'lateral' });
    await attempt(
      `simulated lateral ${seed}`,
      chest,
      film({ ...sides, data: Float32Array.from(sides.data, (v) => v / 4095) }),
    );
  }
  const [width, height] = [512, 512];
  let state = 1;
  const noise = Float32Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  await attempt('noise', chest, film({ width, height, data: noise }));
  await attempt('black', chest, film({ width, height, data: new Float32Array(width * height) }));
  await attempt('ramp', chest, film({ width, height, data: noise.map((_, i) => (i % width) / width) }));
  for (const [name, reason] of refused) {
    console.log(`  ${name}: ${reason}`);
  }
  console.log(
    `negatives: refused ${refused.filter(([, reason]) => reason !== 'NOT REFUSED').length} of ${refused.length}`,
  );
}

const all = { lungs, scored, identity, swap, negatives };
for (const [name, measure] of Object.entries(all)) {
  if (parts.length === 0 || parts.includes(name)) {
    await measure();
  }
}
await decoder.close();
await model.close();
