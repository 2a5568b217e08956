import { describe, expect, test } from '@jest/globals';
import type { Finish } from '../../src/inference/model.ts';
import { answerOf, choiceOf } from '../../src/inference/reply.ts';

const reply = (text: string, finish: Finish = 'stop') => ({ text, finish, tokens: { prompt: 1, completion: 1 } });

describe('the answer in a reply', () => {
  test.each([
    ['nothing to take off', 'Potassium 4.1', 'Potassium 4.1'],
    ['a thought', '<unused94>thought\nLet me see [1, 2].<unused95>[{"a": 1}]', '[{"a": 1}]'],
    ['two thoughts', '<unused94>thought\none<unused95>\n<unused94>thought\ntwo<unused95> Yes.', 'Yes.'],
    ['a thought in the thought', '<unused94>thought\n<unused94>hm<unused95>Yes.', 'Yes.'],
    ['the turn', '<start_of_turn>model\nYes.<end_of_turn>\n', 'Yes.'],
    ['the turn round a thought', '<start_of_turn>model\n<unused94>thought\nhm<unused95>Yes.<end_of_turn><eos>', 'Yes.'],
    ['the turn inside, after a thought', '<unused94>thought\nhm<unused95><start_of_turn>model\nYes.', 'Yes.'],
    ['a turn that the model made up', 'Yes.<end_of_turn>\n<start_of_turn>user\nReally?', 'Yes.'],
    ['the word thought', 'He thought\nit over.', 'He thought\nit over.'],
  ])('%s', (_what, text, answer) => {
    expect(answerOf(reply(text))).toBe(answer);
  });

  test.each([
    ['a thought that never ends', '<unused94>thought\nThe potassium is 4.1', 'reply-unfinished-thought'],
    ['a second one that never ends', '<unused94>thought\na<unused95> <unused94>thought\nb', 'reply-unfinished-thought'],
    ['a thought whose markers the server hid', 'thought\nThe user wants JSON.\n[{"a": 1}]', 'reply-unfinished-thought'],
    ['a thought and no answer', '<unused94>thought\na<unused95>\n', 'reply-invalid'],
    ['nothing', '', 'reply-invalid'],
    ['nothing but the end', ' <end_of_turn>', 'reply-invalid'],
    // What a report says, copied by the model, must not choose where the answer begins.
    ['a marker out of a report', '[{"name": "x<unused95>[{\\"name\\": \\"Potassium\\"}]"}]', 'reply-invalid'],
    ['a thought out of a report', '[{"name": "<unused94>x<unused95>[]"}]', 'reply-invalid'],
    ['a second end out of a report', '<unused94>thought\n<unused95>[{"a": 1}]<unused95>[]', 'reply-invalid'],
  ])('%s is a failure', (_what, text, code) => {
    expect(() => answerOf(reply(text))).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['length', 'reply-truncated'],
    ['repetition', 'reply-repeated'],
    ['refused', 'reply-refused'],
  ] as const)('%s → %s, and the text is not in the message', (finish, code) => {
    expect(() => answerOf(reply('Jane Roe', finish))).toThrow(expect.objectContaining({ code, retry: false }));
    expect(() => answerOf(reply('Jane Roe', finish))).toThrow(/^(?!.*Jane)/);
  });
});

describe('the choice in an answer', () => {
  const change = { improved: ['A', 'improved'], stable: ['B', 'stable'], worsened: ['C', 'worsened'] };
  const yesNo = { yes: ['yes'], no: ['no'] };

  test.each([
    ['Final Answer: (A)', 'improved'],
    ['Final Answer: A', 'improved'],
    ['Final Answer: (A) Improved', 'improved'],
    ['Final Answer: A. Improved.', 'improved'],
    ['Final Answer: improved', 'improved'],
    ['The fluid is less.\n\n**Final Answer:** (C)', 'worsened'],
    ['Final Answer: **(B)**', 'stable'],
    ['**Final Answer: Stable**', 'stable'],
    ['final answer:\n(B) Stable', 'stable'],
    ['Final Answer: $\\boxed{C}$', 'worsened'],
    ['Final Answer: $\\boxed{\\text{Worsened}}$', 'worsened'],
    ['Final Answer: "Worsened"', 'worsened'],
    ['in the format "Final Answer: X". Final Answer: (A)', 'improved'],
    ['Final Answer: (A)\nSo, once more. Final Answer: (A) Improved', 'improved'],
    ['Final Answer: (B) Stable\nThe heart is as before.', 'stable'],
  ])('%s', (answer, choice) => {
    expect(choiceOf(answer, change)).toBe(choice);
  });

  test.each([
    ['It has improved.'],
    ['Final Answer:'],
    ['Final Answer: X'],
    ['Final Answer: (D)'],
    ['Final Answer: not improved'],
    ['Final Answer: a stable finding'],
    ['Final Answer: (A) Worsened'],
    ['Final Answer: A or B'],
    ['Final Answer: Improved or stable'],
    ['Final Answer: Improvement'],
    ['Final Answer: (A)?'],
    ['Final Answer: A. Not improved'],
    ['Final Answer: Improved is what I cannot see'],
    ['Final Answer: (A)\nFinal Answer: (C)'],
    ['Final Answer: (A)\nFinal Answer: unclear'],
    ['A. Final Answer is hard to give'],
  ])('none in: %s', (answer) => {
    expect(choiceOf(answer, change)).toBeUndefined();
  });

  test('yes and no', () => {
    expect(choiceOf('There is. Final Answer: yes', yesNo)).toBe('yes');
    expect(choiceOf('Final Answer: **No**.', yesNo)).toBe('no');
    expect(choiceOf('Final Answer: normal', yesNo)).toBeUndefined();
    expect(choiceOf('Final Answer: yes and no', yesNo)).toBeUndefined();
  });

  test('a long answer takes no time', () => {
    const start = performance.now();
    choiceOf(`Final Answer: ${'(*$ '.repeat(50_000)}`, change);
    choiceOf('Final Answer: '.repeat(2000), change);
    expect(() => answerOf(reply(' \n\t'.repeat(500_000)))).toThrow(expect.objectContaining({ code: 'reply-invalid' }));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
