import { describe, expect, test } from '@jest/globals';
import { createLayerCache } from '../../../src/inference/onnx/cache.ts';
import { attentionBias, type DecoderState } from '../../../src/inference/onnx/decoder.ts';
import { createFeatures } from '../../../src/inference/onnx/features.ts';
import { chunksOf } from '../../../src/inference/onnx/prefill.ts';
import { createPrefixes } from '../../../src/inference/onnx/prefixes.ts';
import { createSampler } from '../../../src/inference/onnx/sampler.ts';
import { createRecent } from '../../../src/recent.ts';
import { pictureNamed } from './tiny-model.ts';

const imagesOf = (text: string) => Int32Array.from(text, (one) => (one === '.' ? -1 : Number(one)));

describe('steps of a prompt', () => {
  test.each([
    ['..........', 4, [4, 8, 10]],
    ['..00000000..', 4, [2, 10, 12]],
    ['....000011112222..', 6, [4, 8, 12, 18]],
    ['00000000', 3, [8]],
    ['.0000.1111.', 5, [5, 10, 11]],
  ])('%s in steps of %i: images whole', (text, chunk, ends) => {
    expect(chunksOf(imagesOf(text), 0, chunk).map(({ to }) => to)).toEqual(ends);
  });

  test('beginning later', () => {
    expect(chunksOf(imagesOf('..........'), 7, 2)).toEqual([
      { from: 7, to: 9 },
      { from: 9, to: 10 },
    ]);
  });
});

describe('who attends to whom', () => {
  const rows = (text: string, held: number, window: number) => {
    const images = imagesOf(text);
    const bias = attentionBias(images, { held }, window);
    const total = held + images.length;
    return Array.from(images, (_, row) =>
      Array.from(bias.subarray(row * total, (row + 1) * total), (one) => (one === 0 ? 'x' : '-')).join(''),
    );
  };

  test('text sees what is before it, an image also all of itself, no other image behind it', () => {
    expect(rows('.0011.', 1, Number.POSITIVE_INFINITY)).toEqual([
      'xx-----',
      'xxxx---',
      'xxxx---',
      'xxxxxx-',
      'xxxxxx-',
      'xxxxxxx',
    ]);
  });

  test('within a window, itself included', () => {
    expect(rows('..00.', 2, 3)).toEqual(['xxx----', '-xxx---', '--xxxx-', '---xxx-', '----xxx']);
  });
});

describe('the cache of a layer', () => {
  const make = (window: number) => createLayerCache({ layers: [0], heads: 2, size: 1, type: 'float32', window });
  /** Puts in the position of each token, for each head. */
  const write = (cache: ReturnType<typeof make>, count: number) => {
    cache.reserve(count);
    const next = cache.start + cache.held;
    cache.append(count, () => Float32Array.from({ length: 2 * count }, (_, i) => next + (i >> 1)));
  };
  const positions = (cache: ReturnType<typeof make>, head: number) => {
    const { key } = cache.layers[0]!;
    return [...key.subarray(head * cache.capacity, head * cache.capacity + cache.held)];
  };

  test('a global layer keeps everything', () => {
    const cache = make(Number.POSITIVE_INFINITY);
    for (const count of [100, 1, 1, 300]) write(cache, count);
    expect(positions(cache, 1)).toEqual(Array.from({ length: 402 }, (_, i) => i));
  });

  test('a local layer keeps its window in order, whatever the steps', () => {
    const cache = make(32);
    let total = 0;
    for (let i = 0; i < 200; i++) {
      const count = i % 17 === 0 ? 40 : 1 + (i % 3);
      write(cache, count);
      total += count;
      expect(cache.start + cache.held).toBe(total);
      expect(cache.held).toBeGreaterThanOrEqual(Math.min(total, 31));
      for (const head of [0, 1]) {
        expect(positions(cache, head)).toEqual(Array.from({ length: cache.held }, (_, k) => cache.start + k));
      }
    }
    expect(cache.capacity).toBeLessThan(200);
  });

  test('is cut where all that is looked back on is still there, and not elsewhere', () => {
    const cache = make(32);
    for (let i = 0; i < 300; i++) write(cache, 1);
    expect(cache.truncate(10)).toBe(false);
    expect(cache.truncate(301)).toBe(false);
    const earliest = cache.start + 31;
    expect(cache.truncate(earliest - 1)).toBe(false);
    const copy = cache.copy();
    expect(copy.truncate(earliest)).toBe(true);
    expect(copy.start + copy.held).toBe(earliest);
    // The copy is its own.
    expect(cache.start + cache.held).toBe(300);
  });
});

