/**
 * Measures the embedded reader of chest-xray-comparison on real and simulated films, beside what
 * `interval evaluate chest-xray-comparison` says of scored pairs: node bench/chest-xray-comparison.ts [PART…]
 * with parts lungs, unchanged, identity, swap, strangers, quality, negatives (default all). DATA names the folder of films
 * (default ../shared/data), EVERY takes one in so many of them for identity (default 1); nothing of it is kept. Figures go to standard output.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { isAbstention, type Reader } from '../src/analyses/analysis.ts';
import { type ComparisonFinding, opposite, sides, zones } from '../src/analyses/chest-xray-comparison/finding.ts';
import { chestXrayComparison } from '../src/analyses/chest-xray-comparison/index.ts';
import type { ComparisonInput, Film } from '../src/analyses/chest-xray-comparison/input.ts';
import { findLungs, lungAt } from '../src/analyses/chest-xray-comparison/lungs.ts';
import { createReading } from '../src/analyses/reading.ts';
import { parseCsv } from '../src/evaluation/comparison/csv.ts';
import { pictureFilm } from '../src/evaluation/comparison/film-file.ts';
import { createDecoder } from '../src/imaging/decoder.ts';
import type { GreyImage } from '../src/imaging/image.ts';
import { readRadiograph } from '../src/imaging/radiograph.ts';
import { openTensorModel } from '../src/inference/onnx/tensor.ts';
import { resize } from '../src/resample.ts';
import { createRandom } from '../src/samples/thorax/random.ts';
import { simulateChest } from '../src/samples/thorax/simulate.ts';

const data = process.env.DATA ?? '../shared/data';
const parts = process.argv.slice(2);
const decoder = createDecoder();
const model = await openTensorModel('lung-field', 'models/lung-field/model.onnx');
const density = await openTensorModel('lung-opacity', process.env.MODEL ?? 'models/lung-opacity/model.onnx');
const analysis = chestXrayComparison({ decoder });
const reader: Reader<ComparisonInput, ComparisonFinding> = await analysis.readers.embedded!({
  tensor: async (name) => (name === 'lung-field' ? model : density),
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
  return (await pictureFilm(bytes)).radiograph.image;
}

/** Of nobody in particular; a name stands for what a site's header would say. */
function film(image: GreyImage, viewPosition?: string, patientId?: string): Film {
  const uids = { sopInstanceUid: '', studyInstanceUid: '', seriesInstanceUid: '', transferSyntaxUid: '' };
  const header = { ...uids, imageType: [], rows: image.height, columns: image.width, numberOfFrames: 1 };
  const said = { ...(viewPosition ? { viewPosition } : {}), ...(patientId ? { patientId } : {}) };
  return { radiograph: { header: { ...header, ...said }, image, sha256: '' } };
}

function compare(prior: Film, current: Film) {
  return reading({ prior, current }, reader, never);
}

