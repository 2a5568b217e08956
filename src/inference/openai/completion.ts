import { IntervalError } from '../../errors.ts';
import { createTextRepetitionWatch } from '../repetition.ts';
import { eventsOf } from './event-stream.ts';
import { failureOf } from './failure.ts';
import type { Answer } from './transport.ts';

/** What a server's answer says, in one piece or as it comes. */
export interface Completion {
  readonly text: string;
  /** `finish_reason`, or `repetition` where the text went in circles. */
  readonly finish: string;
  readonly usage?: { readonly prompt: number; readonly completion: number };
}

/** The server's JSON; every field is looked at before it is believed. */
interface Wire {
  readonly error?: unknown;
  readonly choices?: unknown;
  readonly usage?: unknown;
}

const badAnswer = (what: string) => new IntervalError('model-bad-answer', `The model server's answer ${what}.`);

/** @throws IntervalError `model-bad-answer`, or what an error inside the answer stands for. */
export async function readCompletion(answer: Answer, now: () => number): Promise<Completion> {
  return answer.isStream ? readStream(answer.bytes, now) : readWhole(answer.bytes, now);
}

/** One JSON value, whatever it is. */
export async function readJson(bytes: AsyncIterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) {
    chunks.push(chunk);
  }
  return parsed(Buffer.concat(chunks).toString('utf8'));
}

async function readWhole(bytes: AsyncIterable<Uint8Array>, now: () => number): Promise<Completion> {
  const wire = checked(await readJson(bytes), now);
  const choice = firstChoice(wire);
  if (!choice) {
    throw badAnswer('has no choices');
  }
  const text = textOf(choice.message);
  const repeats = createTextRepetitionWatch().push(text);
  return { text, finish: repeats ? 'repetition' : (finishOf(choice) ?? ''), ...usageOf(wire) };
}

async function readStream(bytes: AsyncIterable<Uint8Array>, now: () => number): Promise<Completion> {
  const watch = createTextRepetitionWatch();
  let [text, deltas, finish] = ['', 0, ''];
  let usage: Pick<Completion, 'usage'> = {};
  for await (const event of eventsOf(bytes)) {
    if (event === '[DONE]') {
      break;
    }
    const wire = checked(parsed(event), now);
    usage = { ...usage, ...usageOf(wire) };
    const choice = firstChoice(wire);
    const delta = choice ? textOf(choice.delta) : '';
    text += delta;
    deltas += delta === '' ? 0 : 1;
    finish = (choice && finishOf(choice)) ?? finish;
    if (watch.push(delta)) {
      // The server counts at the end, which is not waited for; a delta is about one token.
      return { text, finish: 'repetition', usage: { prompt: 0, completion: deltas } };
    }
  }
  if (finish === '') {
    throw badAnswer('ended before it was finished');
  }
  return { text, finish, ...usage };
}

/** JSON.parse's own message quotes the text, so it goes nowhere. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer('is not JSON');
  }
}

function checked(value: unknown, now: () => number): Wire {
  if (!isObject(value)) {
    throw badAnswer('is not an object');
  }
  // Errors that come after the status has been sent, and Vertex's.
  if (value.error !== undefined && value.error !== null) {
    const code = Number(isObject(value.error) ? value.error.code : undefined);
    const status = code >= 400 && code < 600 ? code : 500;
    throw failureOf({ status, retryAfter: null, text: JSON.stringify(value.error) }, now());
  }
  return value;
}

interface WireChoice {
  readonly message?: unknown;
  readonly delta?: unknown;
  readonly finish_reason?: unknown;
}

function firstChoice({ choices }: Wire): WireChoice | undefined {
  if (choices === undefined || (Array.isArray(choices) && choices.length === 0)) {
    return undefined;
  }
  if (!Array.isArray(choices) || !isObject(choices[0])) {
    throw badAnswer('has choices of the wrong type');
  }
  return choices[0];
}

/** The content alone: what a reasoning parser has set apart (`reasoning_content`, `reasoning`) is no part of the answer. */
function textOf(message: unknown): string {
  if (!isObject(message)) {
    throw badAnswer('has a choice without a message');
  }
  return textOrNothing(message.content, 'content') ?? '';
}

function finishOf({ finish_reason: reason }: WireChoice): string | undefined {
  return textOrNothing(reason, 'a finish reason');
}

function textOrNothing(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') {
    return value ?? undefined;
  }
  throw badAnswer(`has ${what} of the wrong type`);
}

function usageOf({ usage }: Wire): Pick<Completion, 'usage'> {
  if (usage === undefined || usage === null) {
    return {};
  }
  const { prompt_tokens: prompt, completion_tokens: completion = 0 } = isObject(usage) ? usage : {};
  if (!isCount(prompt) || !isCount(completion)) {
    throw badAnswer('counts tokens in the wrong type');
  }
  return { usage: { prompt, completion } };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
