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
    .replace(/\b[dl]['’](?=[a-z]{3})/g, ' ')
    .replace(/[^a-z0-9%#+]+/g, ' ')
    .trim();
}

const words = (text: string) => text.trim().split(/\s+/);

/** Words that never change which test is meant. */
const noise = new Set(
  words(`level levels test tests the of in im de du le el les los las en der des den das del della delle dei degli di
    do da dos value result assay measurement estimation quantitative quant dosage dosagem determinacion determinacao
    dosaggio taux bestimmung for by`),
);

/** One word for the words that say the same, in any language; both sides are written this way. */
const sameWord: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ab: `antibody antibodies anti ak aks antikorper anticuerpo anticuerpos anticorps anticorpi anticorpo anticorpos`,
    ag: `antigen antigens antigene antigeno antigenes antigeni`,
    total: `totale totales totaux totali totais totals gesamt tot`,
    direct: `direkt direktes directo directa diretto diretta direto direta directe`,
    indirect: `indirekt indirektes indirecto indirecta indiretto indiretta indireto indireta indirecte`,
    free: `frei freies freie libre libres libero libera liberi libere livre livres`,
    ratio: `quotient rapport rapporto relacion relacao cociente verhaltnis`,
    absolute: `abs absolut absoluto absoluta absolutos absolutas absolu absolus absolues absolue assoluto assoluta assoluti assolute #`,
    '%': `percent percentage prozent percentuale percentual porcentaje relative relativ rel relativo relativi relativos`,
    calculated: `calc cal calculation friedewald nih calculado calculada calcolato calcolata berechnet calcule calculee`,
    ceruloplasmin: `caeruloplasmin coeruloplasmin`,
    titer: `titre titulo titolo`,
    color: `colour`,
    tumor: `tumour`,
    cell: `cells`,
    cast: `casts`,
    band: `bands`,
  }).flatMap(([to, from]) => words(from).map((word) => [word, to] as const)),
);

/** Words that name no test by themselves. */
const general = new Set(
  words(`ab ag total direct indirect free ratio absolute % calculated titer count screen serum plasma urine`),
);

/** British spelling → American, where the stem is enough to tell. */
function spelling(token: string): string {
  return token
    .replace(/^haem/, 'hem')
    .replace(/^oestr/, 'estr')
    .replace(/^leuco/, 'leuko')
    .replace(/^faec/, 'fec')
    .replace(/^coel/, 'cel')
    .replace(/sulph/, 'sulf');
}

function canonical(token: string): string {
  const same = sameWord.get(token);
  if (same) {
    return same;
  }
  const spelled = spelling(token);
  // Metanephrines are another test than metanephrine.
  return spelled.length > 5 && /[^sui]s$/.test(spelled) && !spelled.startsWith('metan')
    ? spelled.slice(0, -1)
    : spelled;
}

/** The words of a normalised name in their order, without noise, each in its one spelling. */
export function tokensOf(normal: string): readonly string[] {
  return normal
    .split(' ')
    .filter((token) => !noise.has(token))
    .map(canonical);
}

/**
 * The words of a normalised name without order, without noise, each in its one spelling. In a ratio the order stays:
 * A/B is not B/A. Empty where nothing is left that names a test.
 */
export function tokenSet(normal: string): string {
  const tokens = tokensOf(normal);
  if (tokens.every((token) => general.has(token))) {
    return '';
  }
  const once = tokens.filter((token, at) => token.length === 1 || tokens.indexOf(token) === at);
  if (!once.includes('ratio')) {
    return once.sort().join(' ');
  }
  return [...once.filter((token) => token !== 'ratio'), 'ratio'].join(' ');
}

/** Words that say how or in which form it was measured, not what. */
const form = new Set(
  words(`absolute % total calculated count auto automated manual relative method quantitative qualitative quantitativo
    qualitativo quantitativa qualitativa quantitatif qualitatif qualitativ quantitativ qual quan quant qn ql qnt level
    elisa clia eclia cmia eia ifa ifi ift ise hplc uv ifcc nephelometry turbidimetry immunoturbidimetry colorimetric
    enzymatic kinetic jaffe biuret bcg chod god pod gpo ria poct westergren spectrophotometry photometry impedance
    estimated estim serum plasma conta recuento contagem numeration zahl random spot screen routine basal method
    valore valor valeur wert`).map(canonical),
);

/** Whether a word, as `tokensOf` gives it, can tell a test apart: no number, and not one of form. */
export function tells(token: string): boolean {
  return !form.has(token) && !general.has(token) && !/^[\d+%#]+$/.test(token);
}

/** The token set without the words that only tell form or method; undefined when none was there, or nothing is left. */
export function withoutForm(tokens: string): string | undefined {
  const all = tokens.split(' ');
  const kept = all.filter((token) => !form.has(token));
  return kept.length === 0 || kept.length === all.length ? undefined : kept.join(' ');
}

/** Whether the name itself says share or number: `Neutrophils %`, `Neutrophils (Absolute)`. */
export function formOf(name: string): 'share' | 'number' | undefined {
  const tokens = new Set(tokenSet(normaliseName(name.replace(/%(?=\S)|(?<=\S)%/g, ' % '))).split(' '));
  const share = tokens.has('%') || /%/.test(name);
  const number = tokens.has('absolute') || /#/.test(name);
  return share === number ? undefined : share ? 'share' : 'number';
}

const shortForms: readonly (readonly [RegExp, string])[] = [
  [/^(?:s|sr|ser)\s?[.:]\s*(?=\S{2})/i, 'serum '],
  [/^(?:b|bl)\s?[.:]\s*(?=\S{2})/i, 'blood '],
  [/^(?:u|ur)\s?[.:]\s*(?=\S{2})/i, 'urine '],
  [/^(?:p|pl)\s?[.:]\s*(?=\S{2})/i, 'plasma '],
  [/^t\s?[.:]\s*(?=\S{2})/i, 'total '],
  [/^d\s?[.:]\s*(?=\S{2})/i, 'direct '],
  [/^i\s?[.:]\s*(?=\S{2})/i, 'indirect '],
];

/** `S. Bilirubin` → serum Bilirubin, `T. Protein` → total Protein; undefined where nothing is abbreviated so. */
export function spelledOut(name: string): string | undefined {
  const text = name.trim();
  const found = shortForms.find(([pattern]) => pattern.test(text));
  return found && text.replace(found[0], found[1]);
}
