import { loadConfig } from './config.ts';
import { asIntervalError } from './errors.ts';
import { serve } from './serve.ts';

/** `npm start`: the service with its configuration from the environment. `interval serve` does the same with options. */
try {
  const service = await serve(loadConfig({ environment: process.env }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => service.stop(signal));
  }
} catch (thrown) {
  const error = asIntervalError(thrown);
  process.stderr.write(`${error.code}: ${error.message}\n`);
  if (error.code === 'internal') {
    process.stderr.write(`${(error.cause as Error)?.stack ?? error.cause}\n`);
  }
  process.exit(1);
}
