import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createConstraintEngine } from '../../../src/inference/constraint/engine.ts';
import { type Generated, generate, uniform } from './generate.ts';
import { labList, longitudinal, others } from './schemas.ts';
import { createRandom, createVocabulary } from './vocabulary.ts';

const vocabulary = createVocabulary(4000);
const engine = createConstraintEngine(vocabulary);
const ajv = new Ajv2020({ strict: false });
const schemas = { labList, rows: { ...labList, minItems: 2 }, longitudinal, ...others };
const each = 100;

describe('1,000 replies by a model that knows nothing', () => {
  test.each(Object.entries(schemas))('%s: every reply is valid and within its limit', (name, schema) => {
    const compiled = engine.compile(schema);
    const valid = ajv.compile(schema);
    const random = createRandom(compiled.least);
    const replies: Generated[] = [];
    const written = /"(\\.|[^"\\])*"/g;
    for (let i = 0; i < each; i++) {
      // The tightest limits come most often.
      const cap = compiled.least + Math.floor(1500 * random() ** 5);
      const reply = generate(compiled, vocabulary, cap, uniform(random));
      expect(reply.ids.length).toBeLessThanOrEqual(cap);
      expect({ text: reply.text, valid: valid(JSON.parse(reply.text)) }).toEqual({ text: reply.text, valid: true });
      expect(reply.text.replaceAll(written, '')).not.toMatch(/\s/);
      replies.push(reply);
    }
    expect(replies.some(({ cut }) => !cut)).toBe(true);
    expect(new Set(replies.map(({ text }) => text)).size).toBeGreaterThan(name === 'nothing' ? 0 : 10);
  });

  test(`are ${each} for each of ${Object.keys(schemas).length} schemas`, () => {
    expect(each * Object.keys(schemas).length).toBeGreaterThanOrEqual(1000);
  });

  test('at every limit from the least on, by the second', () => {
    for (const schema of Object.values(schemas)) {
      const compiled = engine.compile(schema);
      const valid = ajv.compile(schema);
      for (let cap = compiled.least; cap < compiled.least + 60; cap++) {
        const reply = generate(compiled, vocabulary, cap, uniform(createRandom(cap)));
        expect(reply.ids.length).toBeLessThanOrEqual(cap);
        expect(valid(JSON.parse(reply.text))).toBe(true);
      }
    }
  });
});
