import { asIntervalError, IntervalError } from './errors.ts';

/** `npm start`: the service with its configuration from the environment. `interval serve` does the same with options. */

/** Newer than what merely runs this file: node:sqlite and Medplum need it. */
function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 24 || (major === 24 && minor < 2)) {
    throw new IntervalError(
      'node-too-old',
      `Interval needs Node 24.2 or newer; this is ${process.version}. "npm start" brings its own.`,
    );
  }
}

try {
  checkNode();
  const [{ loadConfig }, { serve }] = await Promise.all([import('./config.ts'), import('./serve.ts')]);
  const service = await serve(loadConfig({ environment: process.env }));
  process.stdout.write(`Interval answers at ${service.address}\n`);
  service.settled.then(
    ({ patients, milliseconds }) => {
      if (patients > 0) {
        process.stdout.write(
          `${patients} synthetic patients read after ${(milliseconds / 1000).toFixed(1)} s: open ${service.address} in a browser\n`,
        );
      }
    },
    () => undefined,
  );
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
