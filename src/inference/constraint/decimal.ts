import { choice, oneByte, type Rule, repeat, sequence, text } from './rule.ts';

/** Whole numbers between which a number lies; an open end is not reached itself. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
  readonly openLow: boolean;
  readonly openHigh: boolean;
}

/**
 * No number has more digits: each is then exactly told apart by a double, so that what lies between the bounds as written
 * also does as read.
 */
const digits = 15;
export const largest = 10 ** digits - 1;

/** Integers, without sign where there is nothing below zero, without `-0`, fraction or exponent. Ends are closed. */
export function integerRule(low: number, high: number): Rule {
  return choice(...whole(Math.max(0, low), high, () => []), ...signed(whole(Math.max(1, -high), -low, () => [])));
}

/** Decimals without exponent. */
export function decimalRule({ low, high, openLow, openHigh }: Bounds): Rule {
  return choice(
    ...magnitude(Math.max(0, low), high, low >= 0 && openLow, openHigh),
    ...signed(magnitude(Math.max(0, -high), -low, high >= 0 || openHigh, openLow)),
  );
}

const digit = oneByte([0x30, 0x39]);

function signed(rules: readonly Rule[]): readonly Rule[] {
  return rules.length === 0 ? [] : [sequence(text('-'), choice(...rules))];
}

/** From a to b, neither negative: what begins with a, what lies between, b itself. */
function magnitude(low: number, high: number, openLow: boolean, openHigh: boolean): readonly Rule[] {
  if (low > high || (low === high && (openLow || openHigh))) return [];
  const rules = [...whole(openLow ? low + 1 : low, high - 1, fraction)];
  if (openLow) {
    // 0.05 after an open 0: some digit of the fraction is not zero.
    const places = digits - String(low).length;
    for (let zeros = 0; zeros < places; zeros++) {
      const rest = repeat(digit, 0, places - zeros - 1);
      rules.push(sequence(text(`${low}.${'0'.repeat(zeros)}`), oneByte([0x31, 0x39]), rest));
    }
  }
  return openHigh ? rules : [...rules, text(String(high)), ...zeroFraction(high)];
}

function fraction(length: number): readonly Rule[] {
  return length < digits ? [repeat(sequence(text('.'), repeat(digit, 1, digits - length)), 0, 1)] : [];
}

function zeroFraction(value: number): readonly Rule[] {
  const places = digits - String(value).length;
  return places > 0 ? [sequence(text(`${value}.`), repeat(text('0'), 1, places))] : [];
}

/** Integers from low to high, neither negative, by their number of digits, each with what may come behind it. */
function whole(low: number, high: number, behind: (length: number) => readonly Rule[]): readonly Rule[] {
  const rules: Rule[] = [];
  for (let length = 1; length <= digits; length++) {
    const from = Math.max(low, length === 1 ? 0 : 10 ** (length - 1));
    const to = Math.min(high, 10 ** length - 1);
    if (from <= to) rules.push(sequence(between(String(from), String(to)), ...behind(length)));
  }
  return rules;
}

/** Digit strings of one length, from `low` to `high`. */
function between(low: string, high: string): Rule {
  const rest = low.length - 1;
  if (/^0*$/.test(low) && /^9*$/.test(high)) return repeat(digit, low.length, low.length);
  const [first, last] = [low.charCodeAt(0), high.charCodeAt(0)];
  if (first === last) return sequence(oneByte([first, first]), between(low.slice(1), high.slice(1)));
  const options = [
    sequence(oneByte([first, first]), between(low.slice(1), '9'.repeat(rest))),
    sequence(oneByte([last, last]), between('0'.repeat(rest), high.slice(1))),
  ];
  if (last - first > 1) options.push(sequence(oneByte([first + 1, last - 1]), repeat(digit, rest, rest)));
  return choice(...options);
}
