import { setPriority } from 'node:os';
import { asIntervalError, IntervalError } from '../../errors.ts';
import { type Engine, loadEngine } from './engine.ts';
import type { FromEngine, ToEngine } from './engine-messages.ts';
import { readModelFolder } from './folder.ts';

/** The process that holds a model. engine-client.ts starts it and speaks with it over IPC alone. */

/** Hooks are answered by another process on the same cores: this one yields to it, as far as can be. */
const NICENESS = 19;

let engine: Promise<Engine> | undefined;
const running = new Map<number, AbortController>();

function say(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

function failure(thrown: unknown): Extract<FromEngine, { readonly type: 'failed' }>['error'] {
  const { code, message, cause } = asIntervalError(thrown);
  // The cause of what nobody expected may quote the prompt: only its kind leaves this process.
  return { code, message, ...(cause instanceof Error ? { kind: cause.constructor.name } : {}) };
}

process.on('message', async (message: ToEngine) => {
  switch (message.type) {
    case 'open': {
      const { folder, memoryLimitBytes, ...options } = message.options;
      const rest = () => memoryLimitBytes - process.memoryUsage.rss();
      const free = () => process.availableMemory();
      const availableMemory = memoryLimitBytes > 0 ? () => Math.min(rest(), free()) : free;
      engine = Promise.resolve().then(() => loadEngine(readModelFolder(folder), { ...options, availableMemory }));
      return engine.then(
        ({ seesImagesWhole }) => say({ type: 'ready', seesImagesWhole }),
        (thrown) => say({ type: 'unready', error: failure(thrown) }),
      );
    }
    case 'generate': {
      const abort = new AbortController();
      running.set(message.id, abort);
      try {
        if (!engine) throw new IntervalError('internal', 'The engine was asked before it was opened.');
        say({ type: 'reply', id: message.id, reply: await (await engine).generate(message.request, abort.signal) });
      } catch (thrown) {
        say({ type: 'failed', id: message.id, error: failure(thrown) });
      }
      running.delete(message.id);
      return;
    }
    case 'cancel':
      return running.get(message.id)?.abort();
  }
});

// Whoever started it is gone, and so is the reason to go on.
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);
setPriority(NICENESS);
