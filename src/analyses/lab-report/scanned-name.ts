import { resolveTest, spellingsOf } from '../../terminology/lab-dictionary.ts';

const known = (name: string) => name.length > 1 && resolveTest({ name }) !== undefined;
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * A name of a scan without what recognition added to it: raised codes read as signs ("Hemoglobin⁰'"), a mark of the column
 * beside it read as a letter or two ("Glucosio pe"); and with the accents of the dictionary where only they differ
 * ("Hamoglobin"). Only where what remains is a known name; `marked` when something was left out.
 */
export function asSpelled(printed: string): { readonly name: string; readonly marked?: boolean } {
  // Holes at the edge of the paper: "@ SODIUM".
  const name = printed.replace(/^[^\p{L}\p{N}(]+\s+(?=\p{L})/u, '');
  const raised = /^(.{2,}?)\s?[⁰¹²³⁴-⁹°®©].*$/u.exec(name)?.[1];
  const bare = [raised, name.replace(/[\s"'`´^~!?|*,;:=_’-]+$/u, '')].find((one) => one && one !== name && known(one));
  // A raised sign is no part of a name, whether or not the name is known with it.
  if (bare && (bare === raised || /[!?^~|]$/.test(name) || !known(name))) return { name: withAccents(bare) };
  if (known(name)) return { name: withAccents(name) };
  const lettered = asLetters(name).find(known);
  if (lettered) return { name: withAccents(lettered) };
  // An arrow in front of the name, read as a letter or a sign.
  const led = /^(?:[^\s\d]|0)\s(\S.*)$/u.exec(name)?.[1];
  if (led && known(led)) return { name: withAccents(led) };
  const cut = /^(.{3,}\S)\s\S{1,2}$/.exec(name)?.[1];
  return cut && known(cut) ? { name: withAccents(cut), marked: true } : { name: withAccents(name) };
}

const lookAlike: Readonly<Record<string, readonly string[]>> = {
  0: ['o'],
  1: ['l', 'i'],
  5: ['s'],
  6: ['b'],
  8: ['g', 'b'],
  9: ['g'],
};

/** "Haemo8lobin": a digit between letters that was one of them, in each way it may be read. */
function asLetters(name: string): readonly string[] {
  const [at, ...more] = [...name.matchAll(/(?<=\p{L})\d(?=\p{L})/gu)].map(({ index }) => index);
  if (at === undefined || more.length > 0) return [];
  return (lookAlike[name[at]!] ?? []).map((letter) => name.slice(0, at) + letter + name.slice(at + 1));
}

/** The dictionary's spelling, where all its spellings agree and it differs in accents alone; capitals stay as they are printed. */
function withAccents(name: string): string {
  const lower = name.toLowerCase();
  const spelled = new Set(
    spellingsOf(name)
      .filter((one) => plain(one) === plain(name) && one.length === name.length)
      .map((one) => one.toLowerCase()),
  );
  // "Potâssio" is of the language that has an accent there.
  const accents = (text: string) => [...text].map((letter) => plain(letter) !== letter).join();
  const alike = spelled.size === 1 ? [...spelled] : [...spelled].filter((one) => accents(one) === accents(lower));
  const [only] = alike;
  if (alike.length !== 1 || only === lower) return name;
  return [...name]
    .map((letter, at) => (letter === letter.toUpperCase() ? only![at]!.toUpperCase() : only![at]!))
    .join('');
}
