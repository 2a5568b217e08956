import type { DataSet } from 'dicom-parser';
import { IntervalError } from '../errors.ts';
import { burntBorder } from './border.ts';
import type { DicomFile } from './dicom.ts';
import type { GreyImage } from './image.ts';
import { type Lookup, lookUp, readLookup } from './lookup.ts';
import type { StoredFrame } from './pixel-format.ts';
import { applyRange, applyWindow, percentiles, type Range, rangeOf, type Window, windowRange } from './window.ts';

export interface DisplayImage extends GreyImage {
  /** 1 where the pixel is padding (collimated, outside the field); its value is 0. Absent when there is none. */
  readonly padding?: Uint8Array;
  /** What made the grey scale. */
  readonly scale: 'voi-lut' | 'window' | 'percentiles' | 'full' | 'colour';
  /** Modality values that the header shows as 0 and 1, before inversion; absent where it bends them. */
  readonly shown?: Range;
  /** The smallest and the largest modality value, where these became 0 and 1. */
  readonly full?: Range;
  /** Whether low modality values are bright. */
  readonly inverted?: boolean;
}

export interface DisplayOptions {
  /** `full` takes the smallest and the largest value that are no padding instead of what the header says. */
  readonly range?: 'header' | 'full';
}

/**
 * Stored values of the first frame → display values in 0..1 (PS3.3 C.11, PS3.4 N.2): padding is masked, then Modality LUT or slope and
 * intercept, then VOI LUT, else the first usable window, else the 0.5 to 99.5 percentiles of what is no burnt-in border;
 * inverted once for MONOCHROME1 or Presentation LUT Shape INVERSE. Colour becomes luma (ITU-R BT.601).
 */
export function displayImage(
  { dataSet }: DicomFile,
  stored: StoredFrame,
  { range = 'header' }: DisplayOptions = {},
): DisplayImage {
  const { rows, columns, samples } = stored;
  const shape = { width: columns, height: rows };
  const photometric = stored.photometricInterpretation;
  if (photometric === 'PALETTE COLOR' && samples === 1) {
    return { ...shape, data: paletteLuma(dataSet, stored), scale: 'colour' };
  }
  if (samples > 1) {
    return { ...shape, data: luma(stored), scale: 'colour' };
  }
  const groups = [...functionalGroups(dataSet), dataSet];
  const data = plainValues(stored);
  const padding = paddingMask(dataSet, stored, data);
  applyModality(groups, stored.signed, data);
  const voi = chooseVoi(groups, data, { width: columns, height: rows, padding });
  const full = range === 'full' ? rangeOf(data, padding) : undefined;
  if (full) {
    applyRange(data, full.low, full.high);
  } else {
    applyVoi(voi, data);
  }
  const inverted = photometric === 'MONOCHROME1' || dataSet.string('x20500020')?.trim() === 'INVERSE';
  for (let index = 0; index < data.length; index++) {
    const value = inverted ? 1 - data[index]! : data[index]!;
    data[index] = padding?.[index] || Number.isNaN(value) ? 0 : value;
  }
  const shown = straightRange(voi);
  return {
    ...shape,
    data,
    scale: full ? 'full' : voi.kind,
    inverted,
    ...(padding ? { padding } : {}),
    ...(full ? { full } : {}),
    ...(shown ? { shown: { low: shown.low, high: shown.high } } : {}),
  };
}

/** Only bitsStored bits up to highBit are the value; overlays and rubbish may sit in the others. */
function plainValues(stored: StoredFrame): Float32Array {
  const { values, bitsStored, highBit, signed } = stored;
  const bits = values.BYTES_PER_ELEMENT * 8;
  const integers = !(values instanceof Float32Array || values instanceof Float64Array);
  if (!integers || bitsStored >= bits || bitsStored === 1) {
    return new Float32Array(values);
  }
  const up = 31 - highBit;
  const down = 32 - bitsStored;
  const plain = new Float32Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const shifted = values[index]! << up;
    plain[index] = signed ? shifted >> down : shifted >>> down;
  }
  return plain;
}

/** Pixel Padding Value and Range Limit, in stored values (PS3.3 C.7.5.1.1.2). */
function paddingMask(dataSet: DataSet, { signed }: StoredFrame, data: Float32Array): Uint8Array | undefined {
  const read = (tag: string) => (signed ? dataSet.int16(tag) : dataSet.uint16(tag));
  const value = read('x00280120');
  if (value === undefined) {
    return undefined;
  }
  const limit = read('x00280121') ?? value;
  const [low, high] = [Math.min(value, limit), Math.max(value, limit)];
  const mask = new Uint8Array(data.length);
  let count = 0;
  for (let index = 0; index < data.length; index++) {
    if (data[index]! >= low && data[index]! <= high) {
      mask[index] = 1;
      count++;
    }
  }
  // Nothing padded, or a header that would blank the whole image.
  return count === 0 || count === data.length ? undefined : mask;
}

/** Those of the first frame before the shared ones, each as the item that holds the macro's attributes. */
function functionalGroups(dataSet: DataSet): readonly DataSet[] {
  const perFrame = dataSet.elements.x52009230?.items?.[0]?.dataSet;
  const shared = dataSet.elements.x52009229?.items?.[0]?.dataSet;
  // Pixel Value Transformation, Frame VOI LUT.
  return [perFrame, shared].flatMap((group) =>
    ['x00289145', 'x00289132'].flatMap((tag) => group?.elements[tag]?.items?.[0]?.dataSet ?? []),
  );
}

