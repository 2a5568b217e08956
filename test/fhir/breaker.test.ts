import { describe, expect, jest, test } from '@jest/globals';
import { type ErrorCode, IntervalError } from '../../src/errors.ts';
import { type Breakers, createBreakers, withBreaker } from '../../src/fhir/breaker.ts';
import type { FhirClient } from '../../src/fhir/client.ts';

let now = 0;
const changes: string[] = [];
function breakers(): Breakers {
  now = 0;
  changes.length = 0;
  return createBreakers({
    failures: 3,
    openMs: 10_000,
    slowMs: 500,
    clock: () => now,
    onChange: (server, open) => changes.push(`${server} ${open ? 'open' : 'closed'}`),
  });
}
const fail = (code: ErrorCode) => async () => {
  throw new IntervalError(code, 'x');
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: IntervalError) => error.code as string,
  );

describe('circuit breaker', () => {
  test('after three failures in a row the server is left alone, then tried once, then asked again', async () => {
    const guard = breakers()('https://ehr.example');
    const work = jest.fn(fail('fhir-unavailable'));
    for (let index = 0; index < 5; index += 1) {
      expect(await codeOf(guard(work))).toBe('fhir-unavailable');
    }
    expect(work).toHaveBeenCalledTimes(3);
    now = 10_001;
    await codeOf(guard(work));
    await codeOf(guard(work));
    expect(work).toHaveBeenCalledTimes(4);
    now = 20_002;
    expect(await codeOf(guard(async () => 1))).toBe('answered');
    expect(await codeOf(guard(async () => 1))).toBe('answered');
    expect(changes).toEqual(['https://ehr.example open', 'https://ehr.example closed']);
  });

  test('while one call tries, others do not', async () => {
    const guard = breakers()('a');
    for (let index = 0; index < 3; index += 1) {
      await codeOf(guard(fail('fhir-timeout')));
    }
    now = 10_001;
    let answer: (value: number) => void = () => undefined;
    const trying = guard(() => new Promise<number>((resolve) => (answer = resolve)));
    expect(await codeOf(guard(async () => 1))).toBe('fhir-unavailable');
    answer(1);
    expect(await codeOf(trying)).toBe('answered');
    expect(await codeOf(guard(async () => 1))).toBe('answered');
  });

  test('an answer in between, a refusal, and a caller who went away are no failures', async () => {
    const guard = breakers()('a');
    for (const code of [
      'fhir-unavailable',
      'fhir-unavailable',
      'fhir-not-found',
      'fhir-unavailable',
      'fhir-unavailable',
    ] as const) {
      await codeOf(guard(fail(code)));
    }
    for (const code of ['fhir-forbidden', 'fhir-rejected', 'fhir-conflict', 'cancelled'] as const) {
      await codeOf(guard(fail(code)));
    }
    expect(changes).toEqual([]);
  });

  test('a server that is slower than hooks can wait counts, one that had no time does not', async () => {
    const guard = breakers()('a');
    const aborted = AbortSignal.abort();
    const slow = async () => {
      now += 600;
      throw new IntervalError('cancelled', 'x');
    };
    for (let index = 0; index < 5; index += 1) {
      await codeOf(guard(fail('cancelled'), aborted));
    }
    expect(changes).toEqual([]);
    for (let index = 0; index < 3; index += 1) {
      await codeOf(guard(slow, aborted));
    }
    expect(changes).toEqual(['a open']);
  });

  test('each server for itself, whichever client asks it; when to come back is said', async () => {
    const shared = breakers();
    const client = (base: string) =>
      withBreaker({ base, read: fail('fhir-unavailable'), search: async () => [] } as unknown as FhirClient, shared);
    for (let index = 0; index < 3; index += 1) {
      await codeOf(client('a').read('Patient', '1'));
    }
    await expect(client('a').search('Patient', {})).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(await codeOf(client('b').search('Patient', {}))).toBe('answered');
  });
});
