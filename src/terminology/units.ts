import ucumPackage from '@lhncbc/ucum-lhc';
import { printedUnits } from './printed-units.ts';
import { localUnits } from './printed-units-local.ts';

/** A unit as FHIR wants it: `code` is UCUM, `display` is what was printed. */
export interface UcumUnit {
  readonly code: string;
  readonly display: string;
}

export interface UnitContext {
  /** Key or printed name of the test: decides between IU as enzyme unit and as WHO international unit, and the like. */
  readonly test?: string;
  /** Language of the document: `mil` is thousand in Spanish. */
  readonly language?: string;
}

const ucum = ucumPackage.UcumLhcUtils.getInstance();

/** Tests whose IU is the WHO international unit, not the enzyme unit; and TSH, whose mU/L is m[IU]/L. */
const internationalUnit =
  /tsh|thyrotrop|lh\b|fsh|hcg|chorio|insulin|prolactin|luteini|follic|antibod|anti[- ]|\bab\b|ig[aegm]\b|rheum|aso\b|streptolysin|factor|heparin|hepatitis|rubella|tetanus|toxo|cmv|ebv|vitamin|erythropoietin|growth|gh\b|igf|ca[ -]?\d|acth|viral|hiv|hbv|hcv|dna|rna|tpo|tgab|trab|dsdna|ccp|gliadin|transglut|cardiolipin|ana\b/i;

/** One way of writing: NFKC, both mu as u, one kind of times, no spaces around signs; case is kept. */
function fold(printed: string): string {
  return printed
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, (run) => `^${[...run].map((c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c)).join('')}`)
    .normalize('NFKC')
    .replace(/[\u00b5\u03bc]/g, 'u')
    .replace(/[×✕∙·]/g, 'x')
    .replace(/[⁄∕]/g, '/')
    .replace(/\s*([/^*.])\s*/g, '$1')
    .replace(/\s+/g, ' ')
    .replace(/^[([]\s*(.*?)\s*[)\]]$/, '$1')
    .trim();
}

const exact: ReadonlyMap<string, string> = new Map(
  // The first table wins where both know a spelling.
  [localUnits, printedUnits].flatMap((table) =>
    Object.entries(table).flatMap(([code, spellings]) => spellings.map((spelling) => [fold(spelling), code] as const)),
  ),
);
/** Lower-case index; a spelling whose lower-case form belongs to two codes is left out. */
const folded: ReadonlyMap<string, string> = (() => {
  const map = new Map<string, string | undefined>();
  for (const [spelling, code] of exact) {
    const key = spelling.toLowerCase();
    map.set(key, map.has(key) && map.get(key) !== code ? undefined : code);
  }
  return new Map([...map].filter((pair): pair is [string, string] => pair[1] !== undefined));
})();

/** The UCUM unit of a validated code, or undefined. */
function specified(code: string) {
  const { unit } = silently(() => ucum.getSpecifiedUnit(code, 'validate', false));
  return unit ?? undefined;
}

/** The library prints what it cannot parse, and what it is given was printed on somebody's report: that is no log line. */
function silently<T>(ask: () => T): T {
  const { log } = console;
  console.log = () => undefined;
  try {
    return ask();
  } finally {
    console.log = log;
  }
}

export function isUcum(code: string): boolean {
  return specified(code) !== undefined;
}

