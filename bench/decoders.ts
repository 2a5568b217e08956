import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDecoder } from '../src/imaging/decoder.ts';
import { readDicom } from '../src/imaging/dicom.ts';
import { writeDicom } from '../src/imaging/write-dicom.ts';
import { simulateChest } from '../src/samples/thorax/simulate.ts';

/**
 * node bench/decoders.ts [side]: decoding beside Debian's dcmtk and libgdcm-tools, in the same run, on a simulated chest
 * film of `side` pixels (default 2048) and 12 bits that the same tools compressed. The tools' times are those of a process
 * less the same process on a film of 16 pixels; ours are those of a warm decoder thread, copies to and from it included.
 * "apart" is the largest difference between the two results in grey levels.
 */
const RUNS = 5;
const side = Number(process.argv[2] ?? 2048);
const folder = mkdtempSync(join(tmpdir(), 'interval-decoders-'));
const decoder = createDecoder();

interface Row {
  readonly name: string;
  readonly encode: readonly string[];
  readonly decode: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'JPEG extended, 12 bits', encode: ['dcmcjpeg', '+ee', '+q', '95'], decode: ['dcmdjpeg'] },
  { name: 'JPEG lossless, first order', encode: ['dcmcjpeg', '+e1'], decode: ['dcmdjpeg'] },
  { name: 'JPEG-LS lossless', encode: ['dcmcjpls'], decode: ['dcmdjpls'] },
  { name: 'RLE', encode: ['dcmcrle'], decode: ['dcmdrle'] },
  { name: 'JPEG lossless, first order', encode: ['gdcmconv', '--jpeg'], decode: ['gdcmconv', '--raw'] },
  { name: 'JPEG-LS lossless', encode: ['gdcmconv', '--jpegls'], decode: ['gdcmconv', '--raw'] },
  { name: 'JPEG 2000 lossless', encode: ['gdcmconv', '--j2k'], decode: ['gdcmconv', '--raw'] },
  { name: 'RLE', encode: ['gdcmconv', '--rle'], decode: ['gdcmconv', '--raw'] },
];

function film(pixels: number): Uint8Array {
  const { width, height, data, bits } = simulateChest({ seed: 5, sex: 'male', view: 'PA', width: 768, height: 768 });
  // enlarged by repetition with a little noise: simulating at this size takes longer than everything here
  const large = Uint16Array.from({ length: pixels * pixels }, (_, n) => {
    const [x, y] = [n % pixels, Math.floor(n / pixels)];
    const at = Math.floor((y * height) / pixels) * width + Math.floor((x * width) / pixels);
    return Math.min(2 ** bits - 1, data[at]! + ((n * 2_654_435_761) >>> 29));
  });
  return writeDicom({
    header: { sopInstanceUid: '2.25.1', studyInstanceUid: '2.25.2', seriesInstanceUid: '2.25.3', patientId: 'S' },
    image: { width: pixels, height: pixels, data: large },
    bitsStored: 12,
  });
}

function run([tool, ...options]: readonly string[], from: string, to: string): number {
  const start = performance.now();
  const done = spawnSync(tool!, [...options, from, to], { encoding: 'utf8' });
  if (done.status !== 0) {
    throw new Error(`${tool} failed: ${done.error?.message ?? done.stderr} (Debian: dcmtk, libgdcm-tools)`);
  }
  return performance.now() - start;
}

async function median(work: () => number | Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n <= RUNS; n++) {
    times.push(await work());
  }
  return times.slice(1).sort((one, other) => one - other)[RUNS >> 1]!;
}

async function ours(bytes: Uint8Array): Promise<number> {
  const start = performance.now();
  await decoder.decode(bytes, 0);
  return performance.now() - start;
}

/** Largest difference between our pixels and those of an uncompressed file. */
async function apart(encoded: Uint8Array, plain: Uint8Array): Promise<number> {
  const [one, other] = [await decoder.decode(encoded, 0), await decoder.decode(plain, 0)];
  let most = 0;
  for (let n = 0; n < one.values.length; n++) {
    most = Math.max(most, Math.abs(one.values[n]! - other.values[n]!));
  }
  return most;
}

const [large, small] = [join(folder, 'large.dcm'), join(folder, 'small.dcm')];
writeFileSync(large, film(side));
writeFileSync(small, film(16));
console.log(`${side} × ${side}, 12 bits, median of ${RUNS} runs`);
for (const { name, encode, decode } of rows) {
  const [encoded, tiny, out] = ['encoded', 'tiny', 'out'].map((one) => join(folder, `${one}.dcm`)) as [
    string,
    string,
    string,
  ];
  run(encode, large, encoded);
  run(encode, small, tiny);
  const bytes = readFileSync(encoded);
  const startUp = await median(() => run(decode, tiny, out));
  const theirs = (await median(() => run(decode, encoded, out))) - startUp;
  const difference = await apart(bytes, readFileSync(out));
  const mine = await median(() => ours(bytes));
  console.log(
    [
      `${name}, by ${encode[0]}`.padEnd(42),
      readDicom(bytes).header.transferSyntaxUid.padEnd(24),
      `ours ${mine.toFixed(0).padStart(5)} ms`,
      `${decode[0]} ${theirs.toFixed(0).padStart(5)} ms`,
      `${(mine / theirs).toFixed(2).padStart(6)} ×`,
      `apart ${difference}`,
    ].join('   '),
  );
}
await decoder.close();
rmSync(folder, { recursive: true });
