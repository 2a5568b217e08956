import { IntervalError } from '../errors.ts';
import { bulkDataPath, framesOfBulk } from './bulk-data.ts';
import { createGet, type DicomWebOptions, NotOffered } from './dicomweb-request.ts';
import {
  getJson,
  type SeriesRecord,
  type StudyFilter,
  type StudyRecord,
  searchInstances,
  searchSeries,
  searchStudies,
} from './dicomweb-search.ts';
import { framesToDicom } from './frames-to-dicom.ts';
import { parseMediaType, parseMultipart } from './multipart.ts';
import { type Asked, checkRetrieved } from './retrieved.ts';
import { transferSyntax } from './transfer-syntax.ts';

export interface RetrieveOptions {
  readonly signal?: AbortSignal;
}

/** DICOMweb as Interval uses it: whole series as stored, decoded here. */
export interface DicomWeb {
  /**
   * DICOM files of one series, as stored (WADO-RS, transfer-syntax=*), each checked to belong to it. Where the server
   * does not give out series, instance by instance; where not instances either, from metadata and frames; where not
   * frames either, from the bulk data that the metadata names.
   *
   * @throws IntervalError `dicomweb-*`, `cancelled`.
   */
  retrieveSeries(
    studyUid: string,
    seriesUid: string,
    options: RetrieveOptions & { readonly maxInstances?: number },
  ): Promise<readonly Uint8Array[]>;
  retrieveInstance(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    options: RetrieveOptions,
  ): Promise<Uint8Array>;
  /**
   * The server's own picture of an instance, fitted into a square of `side` pixels: for the eye, where the pixels cannot be
   * decoded here. Nothing is measured on it.
   */
  retrieveRendered(
    studyUid: string,
    seriesUid: string,
    instanceUid: string,
    options: RetrieveOptions & { readonly side: number },
  ): Promise<RenderedImage>;
  /** QIDO-RS, oldest first; studies without a date first. */
  searchStudies(filter: StudyFilter, options?: RetrieveOptions): Promise<readonly StudyRecord[]>;
  /** Series of a study by their number, for sites whose ImagingStudy lists none. */
  searchSeries(studyUid: string, options?: RetrieveOptions): Promise<readonly SeriesRecord[]>;
}

export interface RenderedImage {
  readonly bytes: Uint8Array;
  readonly contentType: 'image/png' | 'image/jpeg';
}

// One media range only: a second one is answered with 400 by at least one server.
const dicomAccept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const octetsAccept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

