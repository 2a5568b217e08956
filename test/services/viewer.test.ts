import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writeDicom } from '../../src/imaging/write-dicom.ts';
import { simulateChest } from '../../src/samples/thorax/simulate.ts';
import { createViewer } from '../../src/services/viewer.ts';
import { film } from '../support/film.ts';

const viewer = createViewer();
afterAll(() => viewer.close());

/** A simulated film, moved by whole pixels. */
function chest(dx = 0, dy = 0): Uint8Array {
  const { width, height, data } = simulateChest({ seed: 12, sex: 'male', view: 'PA', width: 320, height: 320 });
  const clamp = (value: number, most: number) => Math.min(most - 1, Math.max(0, value));
  const moved = Uint16Array.from({ length: width * height }, (_, n) => {
    const [x, y] = [clamp((n % width) - dx, width), clamp(Math.floor(n / width) - dy, height)];
    return data[y * width + x]!;
  });
  return writeDicom({
    header: { sopInstanceUid: '2.25.5', studyInstanceUid: '2.25.6', seriesInstanceUid: '2.25.7' },
    image: { width, height, data: moved },
    bitsStored: 12,
  });
}

describe('films in a thread of their own', () => {
  let still: Uint8Array;
  beforeAll(() => {
    still = chest();
  });

  test('a film with its sizes; many at once', async () => {
    const found = await Promise.all([1, 2, 3].map((seed) => viewer.film(film(seed))));
    expect(found.map(({ levels }) => levels[0]!.width)).toEqual([96, 96, 96]);
    expect(found[0]!.levels[0]!.values).not.toEqual(found[1]!.levels[0]!.values);
  });

  test('a film that was moved is found where it went', async () => {
    const { matrix, score, difference } = await viewer.pair(chest(9, -6), still);
    // current → prior: to the right and up
    expect(score).toBeGreaterThan(0.9);
    const [a, b, c, d, e, f] = matrix;
    const at = (x: number, y: number) => [a * x + b * y + c - x, d * x + e * y + f - y];
    expect(at(160, 140)[0]).toBeCloseTo(9, 0);
    expect(at(160, 140)[1]).toBeCloseTo(-6, 0);
    const cells = new Int8Array(Buffer.from(difference!.values, 'base64'));
    expect(cells).toHaveLength(difference!.cells ** 2);
    expect(Math.abs(cells.reduce((sum, value) => sum + value, 0) / cells.length)).toBeLessThan(2);
  }, 30_000);

  test('what is no film, and what is no chest, is refused with its code; the thread goes on', async () => {
    await expect(viewer.film(new Uint8Array(400))).rejects.toMatchObject({ code: 'dicom-invalid' });
    await expect(viewer.pair(still, film(2, { side: 256 }))).rejects.toMatchObject({ code: 'not-found' });
    expect((await viewer.film(still)).levels).toHaveLength(1);
  }, 30_000);

  test('closing tells those who wait', async () => {
    const other = createViewer();
    const waits = other.film(still);
    await Promise.all([other.close(), expect(waits).rejects.toMatchObject({ code: 'cancelled' })]);
  });
});
