/**
 * Gadolinium agents by ACR group of NSF risk (ACR Manual on Contrast Media; table of ACR–NKF 2021). Agents that came
 * later or were moved since are left out: they are treated as not named.
 */
export const gadoliniumAgents: readonly {
  readonly group: 'I' | 'II' | 'III';
  readonly name: string;
  readonly words: RegExp;
}[] = [
  { group: 'I', name: 'gadodiamide', words: /\b(gadodiamide|omniscan)\b/ },
  { group: 'I', name: 'gadopentetate dimeglumine', words: /\b(gadopentetate|magnevist)\b/ },
  { group: 'I', name: 'gadoversetamide', words: /\b(gadoversetamide|optimark)\b/ },
  { group: 'II', name: 'gadobenate dimeglumine', words: /\b(gadobenate|multihance)\b/ },
  { group: 'II', name: 'gadobutrol', words: /\b(gadobutrol|gadavist|gadovist)\b/ },
  { group: 'II', name: 'gadoterate meglumine', words: /\b(gadoterate|dotarem|clariscan)\b/ },
  { group: 'II', name: 'gadoteridol', words: /\b(gadoteridol|prohance)\b/ },
  { group: 'III', name: 'gadoxetate disodium', words: /\b(gadoxetate|eovist|primovist)\b/ },
];
