import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ConstraintEngine, Vocabulary } from '../../../src/inference/constraint/constraint.ts';
import { createConstraintEngine } from '../../../src/inference/constraint/engine.ts';
import { generate, uniform } from './generate.ts';
import { labList, longitudinal } from './schemas.ts';
import { createRandom, createVocabulary } from './vocabulary.ts';

/** Processor time in milliseconds: the other test process does not count. bench/constraint.ts gives the real figures. */
function processorTime(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

describe('262,208 tokens', () => {
  let vocabulary: Vocabulary;
  let engine: ConstraintEngine;
  let creation = 0;
  beforeAll(() => {
    vocabulary = createVocabulary(262_208);
    creation = processorTime(() => {
      engine = createConstraintEngine(vocabulary);
    });
  });

  test('are read once, and a schema compiles at once', () => {
    expect(creation).toBeLessThan(6000);
    expect(processorTime(() => engine.compile(labList))).toBeLessThan(400);
    expect(processorTime(() => engine.compile({ ...labList, maxItems: 3 }))).toBeLessThan(100);
  });

  test('the first mask inside a string is found once for the engine, whatever the schema and the length', () => {
    const firstMask = (schema: object) => {
      const constraint = engine.compile(schema).start();
      const open = constraint.next(500);
      if (open.kind === 'forced') for (const id of open.ids) constraint.accept(id);
      return processorTime(() => constraint.next(499));
    };
    expect(firstMask({ type: 'string' })).toBeLessThan(1000);
    const again = [
      { type: 'string', maxLength: 4000 },
      { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    ];
    for (const schema of again) expect(firstMask(schema)).toBeLessThan(60);
  });

  test('a reply of each schema', () => {
    const rows = generate(engine.compile({ ...labList, minItems: 2 }), vocabulary, 150, uniform(createRandom(5)));
    expect(JSON.parse(rows.text).length).toBeGreaterThanOrEqual(2);
    const answers = generate(engine.compile(longitudinal), vocabulary, 80, uniform(createRandom(5)));
    expect(Object.keys(JSON.parse(answers.text)).length).toBeGreaterThanOrEqual(5);
  });
});
