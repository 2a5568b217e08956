import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createCodecs } from '../../src/imaging/codecs.ts';
import { createDecoder } from '../../src/imaging/decoder.ts';
import { sharedData } from '../support/shared-data.ts';

interface Reference {
  readonly file: string;
  readonly tsname: string;
  readonly nf: string;
  readonly sha: string | null;
  readonly sha_rgb?: string;
  readonly expect: 'pixels' | 'refuse' | 'pixels or refuse';
}

const folder = sharedData('codecs');

(folder ? describe : describe.skip)('every file of the codec collection', () => {
  const decoder = createDecoder();
  afterAll(() => decoder.close());

  test('132 with pixels: 130 exact, 2 lossy ones within one; 4 of 4 corrupt or empty ones refused', async () => {
    const references = JSON.parse(readFileSync(`${folder}/reference.json`, 'utf8')) as Reference[];
    const outcomes = new Map<string, string[]>();
    const table = new Map<string, Record<string, number>>();
    for (const reference of references) {
      const outcome = await decodeAll(reference);
      const key = `${reference.expect}: ${outcome}`;
      outcomes.set(key, [...(outcomes.get(key) ?? []), reference.file.split('/').at(-1)!]);
      const row = table.get(reference.tsname) ?? {};
      table.set(reference.tsname, { ...row, [key]: (row[key] ?? 0) + 1 });
    }
    print(table);
    const counts = Object.fromEntries([...outcomes].map(([key, files]) => [key, files.length]));
    expect(counts).toEqual({
      'pixels: exact': 130,
      'pixels: other': 2,
      'refuse: dicom-no-pixels': 2,
      'refuse: dicom-decode-failed': 2,
      'pixels or refuse: other': 1,
      'pixels or refuse: dicom-decode-failed': 1,
    });
    // Lossy streams whose decoders may differ by one (the reference page lists them).
    expect(outcomes.get('pixels: other')!.sort()).toEqual(['GH538-jpeg1.dcm', 'HTJ2K_08_RGB.dcm']);
  }, 120_000);

  /** One line a transfer syntax: what was expected, what came, how often. */
  function print(table: ReadonlyMap<string, Record<string, number>>): void {
    const lines = [...table].map(([name, row]) => {
      const cells = Object.entries(row).map(([key, count]) => `${count} ${key}`);
      return `${name.slice(0, 58).padEnd(60)}${cells.join(', ')}`;
    });
    process.stderr.write(`${lines.join('\n')}\n`);
  }

  async function decodeAll({ file, nf, sha, sha_rgb }: Reference): Promise<string> {
    const bytes = readFileSync(`${folder}/${file}`);
    const hash = createHash('sha256');
    try {
      for (let frame = 0; frame < Number(nf); frame++) {
        const { values } = await decoder.decode(bytes, frame);
        hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      }
    } catch (thrown) {
      return (thrown as { code: string }).code;
    }
    return [sha, sha_rgb].includes(hash.digest('hex')) ? 'exact' : 'other';
  }

  test('the raw sets: 10 JPEG 2000, 8 HTJ2K and 2 JPEG-LS streams equal their pixels', async () => {
    const codecs = createCodecs();
    const sets = { j2k: ['jpeg2000', 10], j2c: ['htj2k', 8], JLS: ['jpegLs', 2] } as const;
    const names = ['CT1', 'CT2', 'MR1', 'MR2', 'MR3', 'MR4', 'NM1', 'US1', 'VL1', 'XA1'];
    for (const [extension, [codec, count]] of Object.entries(sets)) {
      let exact = 0;
      for (const name of names) {
        const encoded = read(`${name}.${extension}`);
        if (encoded) {
          const { bytes } = await codecs.decode(codec, encoded);
          exact += Buffer.compare(bytes, read(`${name}.RAW`)!) === 0 ? 1 : 0;
        }
      }
      expect([extension, exact]).toEqual([extension, count]);
    }
  });

  function read(name: string): Uint8Array | undefined {
    try {
      return readFileSync(`${folder}/cornerstone/${name}`);
    } catch {
      return undefined;
    }
  }
});
