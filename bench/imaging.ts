import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createDecoder } from '../src/imaging/decoder.ts';
import { readDicom } from '../src/imaging/dicom.ts';
import { createDicomWeb } from '../src/imaging/dicomweb.ts';
import type { GreyImage } from '../src/imaging/image.ts';
import { readRadiograph } from '../src/imaging/radiograph.ts';
import { registerAffine } from '../src/imaging/register.ts';
import { toSquare } from '../src/imaging/square.ts';
import { warp } from '../src/imaging/warp.ts';
import { writeDicom } from '../src/imaging/write-dicom.ts';
import { resize } from '../src/resample.ts';

/** node bench/imaging.ts: medians of a few runs, each beside something named. Reads ../shared/data where it is there. */

async function median(runs: number, work: () => unknown): Promise<number> {
  await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((one, other) => one - other)[Math.floor(runs / 2)]!;
}

function line(what: string, ms: number, beside: string, other: number): void {
  const ratio = (ms / other).toFixed(2);
  console.log(
    `${what.padEnd(52)} ${ms.toFixed(1).padStart(8)} ms   ${ratio.padStart(7)} × ${beside} (${other.toFixed(1)} ms)`,
  );
}

function blobs(side: number): GreyImage {
  const data = Float32Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [(index % side) / side, Math.floor(index / side) / side];
    return 0.5 + 0.2 * Math.sin(9 * x + 5 * y * y) + 0.2 * Math.cos(14 * y - 6 * x * x) * Math.sin(21 * x * y);
  });
  return { width: side, height: side, data };
}

const decoder = createDecoder();

async function decoding(): Promise<void> {
  const side = 2048;
  const data = Uint16Array.from(blobs(side).data, (value) => value * 4095);
  const plain = writeDicom({
    header: { sopInstanceUid: '2.25.1', studyInstanceUid: '2.25.2', seriesInstanceUid: '2.25.3' },
    image: { width: side, height: side, data },
    bitsStored: 12,
  });
  const jpeg = await sharp(
    Uint8Array.from(blobs(side).data, (value) => value * 255),
    {
      raw: { width: side, height: side, channels: 1 },
    },
  )
    .jpeg()
    .toBuffer();
  const bySharp = await median(7, () => sharp(jpeg).raw().toBuffer());
  line(
    'read a 2048² 12-bit film, uncompressed',
    await median(7, () => readRadiograph(plain, decoder)),
    'sharp decoding a 2048² JPEG',
    bySharp,
  );
  line('header of it', await median(20, () => readDicom(plain)), 'sharp decoding a 2048² JPEG', bySharp);
  const folder = fileURLToPath(new URL('../../shared/data/cxr/', import.meta.url));
  for (const name of [
    'dicom/RG1_J2KI_chest_MONOCHROME1.dcm',
    'dicom/rsna_c64d5667_chest.dcm',
    'dicom_timelines/COVID-96_day00.dcm',
  ]) {
    if (existsSync(folder + name)) {
      const bytes = readFileSync(folder + name);
      const { rows, columns, transferSyntaxUid } = readDicom(bytes).header;
      const ms = await median(5, () => readRadiograph(bytes, decoder));
      line(`read ${columns} × ${rows}, ${transferSyntaxUid}`, ms, 'sharp decoding a 2048² JPEG', bySharp);
    }
  }
}

async function registration(): Promise<void> {
  const large = blobs(1955);
  const pixels = Uint16Array.from(large.data, (value) => value * 65_535);
  const bySharp = await median(5, () =>
    sharp(pixels, { raw: { width: 1955, height: 1955, channels: 1 } })
      .resize(512, 512)
      .toColourspace('grey16')
      .raw({ depth: 'ushort' })
      .toBuffer(),
  );
  line('resize 1955² → 512²', await median(5, () => resize(large, 512, 512)), 'sharp, 16 bit', bySharp);
  const fixed = blobs(512);
  const moving = warp(fixed, { width: 512, height: 512, matrix: [0.98, -0.05, 20, 0.05, 0.98, -8] }).image;
  const { matrix } = registerAffine(fixed, moving);
  line('register 512², affine', await median(5, () => registerAffine(fixed, moving)), 'sharp resizing', bySharp);
  line(
    'warp 512²',
    await median(9, () => warp(moving, { width: 512, height: 512, matrix })),
    'sharp resizing',
    bySharp,
  );

  const folder = fileURLToPath(new URL('../../shared/data/cxr/dicom_timelines/', import.meta.url));
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith('COVID-96'))
        .sort()
    : [];
  if (names.length > 1) {
    const [prior, current] = await Promise.all(
      names
        .slice(0, 2)
        .map(async (name) => toSquare((await readRadiograph(readFileSync(folder + name), decoder)).image, 512)),
    );
    line(
      'register a real pair at 512², affine',
      await median(5, () => registerAffine(current!, prior!)),
      'sharp resizing',
      bySharp,
    );
  }
}

/** A series of 28 CT slices of 512², over loopback; the plain fetch takes the same bytes and looks at none. */
async function retrieval(): Promise<void> {
  const slices = Array.from({ length: 28 }, (_, index) =>
    writeDicom({
      header: {
        sopInstanceUid: `2.25.4${index}`,
        studyInstanceUid: '2.25.2',
        seriesInstanceUid: '2.25.3',
        modality: 'CT',
      },
      image: { width: 512, height: 512, data: new Uint16Array(512 * 512).fill(index) },
    }),
  );
  const body = Buffer.concat([
    ...slices.flatMap((slice) => [Buffer.from('\r\n--B\r\nContent-Type: application/dicom\r\n\r\n'), slice]),
    Buffer.from('\r\n--B--\r\n'),
  ]);
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'multipart/related; type="application/dicom"; boundary=B' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plain = await median(9, async () => (await fetch(base)).arrayBuffer());
  const web = createDicomWeb({ base });
  const ms = await median(9, () => web.retrieveSeries('2.25.2', '2.25.3', {}));
  line('retrieve and check a series of 28 × 512²', ms, 'a plain fetch of the same bytes', plain);
  server.closeAllConnections();
  server.close();
}

await decoding();
await registration();
await retrieval();
await decoder.close();
