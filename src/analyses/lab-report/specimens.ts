import { fold } from './header-words.ts';

const specimens: readonly (readonly [RegExp, string])[] = [
  [/\b(?:csf|cerebrospinal|liquor|lcr|liquido cefalorraquideo|liquide cephalo)/, 'CSF'],
  [/\b(?:24 ?h(?:our|r|rs)? urine|urine 24|24-hour urine|24h-urin|orina (?:de )?24)/, '24 hour urine'],
  [/\b(?:urine|urinalysis|urin|urinstatus|urinsediment|orina|uroanalisis|urines|ecbu|urina|harn)\b/, 'Urine'],
  [/\b(?:stool|faeces|feces|stuhl|heces|selles)\b/, 'Stool'],
  [/\b(?:pleural fluid|pleurapunktat)/, 'Pleural fluid'],
  [/\b(?:ascit|peritoneal fluid)/, 'Peritoneal fluid'],
  [/\b(?:synovial|joint fluid)/, 'Synovial fluid'],
  [/\b(?:saliva|speichel)\b/, 'Saliva'],
  [/\b(?:arterial blood|blood gas|abg|blutgas|gasometria|gaz du sang)/, 'Arterial blood'],
  [/\b(?:whole blood|edta|vollblut|sangre total|sang total)\b/, 'Blood'],
  [/\b(?:plasma|citrat)/, 'Plasma'],
  [/\b(?:serum|suero)\b/, 'Serum'],
];

/** The specimen that a heading, a label or a cell names; undefined when it names none. */
export function specimenOf(text: string): string | undefined {
  const folded = fold(text);
  return specimens.find(([pattern]) => pattern.test(folded))?.[1];
}
