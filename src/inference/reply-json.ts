import type { ValidateFunction } from 'ajv/dist/2020.js';
import { IntervalError } from '../errors.ts';

const wrong = (what: string) => new IntervalError('reply-invalid', `The reply ${what}.`);

/**
 * The JSON value in an answer, checked. Only the shell round it is repaired: prose before and after, one code fence.
 * What is inside is taken as it stands or not at all; a second value is not passed over in silence.
 *
 * @throws IntervalError `reply-invalid`, naming the rule of the schema that was broken, never the value.
 */
export function jsonOf<Value>(answer: string, validate: ValidateFunction<Value>): Value {
  const fence = /```(?:json)?\s*(?=[[{])/i.exec(answer);
  const start = fence ? fence.index + fence[0].length : answer.search(/[[{]/);
  if (start < 0) {
    throw wrong('has no JSON');
  }
  const end = closeOf(answer, start);
  if (end === undefined) {
    throw wrong('has JSON that is not closed');
  }
  if (/[[{]\s*["{[\]}]/.test(answer.slice(end))) {
    throw wrong('has more than one JSON value');
  }
  const text = answer.slice(start, end);
  const value = parsed(text);
  if (hasDuplicateKeys(text)) {
    throw wrong('has an object that names one key twice');
  }
  if (!validate(value)) {
    // The path in the schema, which is ours; the path in the value may be made of the model's own words.
    throw wrong(`breaks its schema at ${validate.errors?.[0]?.schemaPath ?? 'an unknown rule'}`);
  }
  return value;
}

/** JSON.parse's own message quotes the text, so it goes nowhere. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('has JSON that cannot be parsed');
  }
}

const tokens = /"(?:[^"\\]|\\.)*"|[[\]{}]/gsy;
const next = new RegExp(`[^"[\\]{}]*(${tokens.source})`, 'gsy');

/** Index after the bracket that closes the one at `start`; brackets in strings do not count. */
function closeOf(text: string, start: number): number | undefined {
  let depth = 0;
  for (const { index, 0: all, 1: token = '' } of text.slice(start).matchAll(next)) {
    depth += '[{'.includes(token) ? 1 : ']}'.includes(token) ? -1 : 0;
    if (depth === 0) {
      return start + index + all.length;
    }
  }
  return undefined;
}

/** JSON.parse lets the last of two equal keys win; which of the two the page said nobody can tell. */
function hasDuplicateKeys(json: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  const colon = /\s*:/y;
  for (const { index, 0: all, 1: token = '' } of json.matchAll(next)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else {
      colon.lastIndex = index + all.length;
      const key: string | undefined = colon.test(json) ? JSON.parse(token) : undefined;
      if (key !== undefined && open.at(-1)?.has(key)) {
        return true;
      }
      if (key !== undefined) {
        open.at(-1)?.add(key);
      }
    }
  }
  return false;
}