/** Kelvin, gauss, tesla and siemens never stand in a laboratory report: the library would take K, G, T and S for them. */
const neverInALaboratory = /(?<![A-Za-z{[])(?:K|G|T|S|Cel|[BFCWJNA]|Ohm|Pa\.s)(?=\/|$)/;

/**
 * Printed unit → UCUM. The table first; then, when the printed text is already valid UCUM with a meaning a laboratory
 * can have, itself. Undefined when not known: the printed text must then be kept without a code.
 */
export function toUcum(printed: string, context: UnitContext = {}): UcumUnit | undefined {
  const display = printed.trim();
  const text = fold(printed);
  if (text === '') {
    return undefined;
  }
  const iberian = /^(?:es|pt)\b/.test(context.language ?? '');
  const thousand = /^mil(?:es)?\/?(?:mm3|mm\^3|ul)$/i.exec(text);
  if (thousand) {
    // mil is thousand in Spanish and Portuguese; in English it may stand for million, so it is refused without the language.
    return iberian ? { code: '10*3/uL', display } : undefined;
  }
  const code = codeOf(text);
  return code === undefined ? undefined : { code: internationalCode(code, text, context), display };
}

/** Answers of earlier questions; bounded, since a document asks the same few over and over. */
const answered = new Map<string, string | null>();

function codeOf(text: string): string | undefined {
  const known = answered.get(text);
  if (known !== undefined) {
    return known ?? undefined;
  }
  if (answered.size >= 4096) {
    answered.clear();
  }
  const code = inTable(text) ?? misread(text) ?? ownCode(text);
  answered.set(text, code ?? null);
  return code;
}

function inTable(text: string): string | undefined {
  return exact.get(text) ?? folded.get(text.toLowerCase());
}

/** In a scan the l of litre becomes I, 1 or |; after the slash nothing else can be meant. Only what is then in the table counts. */
function misread(text: string): string | undefined {
  const litre = /^(.*\/(?:d|m|u)?)[I1|]$/.exec(text);
  return litre ? inTable(`${litre[1]}L`) : undefined;
}

/** A bare number in front is no unit of a laboratory but a power of ten that lost its caret: `1073/uL` was `10^3/uL`. */
const beginsLikeAUnit = /^(?:[A-Za-z%/{[]|10[*^]\d{1,2}\/)/;

function ownCode(text: string): string | undefined {
  return !neverInALaboratory.test(text) && beginsLikeAUnit.test(text) && isUcum(text)
    ? text.replace('10^', '10*')
    : undefined;
}

/** IU is U for enzymes and [IU] for hormones and antibodies; volume and prefix stay. */
function internationalCode(code: string, text: string, context: UnitContext): string {
  const international = context.test !== undefined && internationalUnit.test(context.test);
  if (international && /^[mukn]?U\/(?:m?L|dL)$/.test(code) && /^(?:[mukn]?IU|[mu]U)/i.test(text)) {
    return code.replace(/U\//, '[IU]/');
  }
  return code;
}

/** Annotations that change what was measured. */
function annotation(code: string): string {
  return /\{(FEU|DDU)\}/.exec(code)?.[1] ?? '';
}

/**
 * What a unit measures, as text to compare: powers of the base units, then mole, equivalent, arbitrary and special
 * units apart. UCUM itself gives mmol/L, 10*9/L and [IU]/L the same dimension.
 */
export function dimensionOf(code: string): string | undefined {
  const unit = specified(code);
  if (!unit) {
    return undefined;
  }
  const arbitrary = unit.isArbitrary_ ? (/\[[^\]]+\]/.exec(code)?.[0] ?? 'arbitrary') : '';
  const perField = /\[(?:HPF|LPF)\]/.exec(code)?.[0] ?? '';
  return [
    unit.dim_?.dimVec_?.join(',') ?? '',
    unit.moleExp_,
    unit.equivalentExp_,
    arbitrary,
    perField,
    unit.cnv_ ?? '',
    annotation(code),
  ].join('|');
}

/** Whether a value can be converted from one to the other without knowing the substance. */
export function sameDimension(a: string, b: string): boolean {
  const first = dimensionOf(a);
  return first !== undefined && first === dimensionOf(b);
}

/** Removes the noise of binary fractions: 0.9999999999999999 → 1. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(12));
}

export interface ConvertOptions {
  /** g/mol; needed between mass and amount of substance. For display only: what is stored stays as printed. */
  readonly molarMass?: number;
  /** Charge of the ion, needed between equivalents and moles; 1 unless given. */
  readonly charge?: number;
  /** Significant digits of the printed value; the result is rounded to as many. */
  readonly significant?: number;
}

/** Converts a value between UCUM codes; undefined when the units measure different things. */
export function convert(value: number, from: string, to: string, options: ConvertOptions = {}): number | undefined {
  if (from === to) {
    return value;
  }
  if (!Number.isFinite(value) || annotation(from) !== annotation(to)) {
    return undefined;
  }
  const a = specified(from);
  const b = specified(to);
  if (!a || !b || (a.isArbitrary_ || b.isArbitrary_ ? dimensionOf(from) !== dimensionOf(to) : false)) {
    return undefined;
  }
  const molar = a.moleExp_ !== b.moleExp_ && a.equivalentExp_ === b.equivalentExp_;
  const equivalents = a.equivalentExp_ !== b.equivalentExp_;
  if ((molar && !options.molarMass) || (!molar && !equivalents && dimensionOf(from) !== dimensionOf(to))) {
    return undefined;
  }
  const answer = ucum.convertUnitTo(from, value, to, {
    ...(molar || (equivalents && options.molarMass) ? { molecularWeight: options.molarMass } : {}),
    ...(equivalents ? { charge: options.charge ?? 1 } : {}),
  });
  if (answer.status !== 'succeeded' || typeof answer.toVal !== 'number' || !Number.isFinite(answer.toVal)) {
    return undefined;
  }
  return options.significant === undefined
    ? withoutNoise(answer.toVal)
    : Number(answer.toVal.toPrecision(Math.min(Math.max(options.significant, 1), 12)));
}
