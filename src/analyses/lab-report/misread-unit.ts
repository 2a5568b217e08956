import { printedUnits } from '../../terminology/printed-units.ts';

/** What optical recognition takes for one another in units: slash, l, I, 1 and brackets; µ, u, p and y; and the like. */
const alike: readonly (readonly [RegExp, string])[] = [
  [/["'`°*^~“”‘’´©®.,\s-]/g, ''],
  [/[/|lIi1!fj[\]\\tT]/g, 'l'],
  [/[µμupyUPYn]/g, 'u'],
  [/[gq98]/g, 'g'],
  [/[0oOQ]/g, 'o'],
  [/[sS5]/g, 's'],
  [/[dD]|cl/g, 'd'],
  [/[eEcC]/g, 'c'],
];

/** The power of ten apart from the rest: its digits must be the same. */
const power = /^[x×]?\s?1[0oO]\s?["'%°^*~+©®“”‘’´`7]?\s?([369]|12)\s?[/|lI]/i;

function skeleton(text: string): string {
  const exponent = power.exec(text);
  const rest = exponent ? text.slice(exponent[0].length) : text;
  const folded = alike.reduce((sum, [pattern, letter]) => sum.replace(pattern, letter), rest);
  return `${exponent ? `10^${exponent[1]}/` : ''}${folded.toLowerCase()}`;
}

/** Whether two skeletons differ by one stroke at most: a slash that was lost or taken for another one, or the q of mEq. */
function nearly(a: string, b: string): boolean {
  if (a === b) return true;
  const [long, short] = a.length > b.length ? [a, b] : [b, a];
  if (long.length - short.length !== 1 || short.length < 2) return false;
  // "ME/L": nothing else is printed so.
  const lost = (letter: string, at: number) => letter === 'l' || (letter === 'o' && long.slice(at - 2, at) === 'mc');
  return [...long].some((letter, at) => lost(letter, at) && long.slice(0, at) + long.slice(at + 1) === short);
}

/**
 * A unit that was misread on a scan, as it is most likely printed: one of the units in which this test is reported, when the
 * print differs from it only in letters that look alike, and from no other of them as little. Undefined otherwise. A letter
 * more or less, such as the d of g/dL, is never supplied.
 */
export function misreadUnit(printed: string, expected: readonly string[]): string | undefined {
  const read = skeleton(printed);
  if (read.length === 0) return undefined;
  const found = expected.flatMap((code) => {
    const spellings = [code, ...(printedUnits[code] ?? [])];
    const exact = spellings.find((spelling) => skeleton(spelling) === read);
    const near = exact ?? spellings.find((spelling) => nearly(skeleton(spelling), read));
    return near ? [{ code, spelling: near, exact: exact !== undefined }] : [];
  });
  const best = found.some(({ exact }) => exact) ? found.filter(({ exact }) => exact) : found;
  const codes = new Set(best.map(({ code }) => code));
  return codes.size === 1 ? best[0]!.spelling : undefined;
}
