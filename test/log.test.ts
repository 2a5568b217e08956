import { describe, expect, test } from '@jest/globals';
import { IntervalError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLog({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }) };
}

describe('log', () => {
  test('writes one JSON object a line with the fields that are allowed', () => {
    const { lines, log } = capture();
    log.child({ requestId: 'r1' }).info('hook answered', { service: 'lab-report-results', ms: 12, cards: 1 });
    expect(JSON.parse(lines[0]!)).toMatchObject({
      msg: 'hook answered',
      requestId: 'r1',
      service: 'lab-report-results',
      ms: 12,
      cards: 1,
    });
  });

  test('drops every other field, whoever passes it', () => {
    const { lines, log } = capture();
    log.info('read', { job: 'abc', patientName: 'Testperson, Ada', token: 'secret' } as never);
    log.child({ name: 'Testperson, Ada' } as never).warn('again');
    expect(lines.join('')).not.toMatch(/Testperson|secret/);
    expect(lines[0]).toContain('abc');
  });

  test('an error shows its code and our message, never the message of its cause', () => {
    const { lines, log } = capture();
    const cause = new Error('Unexpected token in "Testperson, Ada, born 1950"');
    log.error(
      'job failed',
      { job: 'abc' },
      new IntervalError('document-damaged', 'The document cannot be read.', { cause }),
    );
    log.error('job failed', {}, new TypeError('cannot read property of Testperson'));
    expect(lines.join('')).not.toContain('Testperson');
    expect(JSON.parse(lines[0]!).error).toMatchObject({
      code: 'document-damaged',
      message: 'The document cannot be read.',
      cause: { name: 'Error' },
    });
    expect(JSON.parse(lines[1]!).error.code).toBe('internal');
  });
});
