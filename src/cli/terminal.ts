import { createInterface } from 'node:readline/promises';
import { SingleBar } from 'cli-progress';
import { IntervalError } from '../errors.ts';

/** Where a command prints: results on the one, what is said beside them on the other. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Ctrl-C ends the work at its next step: what was downloaded stays and is gone on with. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort(new IntervalError('cancelled', 'Interrupted.'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    await work(stop.signal);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

export async function ask(question: string, signal: AbortSignal): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } finally {
    terminal.close();
  }
}

/** A progress bar on standard error; on what is no terminal, nothing. */
export function createBar() {
  if (!process.stderr.isTTY) {
    return { show: () => undefined, stop: () => undefined };
  }
  const bar = new SingleBar({ format: '{bar} {percentage}% {stage}', stream: process.stderr, hideCursor: true });
  let begun = false;
  return {
    show(stage: string, done: number, total: number) {
      if (!begun) {
        bar.start(total, 0, { stage });
        begun = true;
      }
      bar.update(done, { stage });
    },
    stop() {
      if (begun) {
        bar.stop();
      }
    },
  };
}
