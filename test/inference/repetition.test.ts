import { describe, expect, test } from '@jest/globals';
import { createRepetitionWatch, createTextRepetitionWatch } from '../../src/inference/repetition.ts';

/** How many units it took, or undefined. */
function tripsAt(units: Iterable<number>): number | undefined {
  const watch = createRepetitionWatch();
  let count = 0;
  for (const unit of units) {
    count++;
    if (watch.push(unit)) {
      return count;
    }
  }
  return undefined;
}

/** Pushed in parts of `size` characters; characters that it took. */
function tripsAtCharacter(text: string, size = 5): number | undefined {
  const watch = createTextRepetitionWatch();
  for (let at = 0; at < text.length; at += size) {
    if (watch.push(text.slice(at, at + size))) {
      return at + size;
    }
  }
  return undefined;
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const block = (length: number, times: number) => upTo(length * times).map((index) => index % length);

describe('token ids', () => {
  test.each([1, 2, 3, 10, 11, 64, 100, 256])('a block of %i that comes over and over', (length) => {
    const prose = upTo(500).map((index) => 1000 + index);
    const at = tripsAt([...prose, ...block(length, 80)]);
    expect(at).toBe(500 + Math.max(64, 6 * length));
  });

  test('a block longer than the period is not seen', () => {
    expect(tripsAt(block(257, 20))).toBeUndefined();
  });

  test('a block that changes a little each time is none', () => {
    expect(tripsAt(upTo(3000).map((index) => (index % 30 === 0 ? 10_000 + index : index % 30)))).toBeUndefined();
  });

  test('it stays told', () => {
    const watch = createRepetitionWatch();
    block(1, 64).forEach((unit) => void watch.push(unit));
    expect(watch.push(7)).toBe(true);
  });

  test('eight thousand tokens take no time', () => {
    const start = performance.now();
    tripsAt(upTo(8192).map((index) => (index * 7919) % 5003));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('text', () => {
  const test8 = (name: string, result: string) => ({
    name,
    result,
    unit: 'mg/dL',
    range: '0.0 - 100.0',
    panel: 'BIOCHEMISTRY',
    method: null,
    specimen: 'Serum',
    sample_collection_time: '03-04-2026 08:00:00',
  });
  const name = (index: number) =>
    ['Sodium', 'Urea', 'ALT', 'AST', 'Iron', 'Zinc'][index % 6]! + 'ABCDEFGHIJ'[Math.floor(index / 6)];

  test.each([
    ['a list of 60 tests', JSON.stringify(upTo(60).map((index) => test8(name(index), String(index * 1.5))))],
    [
      'the same, indented',
      JSON.stringify(
        upTo(60).map((index) => test8(name(index), '1.0')),
        null,
        2,
      ),
    ],
    [
      '60 tests, all negative',
      upTo(60)
        .map((index) => `| ${name(index)} | Negative | | Negative |`)
        .join('\n'),
    ],
    [
      'one value at eight times',
      upTo(8)
        .map((index) => `Glucose ${90 + index * 7} mg/dL 0${index}:00`)
        .join('\n'),
    ],
    ['four equal rows', `${JSON.stringify(test8('Blood culture', 'No growth'))},\n`.repeat(4)],
    ['a ruler', `Results\n${'-'.repeat(120)}\nSodium 140\n${'='.repeat(120)}`],
    ['a table’s ruler', `|${'---|'.repeat(12)}\n| Sodium | 140 |`],
    [
      'dot leaders',
      upTo(20)
        .map((index) => `${name(index)} ${'.'.repeat(60)} ${index}`)
        .join('\n'),
    ],
    ['zeros', `Count 1${'0'.repeat(40)}`],
    ['nothing but nulls in a short list', `[${'null, '.repeat(8)}null]`],
    ['prose', 'The heart is normal. The lungs are clear. The heart is normal. The lungs are clear. No effusion.'],
  ])('%s passes', (_what, text) => {
    expect(tripsAtCharacter(text)).toBeUndefined();
    expect(createTextRepetitionWatch().push(text)).toBe(false);
  });

  test.each([
    ['a line', 'The lungs are clear.\n', 400],
    ['a word', 'normal ', 300],
    ['a row of the list', `${JSON.stringify(test8('Sodium', '140'))},\n`, 1600],
    ['blanks', '    ', 1200],
    ['line breaks', '\n', 1200],
    ['one letter', 'a', 1200],
    ['a digit', '0', 128],
    ['a snowman and a family', '☃👩‍👩‍👧', 300],
  ])('%s without end', (_what, part, most) => {
    const text = part.repeat(Math.ceil(8000 / part.length));
    for (const size of [1, 5, 64]) {
      expect(tripsAtCharacter(text, size)).toBeLessThanOrEqual(most);
    }
    expect(createTextRepetitionWatch().push(text)).toBe(true);
  });
});