function firstItem(groups: readonly DataSet[], tag: string): DataSet | undefined {
  return groups.map((group) => group.elements[tag]?.items?.[0]?.dataSet).find((item) => item !== undefined);
}

function applyModality(groups: readonly DataSet[], signed: boolean, data: Float32Array): void {
  const item = firstItem(groups, 'x00283000');
  const table = item && readLookup(item, 'x00283002', 'x00283006', signed);
  if (table) {
    applyTable(table, data, 1);
    return;
  }
  const slope = groups.map((group) => group.floatString('x00281053')).find(Number.isFinite) || 1;
  const intercept = groups.map((group) => group.floatString('x00281052')).find(Number.isFinite) ?? 0;
  if (slope !== 1 || intercept !== 0) {
    for (let index = 0; index < data.length; index++) {
      data[index] = data[index]! * slope + intercept;
    }
  }
}

function applyTable(table: Lookup, data: Float32Array, scale: number): void {
  for (let index = 0; index < data.length; index++) {
    data[index] = lookUp(table, data[index]!) * scale;
  }
}

interface Field {
  readonly width: number;
  readonly height: number;
  readonly padding: Uint8Array | undefined;
}

/** What the header makes of modality values. */
type Voi =
  | { readonly kind: 'voi-lut'; readonly table: Lookup }
  | { readonly kind: 'window'; readonly window: Window }
  | ({ readonly kind: 'percentiles' } & Range);

function chooseVoi(groups: readonly DataSet[], data: Float32Array, { width, height, padding }: Field): Voi {
  const quantiles = percentiles(data, [0.005, 0.5, 0.995], padding);
  const item = firstItem(groups, 'x00283010');
  // The first stored value of a VOI LUT is signed when the values that come in are.
  const table = item && readLookup(item, 'x00283002', 'x00283006', (quantiles?.[0] ?? 0) < 0);
  if (table) {
    return { kind: 'voi-lut', table };
  }
  const [low = 0, , high = 1] = quantiles ?? [];
  const window = groups.flatMap(readWindows).find(({ center, width }) => {
    // A window that shows none of the values is one of the headers that lie.
    return center - width / 2 < high && center + width / 2 > low;
  });
  if (window) {
    return { kind: 'window', window };
  }
  const border = padding ? undefined : burntBorder(data, width, height);
  const [lowest = low, highest = high] = border ? (percentiles(data, [0.005, 0.995], border) ?? []) : [];
  return { kind: 'percentiles', low: lowest, high: highest };
}

/** Modality values that the header shows as 0 and 1; undefined where it bends them. */
function straightRange(voi: Voi): Range | undefined {
  return voi.kind === 'voi-lut' ? undefined : voi.kind === 'window' ? windowRange(voi.window) : voi;
}

function applyVoi(voi: Voi, data: Float32Array): void {
  if (voi.kind === 'voi-lut') {
    applyTable(voi.table, data, 1 / (2 ** voi.table.bits - 1));
  } else if (voi.kind === 'window') {
    applyWindow(data, voi.window);
  } else {
    applyRange(data, voi.low, voi.high);
  }
}

/** Usable windows in the order of the header; width 0 and missing halves are not usable. */
function readWindows(dataSet: DataSet): readonly Window[] {
  const shape = dataSet.string('x00281056')?.trim();
  const form = shape === 'SIGMOID' || shape === 'LINEAR_EXACT' ? shape : 'LINEAR';
  const count = dataSet.numStringValues('x00281050') ?? 0;
  return Array.from({ length: count }, (_, index) => ({
    center: dataSet.floatString('x00281050', index) ?? Number.NaN,
    width: dataSet.floatString('x00281051', index) ?? Number.NaN,
    function: form as Window['function'],
  })).filter(({ center, width }) => Number.isFinite(center) && (form === 'LINEAR' ? width >= 1 : width > 0));
}

function luma({ values, samples, bitsStored, photometricInterpretation }: StoredFrame): Float32Array {
  const scale = 1 / (2 ** bitsStored - 1);
  // The first of Y Cb Cr is the luma already.
  const [red, green, blue] = photometricInterpretation.startsWith('YBR') ? [1, 0, 0] : [0.299, 0.587, 0.114];
  const { min } = Math;
  const grey = new Float32Array(values.length / samples);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += samples) {
    grey[pixel] = min(1, scale * (red! * values[at]! + green! * values[at + 1]! + blue! * values[at + 2]!));
  }
  return grey;
}

function paletteLuma(dataSet: DataSet, stored: StoredFrame): Float32Array {
  const tables = ['1', '2', '3'].map((digit) =>
    readLookup(dataSet, `x0028110${digit}`, `x0028120${digit}`, stored.signed),
  );
  const [red, green, blue] = tables;
  if (!red || !green || !blue) {
    throw new IntervalError('dicom-decode-failed', 'The palette is missing or segmented, which is not supported.');
  }
  return plainValues(stored).map(
    (value) =>
      (0.299 * lookUp(red, value)) / (2 ** red.bits - 1) +
      (0.587 * lookUp(green, value)) / (2 ** green.bits - 1) +
      (0.114 * lookUp(blue, value)) / (2 ** blue.bits - 1),
  );
}
