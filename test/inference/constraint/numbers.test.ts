import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { accepts } from './accepts.ts';
import { createRandom } from './vocabulary.ts';

const ajv = new Ajv2020();

describe('integers', () => {
  const bounds = [
    ...[{}, { minimum: 0 }, { minimum: 1, maximum: 9 }, { minimum: 0, maximum: 1000 }, { minimum: 7, maximum: 1234 }],
    ...[{ minimum: -15, maximum: 15 }, { maximum: -3 }, { minimum: -120, maximum: -99 }, { minimum: 5, maximum: 5 }],
    ...[
      { minimum: 0.5, maximum: 2.5 },
      { exclusiveMinimum: 0, exclusiveMaximum: 100 },
      { exclusiveMinimum: -1.5 },
      { minimum: 10 },
    ],
    ...[
      { minimum: 999, maximum: 100_000 },
      { minimum: 0, exclusiveMinimum: 3, maximum: 12, exclusiveMaximum: 12 },
    ],
  ];
  test.each(bounds.map((bound) => [JSON.stringify(bound), bound] as const))('%s', (_, bound) => {
    const schema = { type: 'integer', ...bound };
    const [ours, valid] = [accepts(schema), ajv.compile(schema)];
    const values = [99_999, 100_000, 100_001, 999_999_999_999_999, -999_999_999_999_999];
    for (let value = -2000; value <= 2000; value++) values.push(value);
    expect(values.filter((value) => ours(String(value)) !== valid(value))).toEqual([]);
    for (const text of ['-0', '00', '01', '1.0', '1e2', '+1', '', '-', '1000000000000000'])
      expect(ours(text)).toBe(false);
  });
});

describe('numbers', () => {
  const bounds = [
    ...[
      {},
      { minimum: 0 },
      { minimum: 0, maximum: 1 },
      { exclusiveMinimum: 0 },
      { exclusiveMinimum: 0, exclusiveMaximum: 1 },
    ],
    ...[
      { minimum: -5, maximum: 5 },
      { exclusiveMinimum: -5, exclusiveMaximum: 5 },
      { maximum: 0 },
      { exclusiveMaximum: 0 },
    ],
    ...[
      { minimum: 3, maximum: 3 },
      { minimum: -12, exclusiveMaximum: -3 },
      { exclusiveMinimum: 17, maximum: 120 },
    ],
  ];
  test.each(bounds.map((bound) => [JSON.stringify(bound), bound] as const))('%s', (_, bound) => {
    const schema = { type: 'number', ...bound };
    const [ours, valid] = [accepts(schema), ajv.compile(schema)];
    const random = createRandom(7);
    const texts = [
      '0',
      '0.5',
      '0.05',
      '0.999999',
      '1',
      '1.0',
      '1.000001',
      '3',
      '3.0',
      '-3.0',
      '5.00',
      '-5.01',
      '17.0',
      '17.1',
      '120.0',
    ];
    for (let i = 0; i < 3000; i++) {
      texts.push(((random() - 0.5) * 10 ** Math.floor(random() * 4)).toFixed(Math.floor(random() * 5)));
    }
    const written = texts.filter((text) => !/^-0(\.0*)?$/.test(text));
    expect(written.filter((text) => ours(text) !== valid(Number(text)))).toEqual([]);
    for (const text of ['-0', '.5', '1.', '00.1', '1e5', '1.5e2', '0.1234567890123456']) expect(ours(text)).toBe(false);
  });

  test.each([
    [{ type: 'number', minimum: 0.5 }, 'minimum'],
    [{ type: 'number', minimum: 1e16 }, 'minimum'],
    [{ type: 'integer', minimum: 3, maximum: 2 }, 'minimum'],
    [{ type: 'integer', exclusiveMinimum: 3, exclusiveMaximum: 4 }, 'minimum'],
    [{ type: 'number', minimum: 1, exclusiveMaximum: 1 }, 'minimum'],
    [{ type: 'number', maximum: '1' }, 'maximum'],
    [{ type: 'number', multipleOf: 0.1 }, 'multipleOf'],
  ])('not %j', (schema, keyword) => {
    expect(() => accepts(schema)).toThrow(
      expect.objectContaining({ code: 'schema-unsupported', message: expect.stringContaining(`"${keyword}"`) }),
    );
  });
});
