import { IntervalError } from '../errors.ts';

/**
 * What MedGemma puts round its thoughts, also when nobody asked it to think: `<unused94>thought\n … <unused95>ANSWER`
 * (Google's notebooks; reference section 3).
 */
const opening = '<unused94>';
const closing = '<unused95>';

/** A server that hides the markers leaves this word where the thought begins, and no sign of where it ends. */
const unmarked = /^\s*thought\r?\n/;

/**
 * The text after the thoughts. They stand before the answer, so a marker inside the answer is none of the model's: it is
 * what somebody wrote on a report, and cutting there would let that report choose the answer.
 *
 * @throws IntervalError `reply-unfinished-thought`, `reply-invalid` for markers out of place.
 */
export function withoutThoughts(text: string): string {
  let state: 'before' | 'thought' | 'answer' = 'before';
  let answer = '';
  for (const piece of text.split(/(<unused94>|<unused95>)/)) {
    if (state === 'thought') {
      // What opens inside a thought is part of it.
      state = piece === closing ? 'before' : 'thought';
    } else if (piece === closing || (piece === opening && state === 'answer')) {
      throw new IntervalError('reply-invalid', 'The reply has a thought marker where none belongs.');
    } else if (piece === opening) {
      state = 'thought';
    } else if (piece.trim() !== '') {
      state = 'answer';
      answer = piece;
    }
  }
  if (state === 'thought' || unmarked.test(answer)) {
    throw new IntervalError('reply-unfinished-thought', 'The reply is a thought that was not brought to an end.');
  }
  return answer;
}
