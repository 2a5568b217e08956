import { fileURLToPath } from 'node:url';
import { parentPort } from 'node:worker_threads';
import { isAbstention } from '../analyses/analysis.ts';
import { filmMeasure } from '../analyses/chest-xray-comparison/films.ts';
import { asIntervalError, IntervalError } from '../errors.ts';
import { createDecoder } from '../imaging/decoder.ts';
import { keepingFrames } from '../imaging/kept-frames.ts';
import { readRadiograph } from '../imaging/radiograph.ts';
import { readForViewing } from '../imaging/viewing.ts';
import { openTensorModel } from '../inference/onnx/tensor.ts';
import type { ViewPair } from '../web/options.ts';
import type { ViewerReply, ViewerRequest } from './viewer.ts';

/** Three films of 4k: each is shown first, then laid under or over another. */
const FRAME_BYTES = 96 * 1024 * 1024;

const decoder = keepingFrames(createDecoder(), FRAME_BYTES);
const modelOf = (name: string) => fileURLToPath(new URL(`../../models/${name}/model.onnx`, import.meta.url));
let measure: ReturnType<typeof filmMeasure> | undefined;

parentPort?.on('message', async (request: ViewerRequest) => {
  const reply = await answer(request);
  const levels = 'made' in reply && 'levels' in reply.made ? reply.made.levels : [];
  parentPort?.postMessage(
    reply,
    levels.map(({ values }) => values.buffer as ArrayBuffer),
  );
});

async function answer(request: ViewerRequest): Promise<ViewerReply> {
  try {
    const made =
      request.kind === 'film'
        ? await readForViewing(request.bytes, decoder)
        : await pairOf(request.prior, request.current);
    return { id: request.id, made };
  } catch (thrown) {
    const { code, message } = asIntervalError(thrown);
    return { id: request.id, error: { code, message } };
  }
}

/** The films laid over each other as the reader does it, with what it measured between them. */
async function pairOf(priorFile: Uint8Array, currentFile: Uint8Array): Promise<ViewPair> {
  const prior = { radiograph: await readRadiograph(priorFile, decoder) };
  const current = { radiograph: await readRadiograph(currentFile, decoder) };
  measure ??= filmMeasure({ tensor: (name) => openTensorModel(name, modelOf(name)) });
  const measured = await (await measure).measure({ prior, current }, new AbortController().signal);
  if (isAbstention(measured)) {
    throw new IntervalError('not-found', measured.detail);
  }
  const { registration, difference } = measured.common;
  return { matrix: registration.matrix, score: registration.score, ...(difference ? { difference } : {}) };
}
