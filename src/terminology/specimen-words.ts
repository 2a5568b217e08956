import type { Specimen } from './lab-tests.ts';
import { normaliseName } from './test-name.ts';

/** Specimens by their words in seven languages, in normalised form; the first that fits is taken. */
const specimenWords: readonly (readonly [RegExp, Specimen])[] = [
  [
    /\b(?:umbilical )?cord blood\b|\bnabelschnurblut\b|\bsangue (?:di )?cordon\w*\b|\bsang du cordon\b|\bsangre de cordon\b/,
    'cord-blood',
  ],
  [
    /\barterial(?:es)? (?:whole )?blood\b|\bblood arterial\b|\barterielles? blut\b|\bsangre arterial\b|\bsang arteriel\b|\bsangue arterios[oa]\b|\bsangue arterial\b|\barterial\b|\bart(?:eriel(?:le)?|erios[oa])\b/,
    'arterial-blood',
  ],
  [
    /\bvenous (?:whole )?blood\b|\bblood venous\b|\bvenoses? blut\b|\bsangue venos[oa]\b|\bsang veineux\b|\bsangre venosa\b|\bvenous\b|\bvenos[oa]\b|\bveineux\b/,
    'venous-blood',
  ],
  [
    /\bcapillary (?:whole )?blood\b|\bblood capillary\b|\bkapillarblut\b|\bfinger ?stick\b|\bsangre capilar\b|\bsangue capilla?re?\b|\bsang capillaire\b|\bcapillary\b/,
    'capillary-blood',
  ],
  [
    /\bwhole blood\b|\bedta(?: blood)?\b|\bvollblut\b|\bsangre total\b|\bsang total\b|\bsangue (?:intero|total)\b|\bw b edta\b|\bedta blut\b/,
    'whole-blood',
  ],
  [
    /\b(?:cerebrospinal|cerebro spinal)(?: fluid)?\b|\bspinal fluid\b|\bcsf\b|\bliquor\b|\blcr\b|\blumbar puncture\b|\bliqu(?:ido|ide) (?:cefalo|cephalo) ?r?rac?h?\w*\b/,
    'csf',
  ],
  [
    /\bpleural(?:es?)?(?: fluid)?\b|\bpleuraerguss\b|\bpleurapunktat\b|\bliquido pleur(?:al|ico)\b|\bliquide pleural\b/,
    'pleural-fluid',
  ],
  [
    /\b(?:peritoneal(?:e)?|ascitic|ascites)(?: fluid)?\b|\baszites(?:punktat)?\b|\bliquido ascitico\b|\bascite\b/,
    'peritoneal-fluid',
  ],
  [/\bsynovial(?: fluid)?\b|\bjoint fluid\b|\bliquido sinovial[e]?\b|\bgelenkpunktat\b|\bsynovia\b/, 'synovial-fluid'],
  [/\bbody fluid\b|\bfluid\b|\bpunktat\b|\bliquido biologico\b/, 'fluid'],
  [
    /\b(?:random |spot |24 ?h(?:r|our)?s? )?urin(?:e|es|ary|alysis|a|as|aria|ario|arias|arios|aire|aires|arie|ari)?\b|\bharn\b|\burinstatus\b|\burinsediment\b|\burinanalyse\b|\bharnstatus\b|\borina\b|\bin orina\b|\buroanalisis\b|\bdipstick\b|\bua\b|\becbu\b|\bspontanurin\b|\bsammelurin\b|\burinteststreifen\b/,
    'urine',
  ],
  [
    /\bstool\b|\bfa?eces\b|\bfa?ecal(?:e|i|es)?\b|\bstuhl\b|\bheces\b|\bselles\b|\bfeci\b|\bfezes\b|\bfecais\b/,
    'stool',
  ],
  [
    /\bsemen\b|\bseminale?\b|\bsperm(?:a|e|iogramm?[ea]?)?\b|\bejakulat\b|\bespermograma\b|\besperma\b|\beiaculato\b|\bejaculate?\b/,
    'semen',
  ],
  [/\bsaliva(?:ry|le)?\b|\bspeichel\b|\bsalive\b|\bsalival\b/, 'saliva'],
  [/\bsweat\b|\bschweiss\b|\bsudor\b|\bsuor\b|\bsueur\b/, 'sweat'],
  [
    /\bnasopharyn\w*\b|\bnasofaring\w*\b|\brinofaring\w*\b|\bthroat(?: swab)?\b|\brespiratory\b|\bnasal swab\b|\bsputum\b|\besputo\b|\bescarro\b|\bespettorato\b|\brachenabstrich\b|\btampone faringeo\b/,
    'respiratory',
  ],
  [/\bvaginal(?:e)?\b|\bcervical\b|\bendocervical(?:e)?\b|\burethral(?:e)?\b/, 'genital'],
  [
    /\b(?:serum|plasma)(?: (?:or|and) (?:serum|plasma))?\b|\bser plas\b|^ser$|\bsuero\b|\bsiero\b|\bsoro\b|\bserum gel\b|\bsst\b|\bli heparin\b|\bser(?:ico|ica|icos|icas|ique|iques)\b|\bsieric[oaie]\b|\bserumgel\b|\bplasmatic[oa]s?\b|\bplasmatiques?\b|\bcitrat\w*\b|\bheparinplasma\b/,
    'serum',
  ],
  [
    /\bblood\b|\bbld\b|\bblut\b|\bsangre\b|\bsang\b|\bsangue\b|\bsanguin\b|\bsanguine\b|\bematic[oa]\b|\bsanguine[oa]\b/,
    'blood',
  ],
];

/** Asked first: most names have no word of any specimen. */
const anySpecimen = new RegExp(specimenWords.map(([pattern]) => pattern.source).join('|'));

/** The specimen that a printed specimen, panel or name tells; undefined when it tells none. */
export function specimenOf(text: string | undefined): Specimen | undefined {
  if (text === undefined) {
    return undefined;
  }
  const normal = normaliseName(text);
  if (!anySpecimen.test(normal)) {
    return undefined;
  }
  const found = specimenWords.find(([pattern]) => pattern.test(normal))?.[1];
  return found === 'serum' &&
    /plasma|citrat/.test(normal) &&
    !/\bserum\b|\bser\b|\bsuero\b|\bsiero\b|\bsoro\b/.test(normal)
    ? 'plasma'
    : found;
}

const byLetter: Readonly<Record<string, Specimen>> = {
  s: 'serum',
  sr: 'serum',
  p: 'plasma',
  u: 'urine',
  b: 'blood',
  'i s': 'serum',
  'i p': 'plasma',
  'i u': 'urine',
};

/** Splits the specimen off a normalised name: `glucose urine` → glucose, urine; `s creatinine` → creatinine, serum. */
export function splitSpecimen(normal: string): { readonly name: string; readonly specimen: Specimen } | undefined {
  for (const [pattern, specimen] of anySpecimen.test(normal) ? specimenWords : []) {
    const name = normal.replace(pattern, ' ').replace(/\s+/g, ' ').trim();
    if (name !== normal && name !== '') {
      return { name, specimen };
    }
  }
  const letter = /^(?:(s|sr|p|u) (.+)|(.+?) (i [spu]|s|p|u|b|sr))$/.exec(normal);
  const mark = letter?.[1] ?? letter?.[4];
  const name = letter?.[2] ?? letter?.[3];
  return mark && name ? { name, specimen: byLetter[mark]! } : undefined;
}
