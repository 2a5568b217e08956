import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { memory, type Outcome } from './measure.ts';

/** The program's default has been seen to take longer; it is then missing from the table. */
const LIMIT_MS = 10 * 60_000;

/**
 * One image through llama.cpp: its program for images says itself how long encoding took. After it one token is asked
 * for, which costs little beside.
 */
export async function runImages(options: {
  readonly program: string;
  readonly model: string;
  readonly visionTower: string;
  readonly threads: number;
  /** `off`, or what the program chooses. */
  readonly flashAttention: 'off' | 'auto';
  readonly side: number;
}): Promise<Outcome> {
  const { program, model, visionTower, threads, flashAttention, side } = options;
  const folder = mkdtempSync(join(tmpdir(), 'interval-bench-'));
  const picture = join(folder, 'picture.png');
  const pixels = Uint8Array.from({ length: side * side }, (_, i) => 128 + 100 * Math.sin(i / 97));
  writeFileSync(
    picture,
    await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
      .png()
      .toBuffer(),
  );
  try {
    const given = ['-m', model, '--mmproj', visionTower, '--image', picture, '-p', 'Describe.', '-n', '1'];
    const fixed = [
      '-t',
      String(threads),
      '-c',
      '1024',
      '--temp',
      '0',
      '--flash-attn',
      flashAttention,
      '--no-warmup',
      '--chat-template',
      'gemma',
    ];
    const child = spawn(program, [...given, ...fixed], { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
    let words = '';
    let peak = 0;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (words += chunk));
    const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 500);
    await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
    clearInterval(watch);
    const encoded = /(?:encoding done|encoded) in (\d+) ms/.exec(words);
    if (!encoded) throw new Error(`no image within ${LIMIT_MS / 60_000} minutes:\n${words.slice(-1000)}`);
    return {
      figures: { imageSeconds: Number(encoded[1]) / 1000, imagePeakMb: peak },
      settings: { program: 'llama-mtmd-cli', visionTower: 'Q8_0, down-projections F16', flashAttention, threads },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function peakOf(pid: number | undefined): number {
  try {
    return pid === undefined ? 0 : memory(pid).peak;
  } catch {
    // It has just ended.
    return 0;
  }
}
