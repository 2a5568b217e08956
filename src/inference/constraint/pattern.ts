import {
  choice,
  complement,
  everyCharacter,
  jsonCharacter,
  type Range,
  type Rule,
  repeat,
  sequence,
  text,
} from './rule.ts';

const digit: readonly Range[] = [[0x30, 0x39]];
const word: readonly Range[] = [...digit, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]];
/** White space and line ends of ECMA-262, sections 12.2 and 12.3. */
const space: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];
const lineEnds: readonly Range[] = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const sets: Readonly<Record<string, readonly Range[]>> = { d: digit, w: word, s: space };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13 };
const anything = repeat(jsonCharacter(everyCharacter), 0);

/**
 * A JSON string, quotes included, that matches a regular expression as ECMA-262 reads it with the flag `u`: literals,
 * classes, groups, alternatives, quantifiers, \d \w \s and their complements; `^` and `$` at the ends of the whole
 * expression or of its alternatives. Where an anchor is missing, anything may stand (`pattern` searches).
 * Undefined for what is not one or goes beyond that: looking around, back references, \b, \p.
 */
export function patternRule(pattern: string): Rule | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  return createParser([...pattern]).whole();
}

/** By recursive descent, on a pattern whose syntax has been checked. Every reader gives undefined for what it does not know. */
function createParser(signs: readonly string[]) {
  let at = 0;
  const take = (sign: string) => signs[at] === sign && ++at > 0;

  function whole(): Rule | undefined {
    const options: Rule[] = [];
    do {
      const begins = take('^');
      const parts = terms();
      const ends = take('$');
      if (parts === undefined) return undefined;
      options.push(sequence(...(begins ? [] : [anything]), ...parts, ...(ends ? [] : [anything])));
    } while (take('|'));
    return at === signs.length ? sequence(text('"'), choice(...options), text('"')) : undefined;
  }

  function group(): Rule | undefined {
    if (take('?') && !take(':')) {
      // Of the groups with a question mark only (?: … ) and (?<name> … ) take up characters.
      if (!take('<') || signs[at] === '=' || signs[at] === '!') return undefined;
      while (!take('>')) at++;
    }
    const options: Rule[] = [];
    do {
      const parts = terms();
      if (parts === undefined) return undefined;
      options.push(sequence(...parts));
    } while (take('|'));
    return take(')') ? choice(...options) : undefined;
  }

  function terms(): readonly Rule[] | undefined {
    const parts: Rule[] = [];
    while (at < signs.length && !'|)$'.includes(signs[at]!)) {
      const part = take('(') ? group() : character();
      if (part === undefined) return undefined;
      parts.push(quantified(part));
    }
    return parts;
  }

  function quantified(part: Rule): Rule {
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(signs.slice(at, at + 24).join(''));
    if (!found) return part;
    at += found[0].length;
    const [, sign, min, comma, max] = found;
    if (sign !== undefined) return repeat(part, sign === '+' ? 1 : 0, sign === '?' ? 1 : undefined);
    return repeat(part, Number(min), comma === undefined ? Number(min) : max === '' ? undefined : Number(max));
  }

  function character(): Rule | undefined {
    const sign = signs[at++]!;
    if (sign === '.') return jsonCharacter(complement(lineEnds));
    if ('^*+?{}'.includes(sign)) return undefined;
    const set = sign === '[' ? characterClass() : sign === '\\' ? escapeSequence() : one(sign.codePointAt(0)!);
    return set && jsonCharacter(set);
  }

  function characterClass(): readonly Range[] | undefined {
    const negated = take('^');
    const set: Range[] = [];
    while (!take(']')) {
      const low = member();
      if (low === undefined) return undefined;
      if (signs[at] === '-' && signs[at + 1] !== ']') {
        at++;
        const high = member();
        if (high === undefined) return undefined;
        set.push([low[0]![0], high[0]![1]]);
      } else {
        set.push(...low);
      }
    }
    return negated ? complement(set) : set;
  }

  function member(): readonly Range[] | undefined {
    const sign = signs[at++]!;
    return sign === '\\' ? escapeSequence() : one(sign.codePointAt(0)!);
  }

  function escapeSequence(): readonly Range[] | undefined {
    const letter = signs[at++]!;
    const set = sets[letter.toLowerCase()];
    if (set) return letter === letter.toLowerCase() ? set : complement(set);
    if (controls[letter] !== undefined) return one(controls[letter]);
    const found = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/i.exec(signs.slice(at - 1, at + 9).join(''));
    if (found) {
      at += found[0].length - 1;
      const codePoint = Number.parseInt(found[1] ?? found[2] ?? found[3]!, 16);
      // Two halves of a surrogate pair would be one character.
      return codePoint >= 0xd800 && codePoint <= 0xdfff ? undefined : one(codePoint);
    }
    return /[\^$\\.*+?()[\]{}|/-]/.test(letter) ? one(letter.codePointAt(0)!) : undefined;
  }

  return { whole };
}

function one(codePoint: number): readonly Range[] {
  return [[codePoint, codePoint]];
}
