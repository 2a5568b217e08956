import type { Extension } from '@medplum/fhirtypes';
import { extension } from './codes.ts';
import type { Region } from './result-draft.ts';

/**
 * A region as the extension source-region: field for field R5 ImagingSelection.instance.imageRegion2D. A box becomes a
 * closed polyline of five points, x before y, from the top left corner clockwise, in the space given by `pixels`.
 */
export function regionExtension(region: Region): Extension {
  const parts: Extension[] = [];
  if (region.source !== undefined) {
    parts.push({ url: 'source', valueReference: { reference: region.source } });
  }
  if (region.seriesUid !== undefined) {
    parts.push({ url: 'seriesUid', valueId: region.seriesUid });
  }
  if (region.sopInstanceUid !== undefined) {
    parts.push({ url: 'uid', valueId: region.sopInstanceUid });
  }
  if (region.page !== undefined) {
    parts.push({ url: 'subset', valueString: `page=${region.page}` });
  }
  if (region.box !== undefined) {
    const [x0, y0, x1, y1] = region.box;
    parts.push({ url: 'regionType', valueCode: 'polyline' });
    if (region.width !== undefined && region.height !== undefined) {
      parts.push({ url: 'pixels', valueString: `${Math.round(region.width)}x${Math.round(region.height)}` });
    }
    for (const coordinate of [x0, y0, x1, y0, x1, y1, x0, y1, x0, y0]) {
      parts.push({ url: 'coordinate', valueDecimal: Math.round(coordinate * 100) / 100 });
    }
  }
  return { url: extension.sourceRegion, extension: parts };
}

/** Regions back from extensions, for the review page; what is not a box keeps its source and page. */
export function regionsOf(extensions: readonly Extension[] | undefined): readonly Region[] {
  return (extensions ?? []).filter((one) => one.url === extension.sourceRegion).map(toRegion);
}

function toRegion(region: Extension): Region {
  const part = (url: string) => region.extension?.find((one) => one.url === url);
  const page = /^page=(\d+)$/.exec(part('subset')?.valueString ?? '')?.[1];
  const size = /^(\d+)x(\d+)$/.exec(part('pixels')?.valueString ?? '');
  const numbers = (region.extension ?? []).flatMap((one) => (one.url === 'coordinate' ? (one.valueDecimal ?? []) : []));
  const xs = numbers.filter((_, index) => index % 2 === 0);
  const ys = numbers.filter((_, index) => index % 2 === 1);
  const source = part('source')?.valueReference?.reference;
  const seriesUid = part('seriesUid')?.valueId;
  const sopInstanceUid = part('uid')?.valueId;
  return {
    ...(source === undefined ? {} : { source }),
    ...(seriesUid === undefined ? {} : { seriesUid }),
    ...(sopInstanceUid === undefined ? {} : { sopInstanceUid }),
    ...(page === undefined ? {} : { page: Number(page) }),
    ...(ys.length < 2 ? {} : { box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const }),
    ...(size === null ? {} : { width: Number(size[1]), height: Number(size[2]) }),
  };
}
