import { specimenOf } from '../terminology/lab-dictionary.ts';
import { toUcum } from '../terminology/units.ts';

/** Spaces, kinds of dashes and forms of one character (NFKC: µ and μ, ³ and 3, full width) aside; nothing else. */
export function plain(text: string | undefined): string {
  return (text ?? '')
    .normalize('NFKC')
    .replace(/[\s\u00ad\u200b\ufeff]/g, '')
    .replace(/[\u2010-\u2015\u2212\ufe58\ufe63]/g, '-');
}

/** Whether both are the same print; both absent are the same. */
export function samePrint(one: string | undefined, other: string | undefined): boolean {
  return plain(one) === plain(other);
}

/** One pair of brackets around the whole says nothing: `(136 - 145)`, `[H]`. */
function unbracketed(text: string | undefined): string {
  return plain(text).replace(/^[([]([^()[\]]*)[)\]]$/, '$1');
}

/** Same print, brackets around the whole aside. */
export function sameBracketed(one: string | undefined, other: string | undefined): boolean {
  return unbracketed(one) === unbracketed(other);
}

export interface ReadUnit {
  readonly unit?: string;
  readonly ucum?: string;
}

/** Same print, case and brackets aside; on a scan also another print of the same UCUM code: recognition prints µ as u. */
export function sameUnit(read: ReadUnit, truth: string | undefined, route: 'text' | 'scan'): boolean {
  if (unbracketed(read.unit).toLowerCase() === unbracketed(truth).toLowerCase()) return true;
  if (route === 'text' || truth === undefined || read.unit === undefined) return false;
  const code = toUcum(truth)?.code;
  return code !== undefined && (code === read.ucum || code === toUcum(read.unit)?.code);
}

/** Same print, case aside, or words for the same specimen: `SERUM`, `Sample: serum`. */
export function sameSpecimen(read: string | undefined, truth: string | undefined): boolean {
  if (plain(read).toLowerCase() === plain(truth).toLowerCase()) return true;
  const known = specimenOf(truth);
  return known !== undefined && known === specimenOf(read);
}

/** To the minute, or the day where the truth holds no time; a time that was not printed is wrong. */
export function sameTime(read: string | undefined, truth: string | undefined): boolean {
  return read?.slice(0, 16) === truth?.slice(0, 16);
}
