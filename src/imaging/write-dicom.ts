import { createRequire } from 'node:module';
import { transferSyntax } from './transfer-syntax.ts';

/** A value of one attribute: the dictionary's keyword decides its VR. Items of a sequence are objects again. */
export type AttributeValue = string | number | readonly (string | number | ArrayBuffer)[] | readonly Attributes[];
export interface Attributes {
  readonly [keyword: string]: AttributeValue | undefined;
}

/** Grey pixels as they shall be stored: row-major, frames one after the other. */
export interface StoredGrey {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | Int16Array;
}

export interface DicomToWrite {
  readonly header: {
    readonly sopInstanceUid: string;
    readonly studyInstanceUid: string;
    readonly seriesInstanceUid: string;
    /** Default Digital X-Ray Image Storage – For Presentation. */
    readonly sopClassUid?: string;
    readonly patientId?: string;
    /** FAMILY^GIVEN */
    readonly patientName?: string;
    /** YYYY-MM-DD */
    readonly patientBirthDate?: string;
    readonly patientSex?: 'M' | 'F' | 'O';
    /** Default DX. */
    readonly modality?: string;
    readonly bodyPartExamined?: string;
    readonly viewPosition?: string;
    readonly studyDescription?: string;
    readonly seriesDescription?: string;
    readonly imageType?: readonly string[];
    /** YYYY-MM-DDTHH:MM:SS or the date alone; becomes study, series, acquisition and content date and time. */
    readonly acquired?: string;
    /** Millimetres [between rows, between columns]. */
    readonly pixelSpacing?: readonly [number, number];
  };
  readonly image: StoredGrey;
  /** Default: all bits of the array's type. */
  readonly bitsStored?: number;
  /** Default MONOCHROME2. */
  readonly photometricInterpretation?: 'MONOCHROME1' | 'MONOCHROME2';
  readonly window?: { readonly center: number; readonly width: number };
  /** Any further attributes by keyword; they win over the ones above. */
  readonly attributes?: Attributes;
}

/** DICOM JSON, with ArrayBuffers where bytes are meant. */
interface Elements {
  readonly [tag: string]: { readonly vr: string; readonly Value: readonly unknown[] };
}

interface Dcmjs {
  readonly data: {
    readonly DicomDict: new (meta: Elements) => { dict: Elements; write(): ArrayBuffer };
    readonly DicomMetaDictionary: { readonly nameMap: NameMap };
  };
}

interface NameMap {
  /** Tag as (gggg,eeee). */
  readonly [keyword: string]: { readonly tag: string; readonly vr: string } | undefined;
}

/** Of this writer, in the file meta information; made from a UUID. */
const implementationClassUid = '2.25.201735128954619583273926116471838216574';

/** A Part 10 file in Explicit VR Little Endian with one grey image. Text is UTF-8 (ISO_IR 192). */
export function writeDicom({ header, image, attributes, ...options }: DicomToWrite): Uint8Array {
  const { DicomDict, DicomMetaDictionary } = (createRequire(import.meta.url)('dcmjs') as Dcmjs).data;
  const sopClassUid = header.sopClassUid ?? '1.2.840.10008.5.1.4.1.1.1.1';
  const [date, time] = (header.acquired ?? '').split('T').map((part) => part.replace(/[-:]/g, ''));
  const bitsAllocated = image.data.BYTES_PER_ELEMENT * 8;
  const bitsStored = options.bitsStored ?? bitsAllocated;
  const signed = image.data instanceof Int16Array;
  const pixels = evenBytes(image.data);
  const frames = image.data.length / (image.width * image.height);
  const dataset = {
    SpecificCharacterSet: 'ISO_IR 192',
    ImageType: header.imageType ?? ['ORIGINAL', 'PRIMARY'],
    SOPClassUID: sopClassUid,
    SOPInstanceUID: header.sopInstanceUid,
    StudyInstanceUID: header.studyInstanceUid,
    SeriesInstanceUID: header.seriesInstanceUid,
    ...moments(date, time),
    Modality: header.modality ?? 'DX',
    PatientID: header.patientId ?? '',
    PatientName: header.patientName ?? '',
    PatientBirthDate: header.patientBirthDate?.replaceAll('-', '') ?? '',
    PatientSex: header.patientSex ?? '',
    BodyPartExamined: header.bodyPartExamined,
    ViewPosition: header.viewPosition,
    StudyDescription: header.studyDescription,
    SeriesDescription: header.seriesDescription,
    PixelSpacing: header.pixelSpacing,
    StudyID: '',
    AccessionNumber: '',
    ReferringPhysicianName: '',
    SeriesNumber: 1,
    InstanceNumber: 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: options.photometricInterpretation ?? 'MONOCHROME2',
    Rows: image.height,
    Columns: image.width,
    NumberOfFrames: frames > 1 ? frames : undefined,
    BitsAllocated: bitsAllocated,
    BitsStored: bitsStored,
    HighBit: bitsStored - 1,
    PixelRepresentation: signed ? 1 : 0,
    WindowCenter: options.window?.center,
    WindowWidth: options.window?.width,
    ...attributes,
    PixelData: [pixels],
  };
  const dictionary = new DicomDict({
    '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1).buffer] },
    '00020002': { vr: 'UI', Value: [sopClassUid] },
    '00020003': { vr: 'UI', Value: [header.sopInstanceUid] },
    '00020010': { vr: 'UI', Value: [transferSyntax.explicit] },
    '00020012': { vr: 'UI', Value: [implementationClassUid] },
  });
  // Attributes whose VR the dictionary leaves open: that of the pixels, of their width, of tables.
  const settled = { xs: signed ? 'SS' : 'US', ox: bitsAllocated === 8 ? 'OB' : 'OW', lt: 'US' };
  dictionary.dict = toElements(dataset, DicomMetaDictionary.nameMap, settled);
  return new Uint8Array(dictionary.write());
}

function toElements(attributes: object, names: NameMap, settled: Readonly<Record<string, string>>): Elements {
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([keyword, value]) => {
      const known = names[keyword];
      if (!known) {
        throw new TypeError(`${keyword} is not the keyword of a DICOM attribute.`);
      }
      const vr = settled[known.vr] ?? known.vr;
      const values = (Array.isArray(value) ? value : [value]).map((one: unknown) =>
        vr === 'SQ' ? toElements(one as object, names, settled) : vr === 'DS' || vr === 'IS' ? String(one) : one,
      );
      return [known.tag.replace(/[(),]/g, ''), { vr, Value: values }];
    }),
  );
}

function moments(date: string | undefined, time: string | undefined): Attributes {
  const names = ['Study', 'Series', 'Acquisition', 'Content'];
  return Object.fromEntries([
    ...(date ? names.map((name) => [`${name}Date`, date]) : []),
    ...(date && time ? names.map((name) => [`${name}Time`, time]) : []),
  ]);
}

/** Values are padded to an even length (PS3.5 8.1). The machine is little endian, as every one that Node 24 runs on. */
function evenBytes(data: StoredGrey['data']): ArrayBuffer {
  const bytes = new Uint8Array(data.byteLength + (data.byteLength % 2));
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return bytes.buffer;
}
