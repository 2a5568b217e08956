import { readdir, readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { ChatModel, ChatPart } from '../model.ts';

export interface BenchResult {
  readonly model: { readonly id: string; readonly version: string };
  /** From opening to the first token of a short prompt. */
  readonly loadSeconds: number;
  /** Peak resident memory of the processes that the engine started; null where it cannot be read. */
  readonly residentMiB: number | null;
  readonly promptTokens: number;
  readonly prefillTokensPerSecond: number;
  readonly decodedTokens: number;
  /** At the context of that prompt; null when the model stopped after its first token. */
  readonly decodeTokensPerSecond: number | null;
  readonly secondsPerImage: number;
}

/**
 * Measures through the contract alone, so that every backend is measured alike: a prompt with one token of reply is
 * prefill; what more tokens take is decoding; what an image adds is vision. Every prompt begins differently and every
 * image is another, so that no cache helps.
 */
export async function bench(
  open: () => Promise<ChatModel>,
  options: {
    /** Tokens to decode. */
    readonly tokens: number;
    /** Lines of the long prompt, about twelve tokens each. */
    readonly lines?: number;
    readonly clock?: () => number;
    readonly residentMiB?: () => Promise<number | null>;
    readonly signal?: AbortSignal;
  },
): Promise<BenchResult> {
  const { tokens, lines = 40, clock = () => performance.now(), residentMiB = childMemoryMiB, signal } = options;
  let prompts = 0;
  const timed = async (model: ChatModel, content: readonly ChatPart[], maxTokens: number) => {
    const begun = clock();
    const reply = await model.generate(
      { content: [{ type: 'text', text: `Run ${++prompts}.` }, ...content], maxTokens, tenant: 'bench' },
      signal,
    );
    return { seconds: (clock() - begun) / 1000, ...reply.tokens };
  };
  const short: readonly ChatPart[] = [{ type: 'text', text: ' Describe what you see.' }];
  const long: readonly ChatPart[] = [{ type: 'text', text: ` ${longText(lines)}` }];

  const begun = clock();
  const model = await open();
  try {
    await timed(model, short, 1);
    const loadSeconds = (clock() - begun) / 1000;
    const prefill = await timed(model, long, 1);
    const decode = await timed(model, long, tokens);
    const plain = await timed(model, short, 1);
    const image: ChatPart = { type: 'image', bytes: await testImage(prompts), contentType: 'image/png' };
    const seen = await timed(model, [image, ...short], 1);
    const more = decode.completion - 1;
    return {
      model: { id: model.id, version: model.version },
      loadSeconds,
      residentMiB: await residentMiB(),
      promptTokens: prefill.prompt,
      prefillTokensPerSecond: prefill.prompt / prefill.seconds,
      decodedTokens: decode.completion,
      decodeTokensPerSecond: more > 0 ? more / Math.max(decode.seconds - prefill.seconds, 1e-6) : null,
      secondsPerImage: Math.max(seen.seconds - plain.seconds, 0),
    };
  } finally {
    await model.close();
  }
}

export function benchTable(result: BenchResult): string {
  const number = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));
  const rows = [
    ['load, s', number(result.loadSeconds, 1)],
    ['resident memory, peak, MiB', number(result.residentMiB, 0)],
    ['image, s', number(result.secondsPerImage, 1)],
    [`prefill of ${result.promptTokens} tokens, tokens/s`, number(result.prefillTokensPerSecond, 1)],
    [
      `decode of ${result.decodedTokens} tokens after ${result.promptTokens}, tokens/s`,
      number(result.decodeTokensPerSecond, 1),
    ],
  ];
  return `| ${result.model.id} | |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}`;
}

/** Something to count on, so that a real model does not stop after a word. */
function longText(lines: number): string {
  const items = Array.from({ length: lines }, (_, i) => `Item ${i + 1} of the list stands on shelf ${(i * 7) % 23}.`);
  return `${items.join('\n')}\nRepeat the whole list, one item a line, and go on with items that could follow.`;
}

/** 896 × 896, grey, a ramp under noise: as dear to decode and to look at as any film. */
function testImage(seed: number): Promise<Uint8Array> {
  const side = 896;
  let state = seed + 1;
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((i % side) >> 2) ^ (state >>> 27);
  });
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
}

/** Sum of VmHWM over the processes below this one (proc(5)); null where there are none or the system has no /proc. */
async function childMemoryMiB(): Promise<number | null> {
  const below = async (pid: number): Promise<readonly number[]> => {
    const tasks = await readdir(`/proc/${pid}/task`);
    const texts = await Promise.all(
      tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
    );
    const children = texts.join(' ').split(/\s+/).filter(Boolean).map(Number);
    return [...children, ...(await Promise.all(children.map(below))).flat()];
  };
  try {
    const peaks = await Promise.all(
      (await below(process.pid)).map(async (pid) => {
        const status = await readFile(`/proc/${pid}/status`, 'utf8');
        return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
      }),
    );
    return peaks.length === 0 ? null : peaks.reduce((sum, peak) => sum + peak, 0) / 1024;
  } catch {
    return null;
  }
}