describe('sampling', () => {
  const logits = Float32Array.of(1, 5, 4, 5, -2);

  test('greedy takes the first of equals, and only what is allowed', () => {
    expect(createSampler()(logits)).toBe(1);
    expect(createSampler()(logits, Uint32Array.of(0b10101))).toBe(2);
    expect(createSampler()(logits, Uint32Array.of(0))).toBe(-1);
  });

  test('top k and top p leave out the rest', () => {
    const drawn = (sampling: object) => {
      const sampler = createSampler({ temperature: 1, seed: 7, ...sampling });
      return new Set(Array.from({ length: 300 }, () => sampler(logits)));
    };
    expect(drawn({}).size).toBeGreaterThan(2);
    expect(drawn({ topK: 2 })).toEqual(new Set([1, 3]));
    expect(drawn({ topP: 0.5 })).toEqual(new Set([1, 3]));
    expect(drawn({ topK: 1 })).toEqual(new Set([1]));
    expect([0, 4]).toContain(createSampler({ temperature: 1, topK: 2 })(logits, Uint32Array.of(0b10001)));
  });
});

describe('what is kept', () => {
  const state = (position: number, bytes = 10): DecoderState => ({
    position,
    bytes,
    truncate(to) {
      Object.assign(this, { position: to });
      return to <= position;
    },
    copy: () => state(position, bytes),
  });
  const prompt = (text: string, ...pictures: string[]) => ({
    ids: Array.from(text, (one) => one.charCodeAt(0)),
    images: Int32Array.from(text, (one) => (/\d/.test(one) ? Number(one) : -1)),
    pictures,
  });

  test('the longest beginning that is alike, whole images of the same pixels only, never all of a prompt', () => {
    const prefixes = createPrefixes(1000);
    prefixes.keep('a', prompt('ab0000cd', 'film'), state(8));
    prefixes.keep('a', prompt('abc'), state(3));
    expect(prefixes.find('a', prompt('ab0000ce', 'film'))?.position).toBe(7);
    expect(prefixes.find('a', prompt('ab0000cd', 'film'))?.position).toBe(7);
    expect(prefixes.find('a', prompt('ab0000', 'film'))?.position).toBe(2);
    expect(prefixes.find('a', prompt('ab0000cd', 'another film'))?.position).toBe(2);
    expect(prefixes.find('a', prompt('abcd'))?.position).toBe(3);
    expect(prefixes.find('a', prompt('xyz'))).toBeUndefined();
  });

  test('nothing that is kept for one tenant is used for another', async () => {
    const prefixes = createPrefixes(1000);
    prefixes.keep('a', prompt('abcdef'), state(6));
    expect(prefixes.find('a', prompt('abcdefg'))?.position).toBe(6);
    expect(prefixes.find('b', prompt('abcdefg'))).toBeUndefined();

    let looks = 0;
    const vision = {
      features: async (images: readonly Float32Array[]) => {
        looks += images.length;
        return images.map(() => Float32Array.of(looks));
      },
    };
    const features = createFeatures(vision, 28, 1000);
    const [one, other] = [await pictureNamed('film-1'), await pictureNamed('film-2')];
    const pause = async () => undefined;
    const first = await features.of('a', [one, other, one], pause);
    expect(looks).toBe(2);
    expect(first[2]).toEqual(first[0]);
    expect(first[1]!.hash).not.toBe(first[0]!.hash);
    expect(await features.of('a', [other], pause)).toEqual([first[1]]);
    expect(looks).toBe(2);
    await features.of('b', [other], pause);
    expect(looks).toBe(3);
  });

  test('what is larger than all that may be kept is not kept', () => {
    const prefixes = createPrefixes(5);
    prefixes.keep('a', prompt('abcdef'), state(6));
    expect(prefixes.bytes).toBe(0);
    expect(prefixes.find('a', prompt('abcdefg'))).toBeUndefined();
  });

  test('the least recently used leave first, and what is too large is not kept', () => {
    const recent = createRecent<string>(10);
    recent.set('a', 'A', 4);
    recent.set('b', 'B', 4);
    expect(recent.get('a')).toBe('A');
    recent.set('c', 'C', 4);
    expect(recent.entries().map(([key]) => key)).toEqual(['c', 'a']);
    recent.set('d', 'D', 11);
    expect(recent.get('d')).toBeUndefined();
    expect(recent.bytes).toBe(8);
    recent.set('a', 'again', 2);
    expect(recent.bytes).toBe(6);
  });
});
