import type { Concept } from './concept.ts';
import {
  type Contrast,
  contrastWords,
  loincImaging,
  type Modality,
  modalityTitles,
  modalityWords,
  regionWords,
  snomedImaging,
} from './imaging-terms.ts';

/** What an order asks for or a study is. */
export interface ImagingProcedure {
  readonly modality: Modality;
  readonly regions: readonly string[];
  readonly side?: 'left' | 'right';
  /** Contrast into a vessel. */
  readonly contrast: Contrast;
}

/** Undefined when it is no imaging that is understood here. `more` are further texts, e.g. order details. */
export function imagingProcedureOf(concept: Concept, more: readonly string[] = []): ImagingProcedure | undefined {
  const names = concept.loinc.flatMap((code) => loincImaging[code]?.name ?? []);
  const named = [...names, ...concept.snomed.flatMap((code) => snomedImaging[code] ?? []), ...concept.texts];
  const text = readable(named);
  const modality = modalityWords.find(([, words]) => words.test(text))?.[0];
  const regions = regionsIn(text);
  if (modality === undefined) {
    return undefined;
  }
  const side = sideIn(text);
  return {
    modality,
    regions,
    ...(side === undefined ? {} : { side }),
    contrast: contrastOf([...named, ...more]),
  };
}

/** `chest X-ray`, `CT of abdomen and pelvis` */
export function titleOf({ modality, regions, side }: Omit<ImagingProcedure, 'contrast'>): string {
  const where = [side, regions.join(' and ')].filter((part) => part !== undefined && part !== '').join(' ');
  const what = modalityTitles[modality];
  return where === '' ? what : `${where} ${what}`;
}

export function regionsIn(text: string): readonly string[] {
  return regionWords.filter(([, words]) => words.test(text)).map(([region]) => region);
}

export function sideIn(text: string): ImagingProcedure['side'] {
  const left = /\b(left|lt)\b/.test(text);
  const right = /\b(right|rt)\b/.test(text);
  return left === right || /\bbilateral\b/.test(text) ? undefined : left ? 'left' : 'right';
}

export function readable(texts: readonly string[]): string {
  return texts
    .join(' | ')
    .toLowerCase()
    .replace(/[_,;]+/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Each text on its own: "without contrast" in one must not meet "IV contrast" in another; any that gives contrast wins. */
function contrastOf(texts: readonly string[]): Contrast {
  const said = texts.map((text) => contrastIn(readable([text])));
  return said.find((one) => one === 'with') ?? said.find((one) => one === 'without') ?? 'unknown';
}

function contrastIn(text: string): Contrast {
  if (contrastWords.both.test(text)) {
    return 'with';
  }
  if (contrastWords.without.test(text)) {
    return 'without';
  }
  const elsewhere = contrastWords.elsewhere.test(text) && !contrastWords.vessel.test(text);
  return contrastWords.with.test(text) && !elsewhere ? 'with' : 'unknown';
}