const table = (path: string) => parseCsv(readFileSync(join(data, path), 'utf8'), path);

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
        const a = inside && lungAt(maps, y * side + x) > 0;
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
  const noise = {
    overall: [] as number[],
    lung: [] as number[],
    zone: [] as number[],
    base: [] as number[],
    heart: [] as number[],
  };
  let [stable, guarded, refused, all, one] = [0, 0, 0, 0, 0];
  let lowest = 1;
  for (const set of ['hannover', 'nih']) {
    for (const [at, file] of readdirSync(join(data, `cxr/${set}/images`)).entries()) {
      if (at % Number(process.env.EVERY ?? 1) > 0) {
        continue;
      }
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
        const differences = zones.map((zone) => current.opacity[zone] - prior.opacity[zone]);
        noise.zone.push(...differences.map(Math.abs));
        noise.overall.push(Math.abs(mean(differences)));
        noise.lung.push(Math.abs(mean(differences.slice(0, 3))), Math.abs(mean(differences.slice(3))));
        noise.base.push(...sides.map((side) => Math.abs(current.base[side] - prior.base[side])));
        noise.heart.push(Math.abs((current.heartRatio ?? 0) - (prior.heartRatio ?? 0)));
        const read = await reading(input, { ...reader, read: async () => measured }, never);
        // once as if it were another exposure, so that the guard for one exposure does not do the work
        const apart = { ...measured, sameFilm: false };
        const still = apart.overall.change === 'stable' && apart.findings.every((item) => item.change === 'stable');
        all++;
        stable += still ? 1 : 0;
        refused += read.outcome === 'finding' ? 0 : 1;
        guarded +=
          read.outcome === 'finding' && read.finding.findings.every((item) => item.change === 'stable') ? 1 : 0;
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
    `identity: stable ${stable} of ${all} by measurement, ${guarded} after guards, which refused ${refused}; recognised as one exposure ${one}, lowest registration ${lowest.toFixed(3)}`,
  );
  for (const [name, values] of Object.entries(noise)) {
    console.log(
      `identity, difference of ${name}: median ${quantile(values, 0.5).toFixed(3)}, 95 % ${quantile(values, 0.95).toFixed(3)}, 98 % ${quantile(values, 0.98).toFixed(3)}, largest ${Math.max(...values).toFixed(3)}`,
    );
  }
}

// ---- films exchanged ---------------------------------------------------------------------------------------------