/** @throws IntervalError `dicomweb-untrusted` when the base is not a plain http(s) URL. */
export function createDicomWeb(options: DicomWebOptions): DicomWeb {
  const get = createGet(options);
  const base = options.base.replace(/\/+$/, '');
  const maxParts = options.maxParts ?? 2000;

  const parts = async (path: string, accept: string, most: number, signal?: AbortSignal) => {
    const { contentType, body } = await get(path, accept, signal);
    const media = parseMediaType(contentType);
    // Allowed for a single instance or block, and sent by some servers.
    if (media.type === 'application/dicom' || (accept === octetsAccept && media.type === 'application/octet-stream')) {
      return [{ headers: { 'content-type': contentType }, body }];
    }
    if (media.type !== 'multipart/related') {
      throw new IntervalError('dicomweb-bad-answer', 'The imaging server did not answer with a multipart body.');
    }
    return parseMultipart(body, media.parameters.boundary ?? '', most);
  };

  const files = async (path: string, asked: Asked, most: number, signal?: AbortSignal) => {
    const found = (await parts(path, dicomAccept, most, signal)).map(({ body }) => body);
    for (const file of found) {
      checkRetrieved(file, asked);
    }
    return found;
  };

  const fromFrames = async (path: string, asked: Asked, signal?: AbortSignal) => {
    const [metadata] = await getJson(get, `${path}/metadata`, signal);
    const count = Number(metadata?.['00280008']?.Value?.[0] ?? 1) || 1;
    if (!metadata || count > maxParts) {
      throw new IntervalError(
        metadata ? 'dicomweb-too-large' : 'dicomweb-not-found',
        'The frames cannot be retrieved.',
      );
    }
    const numbers = Array.from({ length: count }, (_, index) => index + 1).join(',');
    const { frames, contentType } = await frameParts(`${path}/frames/${numbers}`, count, signal).catch((thrown) => {
      if (!isNotOffered(thrown) || metadata['7FE00010']?.BulkDataURI === undefined) {
        throw thrown;
      }
      return bulkParts(bulkDataPath(metadata, base, path), count, signal);
    });
    const file = framesToDicom(metadata, frames, frameSyntax(contentType));
    checkRetrieved(file, asked);
    return file;
  };

  const frameParts = async (path: string, count: number, signal?: AbortSignal) => {
    const found = await parts(path, octetsAccept, count, signal);
    if (found.length !== count) {
      throw new IntervalError('dicomweb-bad-answer', `The imaging server sent ${found.length} of ${count} frames.`);
    }
    return { frames: found.map(({ body }) => body), contentType: found[0]!.headers['content-type'] ?? '' };
  };

  /** In one block, or, where the server parts it, one part a frame. */
  const bulkParts = async (path: string, count: number, signal?: AbortSignal) => {
    const found = await parts(path, octetsAccept, count, signal);
    const contentType = found[0]?.headers['content-type'] ?? '';
    if (found.length !== 1 && found.length !== count) {
      throw new IntervalError('dicomweb-bad-answer', `The imaging server sent ${found.length} of ${count} frames.`);
    }
    const bodies = found.map(({ body }) => body);
    const frames = found.length === count ? bodies : framesOfBulk(bodies[0]!, count, frameSyntax(contentType));
    return { frames, contentType };
  };

  const instance = async (asked: Required<Asked>, signal?: AbortSignal): Promise<Uint8Array> => {
    const path = `${seriesPath(asked)}/instances/${asked.instanceUid}`;
    try {
      const [file] = await files(path, asked, 1, signal);
      if (!file) {
        throw new IntervalError('dicomweb-not-found', 'The imaging server sent no instance.');
      }
      return file;
    } catch (thrown) {
      if (isNotOffered(thrown)) {
        return orUnavailable(() => fromFrames(path, asked, signal));
      }
      throw thrown;
    }
  };

  return {
    async retrieveSeries(studyUid, seriesUid, { signal, maxInstances = maxParts }) {
      const asked = { studyUid: checkedUid(studyUid), seriesUid: checkedUid(seriesUid) };
      try {
        return some(await files(seriesPath(asked), asked, Math.min(maxInstances, maxParts), signal));
      } catch (thrown) {
        if (!isNotOffered(thrown)) {
          throw thrown;
        }
      }
      const instances = some(await searchInstances(get, seriesPath(asked), signal));
      if (instances.length > Math.min(maxInstances, maxParts)) {
        throw new IntervalError('dicomweb-too-large', `The series has ${instances.length} instances.`);
      }
      const retrieved: Uint8Array[] = [];
      for (const { instanceUid } of instances) {
        retrieved.push(await instance({ ...asked, instanceUid: checkedUid(instanceUid) }, signal));
      }
      return retrieved;
    },
    retrieveInstance: async (studyUid, seriesUid, instanceUid, { signal }) =>
      instance(
        { studyUid: checkedUid(studyUid), seriesUid: checkedUid(seriesUid), instanceUid: checkedUid(instanceUid) },
        signal,
      ),
    async retrieveRendered(studyUid, seriesUid, instanceUid, { signal, side }) {
      const asked = { studyUid: checkedUid(studyUid), seriesUid: checkedUid(seriesUid) };
      const path = `${seriesPath(asked)}/instances/${checkedUid(instanceUid)}/rendered?viewport=${side},${side}`;
      const { contentType, body } = await orUnavailable(() => get(path, 'image/png', signal));
      const { type } = parseMediaType(contentType);
      const isPng = body[0] === 0x89 && body[1] === 0x50;
      const isJpeg = body[0] === 0xff && body[1] === 0xd8;
      if ((type === 'image/png' && isPng) || (type === 'image/jpeg' && isJpeg)) {
        return { bytes: body, contentType: type };
      }
      throw new IntervalError('dicomweb-bad-answer', 'The imaging server did not answer with a picture.');
    },
    async searchStudies(filter, { signal } = {}) {
      const when = ({ studyDate = '', studyTime = '' }: StudyRecord) => `${studyDate} ${studyTime}`;
      const found = await searchStudies(get, filter, signal);
      return found.sort((one, other) => when(one).localeCompare(when(other)));
    },
    searchSeries: async (studyUid, { signal } = {}) => searchSeries(get, checkedUid(studyUid), signal),
  };
}

function seriesPath({ studyUid, seriesUid }: Asked): string {
  return `/studies/${studyUid}/series/${seriesUid}`;
}

/** UIDs go into a path: nothing but digits and dots (PS3.5 9.1). */
function checkedUid(uid: string): string {
  if (!/^[0-9.]{1,64}$/.test(uid) || /^\.+$/.test(uid)) {
    throw new IntervalError('dicomweb-not-found', 'The study, series or instance has no valid UID.');
  }
  return uid;
}

function some<T>(found: readonly T[]): readonly T[] {
  if (found.length === 0) {
    throw new IntervalError('dicomweb-not-found', 'The imaging server has no instances of this series.');
  }
  return found;
}

/** The server does not do it this way, or does it wrongly: worth asking in another way. */
function isNotOffered(thrown: unknown): boolean {
  return thrown instanceof NotOffered || (thrown instanceof IntervalError && thrown.code === 'dicomweb-bad-answer');
}

async function orUnavailable<T>(last: () => Promise<T>): Promise<T> {
  try {
    return await last();
  } catch (thrown) {
    throw thrown instanceof NotOffered
      ? new IntervalError('dicomweb-unavailable', `The imaging server failed (${thrown.status}).`, { cause: thrown })
      : thrown;
  }
}

const syntaxOfType: Readonly<Record<string, string>> = {
  'image/jpeg': transferSyntax.jpegLosslessFirstOrder,
  'image/jls': transferSyntax.jpegLsLossless,
  'image/jp2': transferSyntax.jpeg2000Lossless,
  'image/jphc': transferSyntax.htj2k,
  'image/dicom-rle': transferSyntax.rle,
  'image/x-dicom-rle': transferSyntax.rle,
};

/** Transfer syntax of a frame: as its part says, else the media type's default (PS3.18 8.7.3.3.2). */
function frameSyntax(contentType: string): string {
  const media = parseMediaType(contentType);
  return media.parameters['transfer-syntax'] ?? syntaxOfType[media.type] ?? transferSyntax.explicit;
}
