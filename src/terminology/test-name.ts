import type { Specimen } from './lab-tests.ts';

const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  κ: 'kappa',
  λ: 'lambda',
  µ: 'u',
  μ: 'u',
};

/** Lower case without accents; `%`, `#`, `+` are kept because they carry meaning; everything else becomes one space. */
export function normaliseName(name: string): string {
  return name
    .replace(/[®™*†‡]+/g, ' ')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[αβγδκλµμ]/g, (letter) => greek[letter]!)
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9%#+]+/g, ' ')
    .trim();
}

/** Words that never change which test is meant. */
const noise = new Set([
  'level',
  'levels',
  'test',
  'the',
  'of',
  'in',
  'im',
  'de',
  'du',
  'la',
  'le',
  'el',
  'les',
  'en',
  'der',
  'des',
  'value',
  'result',
  'assay',
  'measurement',
  'estimation',
  'quantitative',
  'quant',
  'dosage',
  'determinacion',
]);

const specimenWords: readonly (readonly [RegExp, Specimen])[] = [
  [
    /\barterial(?:es)? (?:whole )?blood\b|\bblood arterial\b|\barterielles? blut\b|\bsangre arterial\b|\bsang arteriel\b|\barterial\b/,
    'arterial-blood',
  ],
  [/\bvenous (?:whole )?blood\b|\bblood venous\b|\bvenoses? blut\b|\bvenous\b/, 'venous-blood'],
  [
    /\bcapillary (?:whole )?blood\b|\bblood capillary\b|\bkapillarblut\b|\bfinger ?stick\b|\bsangre capilar\b|\bcapillary\b/,
    'capillary-blood',
  ],
  [/\bwhole blood\b|\bedta(?: blood)?\b|\bvollblut\b|\bsangre total\b|\bsang total\b|\bw b edta\b/, 'whole-blood'],
  [
    /\b(?:cerebrospinal|cerebro spinal)(?: fluid)?\b|\bspinal fluid\b|\bcsf\b|\bliquor\b|\blcr\b|\blumbar puncture\b/,
    'csf',
  ],
  [/\bpleural(?: fluid)?\b|\bpleuraerguss\b|\bliquido pleural\b/, 'pleural-fluid'],
  [/\b(?:peritoneal|ascitic|ascites)(?: fluid)?\b|\baszites\b/, 'peritoneal-fluid'],
  [/\bsynovial(?: fluid)?\b|\bjoint fluid\b/, 'synovial-fluid'],
  [/\bbody fluid\b|\bfluid\b|\bpunktat\b/, 'fluid'],
  [
    /\b(?:random |spot |24 ?h(?:r|our)?s? )?urin(?:e|es|ary|alysis)?\b|\bharn\b|\burinstatus\b|\burinsediment\b|\borina\b|\buroanalisis\b|\burines\b|\bdipstick\b|\bua\b|\becbu\b|\bspontanurin\b|\bsammelurin\b/,
    'urine',
  ],
  [/\bstool\b|\bfa?eces\b|\bfa?ecal\b|\bstuhl\b|\bheces\b|\bselles\b/, 'stool'],
  [/\bsemen\b|\bseminal\b|\bsperm(?:a|iogramm?e?)?\b|\bejakulat\b/, 'semen'],
  [/\bnasopharyn\w*\b|\bthroat swab\b|\brespiratory\b|\bnasal swab\b|\bsputum\b/, 'respiratory'],
  [/\bvaginal\b|\bcervical\b|\bendocervical\b|\burethral\b/, 'genital'],
  [
    /\b(?:serum|plasma)(?: (?:or|and) (?:serum|plasma))?\b|\bser plas\b|\bsuero\b|\bserum gel\b|\bsst\b|\bli heparin\b/,
    'serum',
  ],
  [/\bblood\b|\bblut\b|\bsangre\b|\bsang\b/, 'blood'],
];

/** The specimen that a printed specimen, panel or name tells; undefined when it tells none. */
export function specimenOf(text: string | undefined): Specimen | undefined {
  if (text === undefined) {
    return undefined;
  }
  const normal = normaliseName(text);
  const found = specimenWords.find(([pattern]) => pattern.test(normal))?.[1];
  return found === 'serum' && /\bplasma\b/.test(normal) && !/\bserum\b|\bser\b/.test(normal) ? 'plasma' : found;
}

/** Splits the specimen off a normalised name: `glucose urine` → glucose, urine; `s creatinine` → creatinine, serum. */
export function splitSpecimen(normal: string): { readonly name: string; readonly specimen: Specimen } | undefined {
  for (const [pattern, specimen] of specimenWords) {
    const name = normal.replace(pattern, ' ').replace(/\s+/g, ' ').trim();
    if (name !== normal && name !== '') {
      return { name, specimen };
    }
  }
  const letter = /^(?:(s|sr|p|u) (.+)|(.+) (s|p|u|b|sr))$/.exec(normal);
  const mark = letter?.[1] ?? letter?.[4];
  const name = letter?.[2] ?? letter?.[3];
  const byLetter: Readonly<Record<string, Specimen>> = { s: 'serum', sr: 'serum', p: 'plasma', u: 'urine', b: 'blood' };
  return mark && name ? { name, specimen: byLetter[mark]! } : undefined;
}

/** The words of a normalised name without order and without noise. */
export function tokenSet(normal: string): string {
  return [...new Set(normal.split(' ').filter((token) => !noise.has(token)))].sort().join(' ');
}