async function swap(): Promise<void> {
  let [mirrored, all] = [0, 0];
  const scores: number[] = [];
  const sames: string[] = [];
  for (const set of ['scored', 'hannover', 'nih']) {
    for (const row of table(`cxr/${set}/pairs.csv`)) {
      const [prior, current] = await Promise.all(
        [row.prior, row.current].map(async (file) =>
          film(await picture(`cxr/${set}/images/${file}`), undefined, `${set} ${row.patient}`),
        ),
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

// ---- simulated persons who have not changed ------------------------------------------------------------------------

/** Two films of one simulated person with one disease, taken otherwise: the noise that thresholds and confidence rest on. */
async function unchanged(): Promise<void> {
  const random = createRandom(4711);
  const rows: { lung: number[]; zone: number[]; base: number[]; breath: number; turned: boolean }[] = [];
  for (let person = 0; person < 150; person++) {
    const sick = random.next();
    const opacities = zones
      .filter(() => random.next() < sick * 0.6)
      .map((zone) => ({ zone, extent: random.between(0.2, 1), density: random.between(0.15, 0.9) }));
    const views = [0, 1].map(() => (random.next() < 0.4 ? ('AP' as const) : ('PA' as const)));
    const taken = [0, 1].map((n) => {
      const image = simulateChest({
        seed: 500_000 + person,
        sex: person % 2 ? 'male' : 'female',
        view: views[n]!,
        film: n + 1,
        opacities,
        inspiration: random.between(0.5, 1),
        rotation: random.normal() * 3,
        tilt: random.normal() * 2,
        shift: [random.normal() * 8, random.normal() * 8],
        exposure: random.between(-0.7, 0.7),
        width: 384,
        height: 384,
      });
      return film({ ...image, data: Float32Array.from(image.data, (value) => value / 4095) }, views[n], `p${person}`);
    });
    const measured = await reader.read({ prior: taken[0]!, current: taken[1]! }, never);
    if (isAbstention(measured)) {
      continue;
    }
    const { prior, current } = measured.films;
    const zone = zones.map((one) => current.opacity[one] - prior.opacity[one]);
    rows.push({
      zone,
      lung: [mean(zone.slice(0, 3)), mean(zone.slice(3))],
      base: sides.map((side) => current.base[side] - prior.base[side]),
      breath: Math.abs(Math.log(current.inflation / prior.inflation)),
      turned: views[0] !== views[1],
    });
  }
  const spread = (some: typeof rows, part: 'lung' | 'zone' | 'base'): string => {
    const values = some.flatMap((row) => row[part]);
    return `${part} ${Math.sqrt(mean(values.map((value) => value * value))).toFixed(3)}`;
  };
  const report = (name: string, some: typeof rows): void =>
    console.log(
      `unchanged, ${name}: ${some.length} pairs, root mean square of the difference ${(['lung', 'zone', 'base'] as const).map((part) => spread(some, part)).join(', ')}, both lungs ${Math.sqrt(mean(some.map(({ lung }) => mean(lung) ** 2))).toFixed(3)}`,
    );
  report('all', rows);
  report(
    'one view',
    rows.filter(({ turned }) => !turned),
  );
  report(
    'two views',
    rows.filter(({ turned }) => turned),
  );
  for (const [from, to] of [
    [0, 0.05],
    [0.05, 0.12],
    [0.12, 1],
  ] as const) {
    report(
      `breath ${from} to ${to}`,
      rows.filter(({ breath }) => breath >= from && breath < to),
    );
  }
}

// ---- films of two people -------------------------------------------------------------------------------------------

async function strangers(): Promise<void> {
  for (const set of ['hannover', 'nih', 'scored']) {
    const rows = table(`cxr/${set}/${set === 'nih' ? 'labels' : 'images'}.csv`);
    const random = createRandom(7);
    const structure: Record<'same' | 'other', number[]> = { same: [], other: [] };
    const refused = { same: 0, other: 0 };
    for (const [n, one] of rows.entries()) {
      for (const other of rows.slice(0, n)) {
        const person = (row: typeof one): string | undefined => row.patient ?? row['Patient ID'];
        const kind = person(one) === person(other) ? 'same' : 'other';
        if (random.next() > (kind === 'same' ? 1 : 0.07)) {
          continue;
        }
        const [prior, current] = await Promise.all(
          [other, one].map(async (row) => film(await picture(`cxr/${set}/images/${row.file ?? row['Image Index']}`))),
        );
        const read = await compare(prior!, current!);
        refused[kind] += isAbstention(read) ? 1 : 0;
        structure[kind].push(read.outcome === 'finding' ? read.finding.registration.structure! : 0);
      }
    }
    console.log(
      `strangers ${set}: without any name refused ${refused.other} of ${structure.other.length} pairs of two people and ${refused.same} of ${structure.same.length} of one`,
    );
  }
}

// ---- what the guards of quality see ----------------------------------------------------------------------------------

async function quality(): Promise<void> {
  const seen: Record<string, number[]> = { tilt: [], turn: [], contrast: [], inflation: [], clipped: [] };
  for (const set of ['hannover', 'nih', 'scored']) {
    for (const file of readdirSync(join(data, `cxr/${set}/images`))) {
      const one = film(await picture(`cxr/${set}/images/${file}`));
      const read = await reader.read({ prior: one, current: one }, never);
      if (!isAbstention(read)) {
        const { tilt, turn, contrast, inflation, clipped } = read.films.prior;
        for (const [name, value] of Object.entries({ tilt, turn, contrast, inflation, clipped })) {
          seen[name]!.push(value);
        }
      }
    }
  }
  for (const [name, values] of Object.entries(seen)) {
    console.log(
      `quality, ${name} of ${values.length} films: lowest ${Math.min(...values).toFixed(2)}, 5 % ${quantile(values, 0.05).toFixed(2)}, median ${quantile(values, 0.5).toFixed(2)}, 95 % ${quantile(values, 0.95).toFixed(2)}, highest ${Math.max(...values).toFixed(2)}`,
    );
  }
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

const all = { lungs, unchanged, identity, swap, strangers, quality, negatives };
for (const [name, measure] of Object.entries(all)) {
  if (parts.length === 0 || parts.includes(name)) {
    await measure();
  }
}
await decoder.close();
await model.close();
await density.close();
