import { createRequire } from 'node:module';

/** The classes that the WASM codecs share; `getDecodedBuffer` is a view into WASM memory. */
interface WasmDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned?: boolean;
  };
  /** JPEG-LS: 0 is by plane. */
  getInterleaveMode?(): number | { readonly value: number };
  delete(): void;
}

type WasmModule = Record<string, new () => WasmDecoder>;
type WasmFactory = (options: { print(): void; printErr(): void }) => Promise<WasmModule>;

const packages = {
  jpeg: ['@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs', 'JPEGDecoder'],
  jpegLs: ['@cornerstonejs/codec-charls/wasmjs', 'JpegLSDecoder'],
  jpeg2000: ['@cornerstonejs/codec-openjpeg/wasmjs', 'J2KDecoder'],
  htj2k: ['@cornerstonejs/codec-openjph/wasmjs', 'HTJ2KDecoder'],
} as const;

export type CodecName = keyof typeof packages;

export interface DecodedStream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
  readonly signed: boolean;
  /** Samples of one byte up to 8 bits, else two bytes, little endian. */
  readonly bytes: Uint8Array;
  readonly planar: boolean;
}

export interface Codecs {
  decode(name: CodecName, encoded: Uint8Array): Promise<DecodedStream>;
  /** Lossless JPEG (processes 14); `size` = bytes per sample of the result, colour by pixel. */
  decodeLossless(encoded: Uint8Array, size: 1 | 2): Uint8Array;
}

interface LosslessModule {
  readonly Decoder: new () => {
    decode(bytes: ArrayBuffer, offset: number, length: number, bytesPerSample: number): Uint8Array | Uint16Array;
  };
}

/** Codecs are loaded at first use. One that has failed is thrown away: its memory may be damaged. */
export function createCodecs(): Codecs {
  const require = createRequire(import.meta.url);
  const loaded = new Map<CodecName, WasmModule>();
  const load = async (name: CodecName): Promise<WasmModule> => {
    const factory = require(packages[name][0]) as WasmFactory;
    // Without these two the codecs print to standard output.
    const module = loaded.get(name) ?? (await factory({ print() {}, printErr() {} }));
    loaded.set(name, module);
    return module;
  };
  return {
    async decode(name, encoded) {
      const module = await load(name);
      try {
        return decodeWith(new module[packages[name][1]]!(), encoded);
      } catch (thrown) {
        loaded.delete(name);
        throw thrown;
      }
    },
    decodeLossless(encoded, size) {
      const { Decoder } = require('jpeg-lossless-decoder-js') as LosslessModule;
      // The decoder reads the whole ArrayBuffer: it must hold this stream and nothing else.
      const { buffer } = new Uint8Array(encoded);
      return new Uint8Array(new Decoder().decode(buffer, 0, buffer.byteLength, size).buffer);
    },
  };
}

function decodeWith(decoder: WasmDecoder, encoded: Uint8Array): DecodedStream {
  decoder.getEncodedBuffer(encoded.length).set(encoded);
  decoder.decode();
  const info = decoder.getFrameInfo();
  const mode = decoder.getInterleaveMode?.();
  const decoded = {
    width: info.width,
    height: info.height,
    components: info.componentCount,
    precision: info.bitsPerSample,
    signed: info.isSigned ?? false,
    bytes: new Uint8Array(decoder.getDecodedBuffer()),
    planar: info.componentCount > 1 && (typeof mode === 'object' ? mode.value : mode) === 0,
  };
  decoder.delete();
  return decoded;
}
