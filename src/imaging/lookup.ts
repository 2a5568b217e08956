import type { DataSet } from 'dicom-parser';
import { IntervalError } from '../errors.ts';

/** A lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.7.6.3.1.5): values below the first map to the first entry, above to the last. */
export interface Lookup {
  /** Stored value that the first entry belongs to. */
  readonly first: number;
  readonly entries: Float64Array;
  /** Bits of an entry: the output range is 0 .. 2^bits − 1. */
  readonly bits: number;
}

/**
 * @param signed whether the first stored value is read as signed (it has the VR of the pixels).
 * @returns undefined when the element is not there. @throws IntervalError `dicom-decode-failed` when it is damaged.
 */
export function readLookup(dataSet: DataSet, descriptor: string, data: string, signed: boolean): Lookup | undefined {
  const element = dataSet.elements[data];
  const length = dataSet.uint16(descriptor, 0);
  if (!element || length === undefined) {
    return undefined;
  }
  const count = length === 0 ? 65_536 : length;
  const first = (signed ? dataSet.int16(descriptor, 1) : dataSet.uint16(descriptor, 1)) ?? 0;
  const wide = element.length >= count * 2;
  if (element.length < count) {
    throw new IntervalError('dicom-decode-failed', 'A lookup table is shorter than it says.');
  }
  const at = element.dataOffset;
  const entries = Float64Array.from({ length: count }, (_, index) =>
    wide ? dataSet.uint16(data, index)! : dataSet.byteArray[at + index]!,
  );
  const declared = dataSet.uint16(descriptor, 2) ?? 16;
  const bits = declared >= 8 && declared <= 16 ? declared : wide ? 16 : 8;
  // Tables that say 16 bits and fill only 8 exist.
  const filled = entries.reduce((most, entry) => Math.max(most, entry), 0);
  return { first, entries, bits: filled >= 2 ** bits ? 16 : bits };
}

export function lookUp(table: Lookup, value: number): number {
  const index = Math.min(table.entries.length - 1, Math.max(0, Math.round(value) - table.first));
  return table.entries[index]!;
}
