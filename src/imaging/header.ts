import type { DataSet } from 'dicom-parser';
import { decodeText } from './charset.ts';
import type { DicomHeader } from './image.ts';

/** The header of a parsed data set. Nothing is believed more than once: what is missing or malformed is left out. */
export function readHeader(dataSet: DataSet): DicomHeader {
  const text = (tag: string) => readText(dataSet, tag);
  const code = (tag: string) => clean(dataSet.string(tag));
  return {
    sopInstanceUid: code('x00080018') ?? '',
    sopClassUid: code('x00080016'),
    studyInstanceUid: code('x0020000d') ?? '',
    seriesInstanceUid: code('x0020000e') ?? '',
    transferSyntaxUid: code('x00020010') ?? '',
    patientId: text('x00100020'),
    // Alphabetic group only; ideographic and phonetic groups follow '='.
    patientName: clean(text('x00100010')?.split('=')[0]),
    patientBirthDate: readDate(dataSet.string('x00100030')),
    modality: code('x00080060'),
    bodyPartExamined: code('x00180015'),
    viewPosition: code('x00185101'),
    laterality: code('x00200062') ?? code('x00200060'),
    patientOrientation: readList(dataSet, 'x00200020'),
    presentationIntent: code('x00080068'),
    derivationDescription: text('x00082111'),
    seriesDescription: text('x0008103e'),
    studyDescription: text('x00081030'),
    protocolName: text('x00181030'),
    imageType: readList(dataSet, 'x00080008') ?? [],
    acquired: readAcquired(dataSet),
    rows: dataSet.uint16('x00280010') ?? 0,
    columns: dataSet.uint16('x00280011') ?? 0,
    numberOfFrames: Math.max(1, dataSet.intString('x00280008') || 1),
    photometricInterpretation: code('x00280004'),
    pixelSpacing: readSpacing(dataSet),
  };
}

function readList(dataSet: DataSet, tag: string): readonly string[] | undefined {
  const values = (dataSet.string(tag) ?? '').split('\\').map((part) => part.trim());
  return values.some(Boolean) ? values.filter(Boolean) : undefined;
}

function clean(value: string | undefined): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: padding and control characters are what is removed.
  const trimmed = value?.replace(/[\u0000-\u001f]+/g, ' ').trim();
  return trimmed ? trimmed : undefined;
}

function readText(dataSet: DataSet, tag: string): string | undefined {
  const element = dataSet.elements[tag];
  if (!element || element.length === 0) {
    return undefined;
  }
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  return clean(decodeText(bytes, (dataSet.string('x00080005') ?? '').split('\\')));
}

/** Placeholders that de-identification and converters leave behind (19010101 in the RSNA files). */
const placeholders = ['0001-01-01', '1900-01-01', '1901-01-01'];

/** DA (also the old dotted form) → YYYY-MM-DD; a date that does not exist or is a placeholder → undefined. */
function readDate(value: string | undefined): string | undefined {
  const match = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})/.exec(value?.trim() ?? '');
  if (!match) {
    return undefined;
  }
  const date = `${match[1]}-${match[2]}-${match[3]}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  const real = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
  return real && !placeholders.includes(date) ? date : undefined;
}

/** TM (HH, HHMM, HHMMSS.FFFFFF, also with colons) → HH:MM:SS. */
function readTime(value: string | undefined): string | undefined {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?/.exec(value?.trim() ?? '');
  if (!match) {
    return undefined;
  }
  const [hours, minutes, seconds] = [match[1]!, match[2] ?? '00', match[3] ?? '00'];
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60
    ? `${hours}:${minutes}:${seconds}`
    : undefined;
}

function readAcquired(dataSet: DataSet): string | undefined {
  const combined = dataSet.string('x0008002a')?.trim();
  const pairs = [
    [combined?.slice(0, 8), combined?.slice(8)],
    [dataSet.string('x00080022'), dataSet.string('x00080032')],
    [dataSet.string('x00080023'), dataSet.string('x00080033')],
    [dataSet.string('x00080021'), dataSet.string('x00080031')],
    [dataSet.string('x00080020'), dataSet.string('x00080030')],
  ].map(([date, time]) => ({ date: readDate(date), time: readTime(time) }));
  const date = pairs.find((pair) => pair.date)?.date;
  if (!date) {
    return undefined;
  }
  // Content before series before study: the closest time that belongs to the same day.
  const time = pairs.find((pair) => pair.date === date && pair.time)?.time;
  return time ? `${date}T${time}` : date;
}

/** Pixel Spacing (calibrated) before Imager Pixel Spacing (at the detector); zero and negative values are no spacing. */
function readSpacing(dataSet: DataSet): readonly [number, number] | undefined {
  for (const tag of ['x00280030', 'x00181164']) {
    const row = dataSet.floatString(tag, 0) ?? 0;
    const column = dataSet.floatString(tag, 1) ?? 0;
    if (row > 0 && column > 0 && Number.isFinite(row) && Number.isFinite(column)) {
      return [row, column];
    }
  }
  return undefined;
}
