import { type ErrorCode, IntervalError } from '../errors.ts';
import type { ChatReply, Finish } from './model.ts';
import { withoutThoughts } from './thought.ts';

const unusable = {
  length: ['reply-truncated', 'The reply reached its limit before it was finished.'],
  repetition: ['reply-repeated', 'The reply went in circles.'],
  refused: ['reply-refused', 'The model server refused to answer.'],
} as const satisfies Record<Exclude<Finish, 'stop'>, readonly [ErrorCode, string]>;

/**
 * The answer in a reply: thoughts and control tokens taken off, nothing else changed.
 *
 * @throws IntervalError `reply-truncated`, `reply-repeated`, `reply-refused`, `reply-unfinished-thought`, `reply-invalid`.
 */
export function answerOf(reply: ChatReply): string {
  if (reply.finish !== 'stop') {
    const [code, message] = unusable[reply.finish];
    throw new IntervalError(code, message);
  }
  const answer = withinTurn(withoutThoughts(withinTurn(reply.text)));
  if (answer === '') {
    throw new IntervalError('reply-invalid', 'The reply is empty.');
  }
  return answer;
}

/** Without the start of the model's turn; what follows the end of that turn was not asked for. */
function withinTurn(text: string): string {
  const [turn = ''] = text
    .trimStart()
    .replace(/^(?:<bos>\s*)?<start_of_turn>model\b/, '')
    .split(/<end_of_turn>|<eos>/, 1);
  return turn.trim();
}

/** Each choice with the spellings that stand for it: its letter, its label, or both. */
export type Choices<Choice extends string> = Readonly<Record<Choice, readonly string[]>>;

/**
 * The choice in an answer that ends `Final Answer: X`, as MedGemma is asked to: `(A)`, `**A**`, `(A) Improved`,
 * `improved.`, `$\\boxed{A}$`, `yes`. The last one counts, and undefined is returned where it is missing, names no choice
 * or names two, or where an earlier one says something else.
 */
export function choiceOf<Choice extends string>(answer: string, choices: Choices<Choice>): Choice | undefined {
  const read = answer
    .split(/final answer\**\s*:/i)
    .slice(1)
    .map((text) => namedIn(text, choices));
  const last = read.at(-1);
  return read.every((choice) => choice === undefined || choice === last) ? last : undefined;
}

/** What takes an answer back, or leaves it open. */
const doubt = /\?|\bnot\b|n[’']t\b|\b(?:unclear|uncertain|unsure|cannot)\b/i;

/**
 * The line must begin with the choice, and neither name another nor take it back: "(A) Worsened", "Improved or stable" and
 * "A? Not improved" are no answer.
 */
function namedIn<Choice extends string>(text: string, choices: Choices<Choice>): Choice | undefined {
  const [line = ''] = text.trimStart().slice(0, 500).split('\n', 1);
  const plain = line.replace(/\\(?:boxed|text)|[*_$"'“”(){}[\]]/g, ' ').trim();
  const named = (Object.keys(choices) as Choice[]).filter((choice) =>
    choices[choice].some((spelling) => isWordIn(plain, spelling)),
  );
  const [first] = named;
  return first &&
    named.length === 1 &&
    !doubt.test(line) &&
    choices[first].some((spelling) => isWordIn(plain, spelling, 0))
    ? first
    : undefined;
}

/** A single letter must be a capital: a small `a` is an article. */
function isWordIn(text: string, spelling: string, place?: number): boolean {
  const literal = spelling.replace(/[^\w\s]/g, String.raw`\$&`);
  const found = new RegExp(String.raw`(?<!\w)${literal}(?!\w)`, spelling.length === 1 ? '' : 'i').exec(text);
  return found !== null && (place === undefined || found.index === place);
}
