import { IntervalError } from '../../errors.ts';
import { type Bounds, decimalRule, integerRule, largest } from './decimal.ts';
import type { Node, TerminalKind } from './grammar.ts';
import { both, type Machine, machineOf } from './machine.ts';
import { machineTerminal } from './machine-terminal.ts';
import { patternRule } from './pattern.ts';
import { choice, text } from './rule.ts';
import type { Schema } from './schema.ts';
import { stringTerminal } from './string-terminal.ts';
import { literalTerminal, type Terminal } from './terminal.ts';

export const typeNames: readonly string[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

export function unsupported(keyword: string, why: string): IntervalError {
  return new IntervalError('schema-unsupported', `The schema keyword "${keyword}" ${why}.`);
}

export function isType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null' || value === null) return type === 'null' && value === null;
  return typeof value === type && !Array.isArray(value);
}

/** A keyword whose value is a number of characters or items. */
export function count(schema: Schema, keyword: string): number | undefined {
  const value = schema[keyword];
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw unsupported(keyword, 'is not a whole number');
  return value as number;
}

/** Each value is written as JSON.stringify writes it. */
export function enumeration(values: readonly unknown[]): Node {
  if (values.length === 0) throw unsupported('enum', 'leaves no value');
  const texts = values.map((value) => JSON.stringify(value));
  const terminal =
    texts.length === 1
      ? literalTerminal(texts[0]!)
      : machineTerminal(
          small('enum', () => machineOf(choice(...texts.map(text)))),
          `enum ${texts}`,
        );
  return node(terminal, { values });
}

export function stringNode(schema: Schema): Node {
  const [min = 0, max] = [count(schema, 'minLength'), count(schema, 'maxLength')];
  if (max !== undefined && min > max) throw unsupported('minLength', 'exceeds "maxLength"');
  const counted = stringTerminal(min, max);
  const { pattern } = schema;
  if (pattern === undefined) return node(counted, { type: 'string' });
  const rule = patternRule(String(pattern));
  if (rule === undefined) throw unsupported('pattern', 'is not supported in this form');
  const machine = small('pattern', () => {
    const matching = machineOf(rule);
    return matching && (min > 0 || max !== undefined) ? both(matching, counted) : matching;
  });
  return node(machineTerminal(machine, `pattern ${min} ${max} ${pattern}`), { type: 'string' });
}

export function numberNode(schema: Schema, isInteger: boolean): Node {
  const bounds = boundsOf(schema, isInteger);
  const { low, high } = bounds;
  const machine = small('minimum', () => machineOf(isInteger ? integerRule(low, high) : decimalRule(bounds)));
  const name = `${isInteger ? 'integer' : 'number'} ${Object.values(bounds)}`;
  return node(machineTerminal(machine, name), { type: 'number' });
}

/** For integers the ends are closed. */
function boundsOf(schema: Schema, isInteger: boolean): Bounds {
  const bound = (keyword: string) => {
    const value = schema[keyword];
    if (value === undefined) return undefined;
    if (typeof value !== 'number') throw unsupported(keyword, 'is not a number');
    if (!isInteger && !Number.isInteger(value)) throw unsupported(keyword, 'is supported with whole numbers only');
    return value;
  };
  const none = Number.NEGATIVE_INFINITY;
  const [minimum = none, above = none] = [bound('minimum'), bound('exclusiveMinimum')];
  const [maximum = -none, below = -none] = [bound('maximum'), bound('exclusiveMaximum')];
  const within = (value: number) => Math.min(Math.max(value, -largest), largest);
  if (isInteger) {
    const low = Math.max(Math.ceil(minimum), Math.floor(above) + 1, -largest);
    const high = Math.min(Math.floor(maximum), Math.ceil(below) - 1, largest);
    return { low, high, openLow: false, openHigh: false };
  }
  const [low, high] = [Math.max(minimum, above), Math.min(maximum, below)];
  if (low > largest || high < -largest) throw unsupported('minimum', 'or "maximum" has too many digits');
  return {
    low: within(low),
    high: within(high),
    openLow: above >= minimum && above >= -largest,
    openHigh: below <= maximum && below <= largest,
  };
}

/** What a keyword asks for, unless it is nothing or too much. */
function small(keyword: string, make: () => Machine | undefined): Machine {
  let machine: Machine | undefined;
  try {
    machine = make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw unsupported(keyword, 'asks for too much');
  }
  if (machine === undefined) throw unsupported(keyword, 'leaves no value');
  return machine;
}

function node(terminal: Terminal, is: TerminalKind): Node {
  return { kind: 'terminal', terminal, is };
}
