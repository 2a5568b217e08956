import { parentPort } from 'node:worker_threads';
import { asIntervalError } from '../errors.ts';
import { createCodecs } from './codecs.ts';
import { decodeFrame } from './decode.ts';
import type { DecodeReply, DecodeRequest } from './decoder.ts';
import { readDicom } from './dicom.ts';

// The thread in which foreign bytes are parsed and decoded; see decoder.ts for what surrounds it.
const codecs = createCodecs();

parentPort?.on('message', async ({ bytes, frame, limits }: DecodeRequest) => {
  const reply = await decode(bytes, frame, limits);
  parentPort?.postMessage(reply, 'frame' in reply ? [reply.frame.values.buffer as ArrayBuffer] : []);
});

async function decode(bytes: Uint8Array, frame: number, limits: DecodeRequest['limits']): Promise<DecodeReply> {
  try {
    return { frame: await decodeFrame(readDicom(bytes), frame, codecs, limits) };
  } catch (thrown) {
    const { code, message } = asIntervalError(thrown);
    return { error: { code, message } };
  }
}
