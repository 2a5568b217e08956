/** How much wider and higher a page has to be drawn for its pixels to be square; one of the two is 1. */
export interface Stretch {
  readonly across: number;
  readonly down: number;
}

const square: Stretch = { across: 1, down: 1 };
const xResolution = 282;
const yResolution = 283;
/** Less is rounding, more is no resolution that a scanner or fax has: 204 × 98 dpi is 2.1, 200 × 67 is 3. */
const [least, most] = [1.15, 4.2];

function stretchOf(x: number | undefined, y: number | undefined): Stretch {
  if (!x || !y) {
    return square;
  }
  const ratio = x / y;
  const sound = (value: number) => value >= least && value <= most;
  return sound(ratio) ? { across: 1, down: ratio } : sound(1 / ratio) ? { across: 1 / ratio, down: 1 } : square;
}

/**
 * The shape of the pixels of each page of a TIFF file, from its directories; a fax in standard resolution has half as
 * many lines as columns to the inch. Empty for other files and BigTIFF; a page whose tags cannot be read is square.
 */
export function tiffStretches(bytes: Uint8Array, maxPages: number): readonly Stretch[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49 && bytes[1] === 0x49;
  if (bytes.length < 8 || (!little && !(bytes[0] === 0x4d && bytes[1] === 0x4d)) || view.getUint16(2, little) !== 42) {
    return [];
  }
  const rational = (at: number) =>
    at + 8 <= bytes.length ? view.getUint32(at, little) / view.getUint32(at + 4, little) : 0;
  const stretches: Stretch[] = [];
  const seen = new Set<number>();
  let at = view.getUint32(4, little);
  while (at > 0 && at + 2 <= bytes.length && !seen.has(at) && stretches.length < maxPages) {
    seen.add(at);
    const entries = view.getUint16(at, little);
    const end = at + 2 + entries * 12;
    if (end + 4 > bytes.length) {
      break;
    }
    const found = new Map<number, number>();
    for (let entry = at + 2; entry < end; entry += 12) {
      const tag = view.getUint16(entry, little);
      if (tag === xResolution || tag === yResolution) {
        found.set(tag, rational(view.getUint32(entry + 8, little)));
      }
    }
    stretches.push(stretchOf(found.get(xResolution), found.get(yResolution)));
    at = view.getUint32(end, little);
  }
  return stretches;
}

export function stretchOfPage(bytes: Uint8Array, page: number): Stretch {
  return tiffStretches(bytes, page + 1)[page] ?? square;
}
