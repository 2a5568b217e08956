import { describe, expect, test } from '@jest/globals';
import { readFeedback } from '../../src/cds-hooks/feedback.ts';
import { communicationOf } from '../../src/fhir/feedback.ts';
import { validateForWrite } from '../../src/fhir/validate.ts';
import { feedbackOf } from '../../src/services/feedback-record.ts';

const entry = (over: object = {}) => ({
  card: '4e0a3a1e-3283-4575-ab82-028d55fe2719',
  outcome: 'overridden',
  outcomeTimestamp: '2026-03-01T10:12:00Z',
  ...over,
});
const read = (over: object) => readFeedback({ feedback: [entry(over)] })[0]!;

describe('F2: feedback is read as FHIR can keep it', () => {
  test.each<[string, object, object | undefined]>([
    ['nothing but the outcome', {}, undefined],
    ['an empty display and system', { reason: { code: 'a', system: '', display: ' ' } }, { reason: { code: 'a' } }],
    [
      'controls and half characters in what people wrote',
      { reason: { code: 'a b', display: 'x\u0000y' }, userComment: '\u0007 a\ud800\nb ' },
      { reason: { code: 'a b', display: 'x y' }, userComment: 'a\ufffd\nb' },
    ],
    ['a blank comment', { userComment: '\u0000' }, { userComment: '' }],
  ])('%s', (_name, overrideReason, kept) => {
    const feedback = read(kept === undefined ? {} : { overrideReason });
    expect(feedback.overrideReason).toEqual(kept);
    const record = feedbackOf(feedback, { service: 's', client: { id: 'c', authenticated: true } }, undefined);
    validateForWrite(communicationOf(record, '2026-03-01T10:12:01Z'));
  });

  test.each<[string, object]>([
    ['a blank card', { card: ' ' }],
    ['a card with half a character', { card: 'a\udc00' }],
    ['a card with a control', { card: 'a\u0000' }],
    ['a card of a thousand characters', { card: 'a'.repeat(1000) }],
    ['a code with spaces at its end', { overrideReason: { reason: { code: 'a ' } } }],
    ['a system with a space', { overrideReason: { reason: { code: 'a', system: 'http://x y' } } }],
    ['the year 0', { outcomeTimestamp: '0000-03-01T10:12:00Z' }],
    ['a year of five digits in UTC', { outcomeTimestamp: '9999-12-31T23:59:59-14:00' }],
    ['a suggestion with a blank id', { outcome: 'accepted', acceptedSuggestions: [{ id: '' }] }],
  ])('%s is refused', (_name, over) => {
    expect(() => read(over)).toThrow(expect.objectContaining({ code: 'request-malformed', status: 400 }));
  });
});
