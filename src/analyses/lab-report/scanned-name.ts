import { resolveTest, spellingsOf } from '../../terminology/lab-dictionary.ts';

const known = (name: string) => name.length > 1 && resolveTest({ name }) !== undefined;
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * A name of a scan without what recognition added to it: raised codes read as signs ("Hemoglobin⁰'"), a mark of the column
 * beside it read as a letter or two ("Glucosio pe"); and with the accents of the dictionary where only they differ
 * ("Hamoglobin"). Only where what remains is a known name; `marked` when something was left out.
 */
export function asSpelled(name: string): { readonly name: string; readonly marked?: boolean } {
  const raised = /^(.{2,}?)\s?[⁰¹²³⁴-⁹°®©].*$/u.exec(name)?.[1];
  const bare = [raised, name.replace(/[\s"'`´^~!?|*,;:=_’-]+$/u, '')].find((one) => one && one !== name && known(one));
  if (bare && !known(name)) return { name: withAccents(bare) };
  const cut = /^(.{3,}\S)\s\S{1,2}$/.exec(name)?.[1];
  if (cut && !known(name) && known(cut)) return { name: withAccents(cut), marked: true };
  return { name: withAccents(name) };
}

/** The dictionary's spelling, where all its spellings agree and it differs in accents alone; capitals stay as they are printed. */
function withAccents(name: string): string {
  const lower = name.toLowerCase();
  const spelled = new Set(
    spellingsOf(name)
      .filter((one) => plain(one) === plain(name) && one.length === name.length)
      .map((one) => one.toLowerCase()),
  );
  const [only] = spelled;
  if (spelled.size !== 1 || only === lower) return name;
  return [...name]
    .map((letter, at) => (letter === letter.toUpperCase() ? only![at]!.toUpperCase() : only![at]!))
    .join('');
}
