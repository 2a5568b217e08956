import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Constraint, Vocabulary } from '../../../src/inference/constraint/constraint.ts';
import { createConstraintEngine } from '../../../src/inference/constraint/engine.ts';
import { createReading, type State } from '../../../src/inference/constraint/grammar.ts';
import { grammarOf } from '../../../src/inference/constraint/schema.ts';
import { type Choose, generate, has, idsOf, uniform } from './generate.ts';
import { labList, longitudinal, others } from './schemas.ts';
import { createRandom, createVocabulary } from './vocabulary.ts';

const vocabulary = createVocabulary(4000);
const engine = createConstraintEngine(vocabulary);
const textOf = (ids: readonly number[]) => Buffer.concat(ids.map((id) => vocabulary.bytes(id)!)).toString();
const word = (text: string) => vocabulary.encode(text)[0]!;

/** A model that wants to say one text, by the longest tokens. */
function wanting(text: string): Choose {
  const target = Buffer.from(text);
  const bytes = (id: number) => vocabulary.bytes(id) ?? Buffer.of();
  return (mask, before) => {
    const at = before.reduce((sum, id) => sum + bytes(id).length, 0);
    const offered = idsOf(mask);
    const fitting = offered.filter((id) => target.subarray(at, at + bytes(id).length).equals(bytes(id)));
    return fitting.sort((one, other) => bytes(other).length - bytes(one).length)[0] ?? offered[0]!;
  };
}

/** Takes all that is forced. */
function open(constraint: Constraint, remaining: number): string {
  const next = constraint.next(remaining);
  if (next.kind !== 'forced') return '';
  for (const id of next.ids) constraint.accept(id);
  return textOf(next.ids);
}

describe('masks', () => {
  test('hold exactly the tokens with which the text so far goes on', () => {
    const random = createRandom(11);
    for (const schema of [labList, longitudinal, ...Object.values(others)]) {
      const reading = createReading(grammarOf(schema));
      for (let round = 0; round < 3; round++) {
        const constraint = engine.compile(schema).start();
        let state: State = reading.start();
        const take = (id: number, from: State) =>
          vocabulary.bytes(id)!.reduce<State | undefined>((at, byte) => at && reading.advance(at, byte), from);
        for (let step = 0; step < 8; step++) {
          const next = constraint.next(100_000);
          if (next.kind === 'end') break;
          const chosen = next.kind === 'forced' ? next.ids : [uniform(random)(next.mask, [])];
          if (next.kind === 'allowed') {
            const right = [...Array(vocabulary.size).keys()].filter((id) =>
              vocabulary.bytes(id) ? take(id, state) !== undefined : state.whole && vocabulary.end.includes(id),
            );
            expect(idsOf(next.mask)).toEqual(right);
            if (vocabulary.end.includes(chosen[0]!)) break;
          }
          for (const id of chosen) {
            constraint.accept(id);
            state = take(id, state)!;
          }
        }
      }
    }
  });

  test('under a limit hold no token after which the reply could not be closed', () => {
    const constraint = engine.compile({ enum: ['no', 'not at all, and much more than that'] }).start();
    expect(open(constraint, 50)).toBe('"no');
    const next = constraint.next(1);
    const texts = (mask?: Uint32Array) => mask && new Set(idsOf(mask).map((id) => textOf([id])));
    expect(next.kind === 'allowed' && texts(next.mask)).toEqual(new Set(['"']));
    expect(next.kind === 'allowed' && texts(next.free)).toEqual(new Set(['"', 't']));
  });
});

describe('text that must come', () => {
  test('comes at once, in the tokens of the model', () => {
    const constraint = engine.compile(longitudinal).start();
    expect(constraint.next(200)).toEqual({ kind: 'forced', ids: vocabulary.encode('{"consolidation":"') });
    open(constraint, 200);
    constraint.next(180);
    constraint.accept(word('S'));
    expect(open(constraint, 179)).toBe('table","effusion":"');
  });

  test('stays on offer until it is taken', () => {
    const constraint = engine.compile({ const: ['name', 'result'] }).start();
    const all = constraint.next(50);
    const ids = all.kind === 'forced' ? all.ids : [];
    expect(textOf(ids)).toBe('["name","result"]');
    ids.forEach((id, i) => {
      expect(constraint.next(50 - i)).toEqual({ kind: 'forced', ids: ids.slice(i) });
      constraint.accept(id);
    });
    expect(constraint.next(0)).toEqual({ kind: 'end' });
    expect(constraint.cut).toBe(false);
  });

  test('keeps a byte order mark', () => {
    const compiled = engine.compile({ enum: ['\ufeffa', '\ufeffb'] });
    expect(generate(compiled, vocabulary, 20, uniform(createRandom(1))).text).toMatch(/^"\ufeff[ab]"$/);
    expect(generate(engine.compile({ const: '\ufeff' }), vocabulary, 20, uniform(createRandom(1))).text).toBe(
      '"\ufeff"',
    );
  });

  test('ends at a whole character', () => {
    const constraint = engine.compile({ enum: ['aé', 'aè'] }).start();
    const next = constraint.next(50);
    expect(next.kind === 'forced' && textOf(next.ids)).toBe('"a');
  });

  test('goes by masks where the tokens of the model do not give it exactly', () => {
    const blank: Vocabulary = { ...vocabulary, encode: (text) => vocabulary.encode(` ${text}`) };
    const compiled = createConstraintEngine(blank).compile(longitudinal);
    expect(compiled.start().next(200).kind).toBe('allowed');
    const valid = new Ajv2020().compile(longitudinal);
    for (let seed = 0; seed < 20; seed++) {
      const { text, ids } = generate(compiled, blank, compiled.least + seed, uniform(createRandom(seed)));
      expect([ids.length <= compiled.least + seed, valid(JSON.parse(text))]).toEqual([true, true]);
    }
  });
});

