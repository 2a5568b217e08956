import { fold } from './header-words.ts';
import { specimenOf } from './specimens.ts';

/** Stems of the words that methods are named by, folded, in six languages. */
const stems =
  /photometr|fotometr|colorim|kolorim|spectro|espectro|impedan|cytomet|citomet|zytomet|durchflu|hexokin|hexoquin|esochin|esokin|oxidas|\bgod\b|\bgpo\b|\bchod\b|\bpap\b|trinder|jaff|kinet|cinet|enzym|enzim|uric[ao]s|ureas|gldh|biuret|\bbcg\b|\bbcp\b|brom[oc]|diazo|\bdpd\b|ifcc|p5p|nadh?\b|\bise\b|ion[- ]?sel|ionensel|selectiv|selettiv|electrod|eletrod|elektrod|elettrod|potenciom|potentiom|potenziom|turbidim|nefelom|nephelom|latex|eclia|\bclia\b|cmia|lumin|elisa|\beia\b|elfa|immuno|inmuno|imuno|hplc|\bhpce\b|chromatog|cromatog|electropho|elektropho|electrofor|eletrofor|elettrofor|capillar|capilar|westergren|microscop|mikroskop|giemsa|leishman|calcul|kalkul|calcol|berechn|comput|friedewald|ckd-?epi|mdrd|reflectan|dry chem|dipstick|strip|teststreif|bandelette|agglut|aglut|\bvcs\b|\bsls\b|drabkin|cyanmet|cianmet|koagulometr|coagulometr|clotting|chromogen|cromogen|clauss|optical|\bpcr\b|naat|lc-?ms|gc-?ms|mass spec|arsenazo|ocpc|molybd|molibd|xylidyl|calmagite|ferrozin|ferene|tptz|cholinest|homogen|refractom|osmom|automat|cell counter|counter|sysmex|cobas|architect|alinity|atellica|advia|immulite|vitros|beckman|abbott|roche|siemens|mindray|fluorim|nephel|technique|tecnica|rapid test|lateral flow|schnelltest|indicator|ion exchange|rothera|ehrlich|griess|peroxid|benedict|fouchet|nitroprus|sulfosalic|sulphosalic|dye[- ]bind/;

const abbreviated =
  /^(?:chod|gpo|god|pap|trinder|hplc|clia|eclia|cmia|elisa|elfa|eia|ise|ifcc|pcr|dpd|bcg|bcp|jaffe)\b/i;

/**
 * Whether these words name a method rather than a test, a specimen or a comment; where nothing else says so (`alone`), words in
 * capitals are rather a heading and "calculated" tells how a number came about.
 */
export function isMethod(text: string, alone = false): boolean {
  const folded = fold(text);
  if (alone && ((!/[a-zà-ÿ]/.test(text) && !abbreviated.test(text)) || /calcul|calcol|berechn|comput/.test(folded)))
    return false;
  return (
    folded.length >= 2 &&
    folded.length <= 90 &&
    folded.split(' ').length <= 9 &&
    stems.test(folded) &&
    !/[.!?]\s|:/.test(folded)
  );
}

/** "Sang total EDTA – Cytométrie en flux, impédance": a specimen and a method in one line. */
export function specimenAndMethod(text: string): { readonly specimen: string; readonly method: string } | undefined {
  const [, first, second] = /^(.{3,40}?)\s+[–—-]\s+(\p{L}.*)$/u.exec(text) ?? [];
  const specimen = first && specimenOf(first);
  return specimen && second && isMethod(second) ? { specimen, method: second } : undefined;
}
