import { createRequire } from 'node:module';
import { IntervalError } from '../errors.ts';
import type { JsonDataset } from './dicomweb-search.ts';
import { isUncompressed, transferSyntax } from './transfer-syntax.ts';

interface Dcmjs {
  readonly data: {
    readonly DicomDict: new (meta: object) => { dict: unknown; write(): ArrayBuffer };
  };
}

/** VRs whose values the pixel pipeline needs as numbers or text; sequences, bulk data and private data are left out. */
const kept = /^(AE|AS|CS|DA|DS|DT|FD|FL|IS|LO|PN|SH|SL|SS|TM|UI|UL|US)$/;

/**
 * A DICOM file from an instance's metadata and its frames as they came: for servers that give out neither series nor
 * instances whole. Deterministic, so its hash names the same input each time.
 *
 * @param frames in order, each in `syntax`. Text becomes UTF-8.
 */
export function framesToDicom(metadata: JsonDataset, frames: readonly Uint8Array[], syntax: string): Uint8Array {
  const { DicomDict } = (createRequire(import.meta.url)('dcmjs') as Dcmjs).data;
  const text = (tag: string) => String(metadata[tag]?.Value?.[0] ?? '');
  const bits = Number(text('00280100')) || 0;
  if (bits === 0 || frames.length === 0) {
    throw new IntervalError('dicomweb-bad-answer', 'The metadata of the instance does not describe its pixels.');
  }
  const plain = isUncompressed(syntax);
  const joined = plain ? [Buffer.concat(frames, evenLength(frames))] : frames;
  const entries = Object.entries(metadata)
    .filter(([tag, element]) => /^\d{3}[02468ACE]/i.test(tag) && tag > '0002FFFF' && kept.test(element?.vr ?? ''))
    .map(([tag, element]) => [tag, { vr: element!.vr, Value: (element!.Value ?? []).map(plainName) }] as const);
  const dictionary = new DicomDict({
    '00020001': { vr: 'OB', Value: [Uint8Array.of(0, 1).buffer] },
    '00020002': { vr: 'UI', Value: [text('00080016')] },
    '00020003': { vr: 'UI', Value: [text('00080018')] },
    // A big-endian or implicit set is little endian on the wire and explicit here.
    '00020010': { vr: 'UI', Value: [plain ? transferSyntax.explicit : syntax] },
  });
  dictionary.dict = {
    ...Object.fromEntries(entries),
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '7FE00010': { vr: plain && bits > 8 ? 'OW' : 'OB', Value: joined.map((frame) => new Uint8Array(frame).buffer) },
  };
  return new Uint8Array(dictionary.write());
}

function evenLength(frames: readonly Uint8Array[]): number {
  const length = frames.reduce((sum, frame) => sum + frame.length, 0);
  return length + (length % 2);
}

function plainName(value: unknown): unknown {
  const alphabetic = (value as { Alphabetic?: string } | null)?.Alphabetic;
  return alphabetic === undefined ? value : alphabetic;
}
