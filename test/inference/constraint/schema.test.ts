import { describe, expect, test } from '@jest/globals';
import { accepts } from './accepts.ts';

const object = (properties: object, required: readonly string[] = []) => ({ type: 'object', properties, required });

describe('schemas', () => {
  test('properties in the order of the schema; what is optional may be left out', () => {
    const has = accepts(object({ a: { type: 'null' }, b: { type: 'boolean' }, 'ü"': { const: 1 } }, ['b']));
    const texts = ['{"b":true}', '{"a":null,"b":false}', '{"b":true,"ü\\"":1}', '{"a":null,"b":true,"ü\\"":1}'];
    expect(texts.every(has)).toBe(true);
    const wrong = [
      '{}',
      '{"a":null}',
      '{"b":true,"a":null}',
      '{"b":true,}',
      '{,"b":true}',
      '{"b":true,"b":true}',
      '{"b":1}',
    ];
    expect([...wrong, '{"b": true}', '{"b":true,"c":1}', '{"b":true'].some(has)).toBe(false);
  });

  test('arrays by the number of their items', () => {
    const items = { type: 'integer', minimum: 0, maximum: 9 };
    const some = accepts({ type: 'array', items, minItems: 2, maxItems: 3 });
    expect(['[1,2]', '[1,2,3]'].every(some)).toBe(true);
    expect(['[]', '[1]', '[1,2,3,4]', '[1,2,]', '[,1,2]', '[1 ,2]'].some(some)).toBe(false);
    expect(accepts({ items, minItems: 1 })(`[${'7,'.repeat(50)}7]`)).toBe(true);
    expect(accepts({ type: 'array', items, maxItems: 0 })('[]')).toBe(true);
    expect(accepts({ type: 'array', items, maxItems: 0 })('[1]')).toBe(false);
  });

  test('enum and const of any value, narrowed by type', () => {
    const values = accepts({ enum: ['a', 'ab', null, 1.5, [1, { x: 'é' }], ''] });
    expect(['"a"', '"ab"', 'null', '1.5', '[1,{"x":"é"}]', '""'].every(values)).toBe(true);
    expect(['"abc"', 'a', '1', '[1,{"x":"e"}]'].some(values)).toBe(false);
    const strings = accepts({ type: ['string', 'integer'], enum: ['a', 1.5, 2, null] });
    expect(['"a"', '2', '1.5', 'null'].map(strings)).toEqual([true, true, false, false]);
    expect(accepts({ const: { k: [] } })('{"k":[]}')).toBe(true);
  });

  test('references into the schema, also to itself and with escaped names', () => {
    const list = accepts({
      $id: 'https://example.org/list',
      $ref: '#/$defs/a~1b',
      $defs: {
        'a/b': { type: ['object', 'null'], properties: { next: { $ref: '#/$defs/a~1b' } }, required: ['next'] },
      },
    });
    expect(list('{"next":{"next":{"next":null}}}')).toBe(true);
    expect(list('{"next":{"next":{"next":null}}')).toBe(false);
    expect(accepts({ type: 'array', items: { $ref: '#' } })('[[],[[[]],[]]]')).toBe(true);
  });

  test('a type that is not named follows from the keywords', () => {
    expect(accepts({ minLength: 1 })('"a"')).toBe(true);
    expect(accepts({ maximum: 3 })('2.5')).toBe(true);
    expect(accepts({ properties: {} })('{}')).toBe(true);
  });

  test('options that begin alike, and numbers in several guises', () => {
    const shape = accepts({
      anyOf: [object({ a: { type: 'string' } }, ['a']), object({ a: { const: 'x' }, b: { type: 'null' } }, ['b'])],
    });
    expect(['{"a":"x"}', '{"a":"x","b":null}', '{"b":null}'].every(shape)).toBe(true);
    expect(shape('{"a":"y","b":null}')).toBe(false);
    const many = accepts({
      type: 'array',
      items: { anyOf: [{ type: 'integer' }, { type: 'number' }, { enum: [12] }] },
    });
    expect(many(`[${'12,'.repeat(200)}1.5]`)).toBe(true);
  });

  test.each([
    ['allOf', { allOf: [{ type: 'string' }] }],
    ['format', { type: 'string', format: 'date' }],
    ['uniqueItems', { type: 'array', items: { type: 'null' }, uniqueItems: true }],
    ['patternProperties', { type: 'object', patternProperties: {} }],
    ['additionalProperties', { type: 'object', additionalProperties: { type: 'string' } }],
    ['prefixItems', { type: 'array', prefixItems: [] }],
    ['not', object({ a: { not: { type: 'null' } } })],
    ['$id', object({ a: { $id: 'a', type: 'null' } })],
    ['type', {}],
    ['type', { type: 'date' }],
    ['type', { type: [] }],
    ['true', object({ a: true })],
    ['items', { type: 'array' }],
    ['minLength', { enum: ['a'], minLength: 1 }],
    ['type', { anyOf: [{ type: 'null' }], type: 'null' }],
    ['minLength', { $ref: '#/$defs/a', $defs: { a: { type: 'string' } }, minLength: 1 }],
    ['$ref', { $ref: '#/$defs/b', $defs: {} }],
    ['$ref', { $ref: 'other.json' }],
    ['$ref', { $ref: '#' }],
    ['$ref', { anyOf: [{ type: 'null' }, { $ref: '#' }] }],
    ['$ref', { ...object({ a: { $ref: '#' } }, ['a']) }],
    ['minItems', { type: 'array', items: { type: 'null' }, minItems: 2, maxItems: 1 }],
    ['minItems', { type: 'array', items: { type: 'null' }, minItems: -1 }],
    ['minLength', { type: 'string', minLength: 2, maxLength: 1 }],
    ['maxLength', { type: 'string', maxLength: 1.5 }],
    ['pattern', { type: 'string', pattern: '^a$', minLength: 2 }],
    ['pattern', { type: 'string', pattern: '^[^\\s\\S]$' }],
    ['enum', { enum: [] }],
    ['enum', { type: 'string', const: 1 }],
    ['required', object({ a: { type: 'null' } }, ['b'])],
    ['anyOf', { anyOf: [] }],
    ['oneOf', { oneOf: [{ type: 'integer' }, { type: 'number' }] }],
    ['oneOf', { oneOf: [{ type: 'string' }, { enum: ['a'] }] }],
    ['oneOf', { oneOf: [object({ a: { type: 'null' } }), object({ b: { type: 'null' } }, ['b'])] }],
    ['oneOf', { oneOf: [{ enum: [1, 'a'] }, { const: 'a' }] }],
  ])('what cannot be guaranteed names %s', (keyword, schema) => {
    expect(() => accepts(schema)).toThrow(
      expect.objectContaining({ code: 'schema-unsupported', message: expect.stringContaining(`"${keyword}"`) }),
    );
  });

  test('oneOf whose options are told apart', () => {
    const a = object({ kind: { const: 'a' }, x: { type: 'null' } }, ['kind']);
    const b = object({ kind: { enum: ['b', 'c'] }, x: { type: 'null' } }, ['kind']);
    expect(accepts({ oneOf: [a, b, { type: 'null' }, { enum: [1, 'a'] }] })('{"kind":"c","x":null}')).toBe(true);
    const [one, other] = [object({ x: { type: 'null' } }, ['x']), object({ y: { type: 'null' } }, ['y'])];
    expect(accepts({ oneOf: [one, other] })('{"y":null}')).toBe(true);
  });
});