describe('the limit', () => {
  const row = (name: string) =>
    `{"name":${JSON.stringify(name)},"result":"7","unit":null,"range":null,"panel":null,"method":null,"specimen":null,"sample_collection_time":null}`;
  const text = `[${row('Hemoglobin')},${row('Glucose, serum "x"')}]`;
  const compiled = engine.compile(labList);

  test('a reply that ends by itself is not cut, whatever comes of it', () => {
    const free = generate(compiled, vocabulary, 10_000, wanting(text));
    expect(free).toMatchObject({ text, cut: false });
    expect(free.forced).toBeGreaterThan(free.ids.length / 2);
    // Closing is reckoned in two pieces, the open value and the rest, which may take a token more than the model's own end.
    expect(generate(compiled, vocabulary, free.ids.length + 1, wanting(text))).toMatchObject({ text, cut: false });
  });

  test('a reply that does not fit is cut: valid, and said to be', () => {
    const enough = generate(compiled, vocabulary, 10_000, wanting(text)).ids.length;
    const valid = new Ajv2020({ strict: false }).compile(labList);
    for (let cap = compiled.least; cap < enough; cap++) {
      const reply = generate(compiled, vocabulary, cap, wanting(text));
      expect(reply.ids.length).toBeLessThanOrEqual(cap);
      expect(valid(JSON.parse(reply.text))).toBe(true);
      // Across the borders of what is forced, the longest tokens may save one or two.
      expect(reply.cut).toBe(reply.text !== text);
      if (cap < enough - 2) expect(reply.cut).toBe(true);
    }
  });

  test('without the wish of the model, a choice under a limit counts as cut', () => {
    const constraint = engine.compile({ type: 'array', items: { type: 'string' } }).start();
    const first = constraint.next(2);
    expect(first.kind).toBe('forced');
    constraint.accept(word('['));
    const next = constraint.next(1);
    expect(next.kind === 'allowed' && next.free && has(next.free, word('"'))).toBe(true);
    expect(next.kind === 'allowed' && has(next.mask, word('"'))).toBe(false);
    constraint.accept(word(']'));
    expect(constraint.cut).toBe(true);
  });

  test('with none left, the shortest closing comes', () => {
    const constraint = engine
      .compile({ type: 'object', properties: { a: { type: 'string', minLength: 3 } }, required: ['a'] })
      .start();
    expect(open(constraint, 50)).toBe('{"a":"');
    constraint.next(45);
    constraint.accept(word('é'));
    const next = constraint.next(0);
    expect(next.kind === 'forced' && textOf(next.ids)).toBe('??"}');
    expect(constraint.cut).toBe(true);
  });

  test('the least is the shortest reply in tokens', () => {
    const least = (schema: object) => engine.compile(schema).least;
    expect(least(labList)).toBe(vocabulary.encode('[]').length);
    expect(least({ type: 'string' })).toBe(vocabulary.encode('""').length);
    expect(least({ type: ['string', 'null'], minLength: 20 })).toBe(vocabulary.encode('null').length);
    expect(least({ const: 'Hemoglobin' })).toBe(vocabulary.encode('"Hemoglobin"').length);
  });
});

describe('misuse', () => {
  const fails = expect.objectContaining({ code: 'internal' });

  test('a token that was not offered, a control token, an end too early', () => {
    const constraint = engine.compile({ type: 'array', items: { type: 'boolean' } }).start();
    expect(() => constraint.accept(word('['))).toThrow(fails);
    constraint.next(50);
    constraint.accept(word('['));
    for (const id of [word('a'), 0, vocabulary.end[0]!, vocabulary.size + 40, -1]) {
      constraint.next(50);
      expect(() => constraint.accept(id)).toThrow(fails);
    }
    constraint.next(50);
    constraint.accept(word(']'));
    expect(constraint.next(50)).toEqual({ kind: 'end' });
    expect(() => constraint.accept(word(']'))).toThrow(fails);
    constraint.next(50);
    constraint.accept(vocabulary.end[1]!);
    expect(constraint.next(50)).toEqual({ kind: 'end' });
  });

  test('a reply that may end or go on offers both', () => {
    const constraint = engine.compile({ type: 'integer', minimum: 0, maximum: 50 }).start();
    constraint.next(9);
    constraint.accept(word('4'));
    const next = constraint.next(8);
    const offered = next.kind === 'allowed' ? idsOf(next.mask) : [];
    expect(offered).toEqual(expect.arrayContaining([word('2'), ...vocabulary.end]));
    constraint.accept(vocabulary.end[0]!);
    expect(constraint.next(8)).toEqual({ kind: 'end' });
    expect(constraint.cut).toBe(false);
  });

  test('a vocabulary without tokens for bytes', () => {
    const bytes = (id: number) => (vocabulary.bytes(id)?.[0] === 0xe2 ? undefined : vocabulary.bytes(id));
    expect(() => createConstraintEngine({ ...vocabulary, bytes })).toThrow(
      expect.objectContaining({ code: 'model-invalid' }),
    );
  });
});
