import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createDecoder } from '../../src/imaging/decoder.ts';
import { readDicom } from '../../src/imaging/dicom.ts';
import { keepingFrames } from '../../src/imaging/kept-frames.ts';
import { writeDicom } from '../../src/imaging/write-dicom.ts';
import { film } from '../support/film.ts';

const decoder = createDecoder({ timeoutMs: 20_000 });
afterAll(() => decoder.close());

const ids = { sopInstanceUid: '2.25.1', studyInstanceUid: '2.25.2', seriesInstanceUid: '2.25.3' };

/** Replaces the transfer syntax of a file by another of the same length or shorter. */
function relabel(bytes: Uint8Array, uid: string): Uint8Array {
  const { dataOffset, length } = readDicom(bytes).dataSet.elements.x00020010!;
  const changed = Buffer.from(bytes);
  changed.fill(0, dataOffset, dataOffset + length);
  changed.write(uid, dataOffset, 'latin1');
  return Uint8Array.from(changed);
}

describe('round trip of what the writer writes', () => {
  test.each([
    ['8 bit', Uint8Array.from({ length: 12 }, (_, index) => index * 20)],
    ['16 bit', Uint16Array.from({ length: 12 }, (_, index) => index * 5000)],
    ['16 bit signed', Int16Array.from({ length: 12 }, (_, index) => (index - 6) * 5000)],
    ['8 bit, odd length', Uint8Array.from({ length: 9 }, (_, index) => index)],
  ])('%s', async (_, data) => {
    const width = data.length === 9 ? 3 : 4;
    const bytes = writeDicom({ header: ids, image: { width, height: 3, data } });
    const frame = await decoder.decode(bytes, 0);
    expect(frame).toMatchObject({ rows: 3, columns: width, samples: 1, photometricInterpretation: 'MONOCHROME2' });
    expect(Array.from(frame.values)).toEqual(Array.from(data));
  });

  test('multi-frame: each frame on its own, none beyond the last', async () => {
    const data = Uint16Array.from({ length: 24 }, (_, index) => index);
    const bytes = writeDicom({ header: ids, image: { width: 4, height: 2, data } });
    expect(readDicom(bytes).header.numberOfFrames).toBe(3);
    expect(Array.from((await decoder.decode(bytes, 2)).values)).toEqual([16, 17, 18, 19, 20, 21, 22, 23]);
    await expect(decoder.decode(bytes, 3)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
    await expect(decoder.decode(bytes, -1)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
  });

  test('deflated data set', async () => {
    const bytes = film(1);
    const first = readDicom(bytes).dataSet.elements.x00080005!.dataOffset - 8;
    const label = bytes.subarray(0, first);
    const at = Buffer.from(label).indexOf('1.2.840.10008.1.2.1');
    const uid = '1.2.840.10008.1.2.1.99';
    const deflated = Buffer.concat([
      label.subarray(0, at - 2),
      Buffer.from([uid.length, 0]),
      Buffer.from(uid),
      label.subarray(at + 20),
      deflateRawSync(bytes.subarray(first)),
    ]);
    const plain = await decoder.decode(bytes, 0);
    expect((await decoder.decode(deflated, 0)).values).toEqual(plain.values);
  });
});

describe('bad files', () => {
  test.each([
    ['nothing', new Uint8Array(0)],
    ['a text', Uint8Array.from(Buffer.from('This is a letter, not an image. '.repeat(20)))],
    ['a PDF', Uint8Array.from(Buffer.from('%PDF-1.7 '.repeat(40)))],
    ['a file that ends in its header', film(1).slice(0, 400)],
    ['a file that ends in its pixels', film(1).slice(0, 6000)],
  ])('%s is dicom-invalid', async (_, bytes) => {
    expect(() => readDicom(bytes)).toThrow(expect.objectContaining({ code: 'dicom-invalid' }));
    await expect(decoder.decode(bytes, 0)).rejects.toMatchObject({ code: 'dicom-invalid' });
  });

  test('no pixels', async () => {
    const bytes = film(1);
    const end = readDicom(bytes).dataSet.elements.x7fe00010!.dataOffset - 12;
    await expect(decoder.decode(bytes.slice(0, end), 0)).rejects.toMatchObject({ code: 'dicom-no-pixels' });
  });

  test('fewer pixel bytes than the header asks for', async () => {
    const bytes = film(1, { attributes: { Rows: 97 } });
    await expect(decoder.decode(bytes, 0)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
  });

  test('too large, refused before anything is allocated', async () => {
    const bytes = film(1, { attributes: { Rows: 20_000, Columns: 20_000 } });
    await expect(decoder.decode(bytes, 0)).rejects.toMatchObject({ code: 'image-too-large' });
  });

  test.each([
    ['MPEG', '1.2.840.10008.1.2.4.100'],
    ['JPIP', '1.2.840.10008.1.2.4.94'],
    ['a private one', '1.3.6.1.4.1.1'],
  ])('transfer syntax %s', async (_, uid) => {
    const bytes = film(1);
    const longer = uid.length > 20;
    const at = Buffer.from(bytes).indexOf('1.2.840.10008.1.2.1\0');
    const length = uid.length + (uid.length % 2);
    const changed = longer
      ? Buffer.concat([
          bytes.subarray(0, at - 2),
          Buffer.from([length, 0]),
          Buffer.from(uid.padEnd(length, '\0')),
          bytes.subarray(at + 20),
        ])
      : relabel(bytes, uid);
    await expect(decoder.decode(changed, 0)).rejects.toMatchObject({ code: 'dicom-transfer-syntax' });
  });

  test('a compressed label on plain pixels', async () => {
    await expect(decoder.decode(relabel(film(1), '1.2.840.10008.1.2.5'), 0)).rejects.toMatchObject({
      code: 'dicom-decode-failed',
    });
  });

  test('trailing rubbish behind the pixels does no harm', async () => {
    const bytes = Buffer.concat([film(1), Buffer.alloc(300, 0xab)]);
    expect((await decoder.decode(bytes, 0)).columns).toBe(96);
  });
});

describe('the threads', () => {
  test('one that takes too long is replaced; the next image is decoded', async () => {
    const hasty = createDecoder({ timeoutMs: 1 });
    // Starting a thread alone takes longer than this.
    await expect(hasty.decode(film(1), 0)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
    await hasty.close();
    expect((await decoder.decode(film(1), 0)).rows).toBe(96);
  });

  test('cancelled before and while running; closed', async () => {
    const own = createDecoder({ workers: 1 });
    const controller = new AbortController();
    const running = own.decode(film(1), 0, controller.signal);
    const waiting = own.decode(film(2), 0, AbortSignal.abort());
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const left = own.decode(film(3), 0);
    await Promise.all([expect(left).rejects.toMatchObject({ code: 'cancelled' }), own.close()]);
    await expect(own.decode(film(1), 0)).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('many at once on two threads', async () => {
    const two = createDecoder({ workers: 2 });
    const frames = await Promise.all(Array.from({ length: 20 }, (_, index) => two.decode(film(index), 0)));
    expect(new Set(frames.map(({ values }) => values.join())).size).toBe(20);
    await two.close();
  });
});

test('frames that are kept: each file is decoded once as long as it is kept, a failure each time', async () => {
  let decoded = 0;
  const counting = {
    ...decoder,
    decode: (...given: Parameters<typeof decoder.decode>) => {
      decoded++;
      return decoder.decode(...given);
    },
  };
  const [one, other] = [film(1), film(2)];
  const bytes = (await decoder.decode(one, 0)).values.byteLength;
  const kept = keepingFrames(counting, bytes);
  const first = await kept.decode(one, 0);
  expect((await kept.decode(Uint8Array.from(one), 0)).values).toBe(first.values);
  expect((await kept.decode(other, 0)).values).not.toEqual(first.values);
  expect(decoded).toBe(2);
  expect((await kept.decode(one, 0)).values).toEqual(first.values);
  expect(decoded).toBe(3);
  for (const attempt of [4, 5]) {
    await expect(kept.decode(one, 7)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
    expect(decoded).toBe(attempt);
  }
});
