/**
 * How a document writes its numbers: `point` is 1,234.5, `comma` is 1.234,5 or 1 234,5.
 * Decided once per document from numbers that can be read in one way only; never per number.
 */
export type NumberLocale = 'point' | 'comma' | 'unknown';

/** A number as printed. */
export interface PrintedNumber {
  readonly value: number;
  /** Digits printed after the decimal sign; 0 for an integer, 0 for exponent forms. */
  readonly decimals: number;
  /** The other reading, where the printed form has two and the locale decided, or could not decide. */
  readonly alternative?: number;
}

const spaces = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** One space for every kind of space, `-` for every minus and dash, `^5` for a raised 5, full-width forms narrowed. */
export function tidy(text: string): string {
  return text
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/g, (run) => {
      const digits = [...run].map((c) => (c === '⁻' ? '-' : c === '⁺' ? '' : String(superscripts.indexOf(c)))).join('');
      return `^${digits}`;
    })
    .normalize('NFKC')
    .replace(spaces, ' ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[’`´]/g, "'")
    .replace(/\s+/g, ' ')
    .trim();
}

const westernGroups = /^[1-9]\d{0,2}([.,' ])\d{3}(?:\1\d{3})*$/;
const indianGroups = /^[1-9]\d?(?:,\d{2})+,\d{3}$/;

function plain(digits: string, decimals: number): PrintedNumber {
  return { value: Number(digits), decimals };
}

/** Digits with separators, no sign, no exponent; undefined when it is no number (a date, a version, a code). */
function parseBody(body: string, locale: NumberLocale): PrintedNumber | undefined {
  if (/^\d+$/.test(body)) {
    return plain(body, 0);
  }
  const spaced = /^([1-9]\d{0,2}(?:([ '])\d{3})(?:\2\d{3})*)(?:[.,](\d+))?$/.exec(body);
  if (spaced) {
    const whole = spaced[1]!.replace(/[ ']/g, '');
    const fraction = spaced[3] ?? '';
    return plain(fraction ? `${whole}.${fraction}` : whole, fraction.length);
  }
  if (!/^[\d.,]+$/.test(body)) {
    return undefined;
  }
  const last = Math.max(body.lastIndexOf('.'), body.lastIndexOf(','));
  const mark = body[last]!;
  const head = body.slice(0, last);
  const tail = body.slice(last + 1);
  if (tail === '') {
    return undefined;
  }
  if (/[.,]/.test(head)) {
    const others = new Set(head.match(/[.,]/g));
    if (others.size === 1 && others.has(mark)) {
      const grouped = westernGroups.test(body) || indianGroups.test(body);
      return grouped ? plain(body.replace(/[.,]/g, ''), 0) : undefined;
    }
    const grouped = others.size === 1 && (westernGroups.test(head) || indianGroups.test(head));
    return grouped ? plain(`${head.replace(/[.,]/g, '')}.${tail}`, tail.length) : undefined;
  }
  if (!/^\d*$/.test(head)) {
    return undefined;
  }
  const decimal = plain(`${head || '0'}.${tail}`, tail.length);
  if (tail.length !== 3 || !/^[1-9]\d{0,2}$/.test(head)) {
    return decimal;
  }
  // One separator before exactly three digits: the only form with two readings.
  const whole = plain(`${head}${tail}`, 0);
  const groupLocale: NumberLocale = mark === ',' ? 'point' : 'comma';
  if (locale === groupLocale) {
    return mark === ',' ? whole : { ...whole, alternative: decimal.value };
  }
  if (locale === 'unknown') {
    return mark === ',' ? { ...whole, alternative: decimal.value } : { ...decimal, alternative: whole.value };
  }
  return decimal;
}

const exponent = /^([+-]?[\d.,]+) ?(?:[eE]([+-]?\d{1,3})|[x×*·] ?10 ?[\^*]? ?([+-]?\d{1,2}))$/;
const powerOfTen = /^10 ?[\^*] ?([+-]?\d{1,2})$/;

/** A whole printed number; undefined when the text is anything else. */
export function parseNumber(text: string, locale: NumberLocale): PrintedNumber | undefined {
  const tidied = tidy(text);
  const power = powerOfTen.exec(tidied);
  if (power) {
    return { value: Number(`1e${power[1]}`), decimals: 0 };
  }
  const scientific = exponent.exec(tidied);
  if (scientific) {
    const mantissa = parseNumber(scientific[1]!, locale);
    const by = scientific[2] ?? scientific[3];
    return mantissa && { value: Number(`${mantissa.value}e${Number(by)}`), decimals: 0 };
  }
  const signed = /^([+-])? ?(.+)$/.exec(tidied);
  if (!signed || (signed[1] === '+' && tidied.startsWith('+ '))) {
    return undefined;
  }
  const body = parseBody(signed[2]!, locale);
  if (!body || signed[1] !== '-') {
    return body;
  }
  return {
    ...body,
    value: -body.value,
    ...(body.alternative === undefined ? {} : { alternative: -body.alternative }),
  };
}

/**
 * The number locale of a document from all texts that may hold numbers (values and ranges).
 * Votes come only from forms with one reading: `4,5` and `0,586` and `1.234,5` say comma, `4.5`, `1,234.5` and
 * `2,35,000` say point. In comma countries quantities such as pH or specific gravity are often printed with a point,
 * and in a scan a point is easily read as a comma, so a majority of two thirds is asked for.
 */
export function decideLocale(texts: readonly string[]): NumberLocale {
  let point = 0;
  let comma = 0;
  for (const text of texts) {
    for (const match of tidy(text).matchAll(/(?<![\d.,/:])\d[\d.,]*\d(?![\d/:])/g)) {
      const token = match[0];
      const one = /^(\d+)([.,])(\d+)$/.exec(token);
      if (one) {
        const twoReadings = one[3]!.length === 3 && /^[1-9]\d{0,2}$/.test(one[1]!);
        if (!twoReadings) {
          one[2] === ',' ? comma++ : point++;
        }
      } else if (/^[1-9]\d{0,2}(,\d{3})+\.\d+$/.test(token) || indianGroups.test(token)) {
        point++;
      } else if (/^[1-9]\d{0,2}(\.\d{3})+,\d+$/.test(token)) {
        comma++;
      }
    }
  }
  if (comma === 0 && point === 0) {
    return 'unknown';
  }
  if (comma >= 2 * point) {
    return 'comma';
  }
  return point >= 2 * comma ? 'point' : 'unknown';
}
