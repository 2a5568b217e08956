import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../test/support/ehr.ts';

/** A process that can be killed and started again, and that is started again by nobody else. */
export interface Restartable {
  start(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly pid: number | undefined;
}

export function restartable(
  command: string,
  args: readonly string[],
  options: {
    readonly env?: Record<string, string>;
    /** A line of its output that says that it is up. */
    readonly until: string;
    readonly onLine?: (line: string) => void;
  },
): Restartable {
  let child: ChildProcess | undefined;
  return {
    get pid() {
      return child?.pid;
    },
    async start() {
      const env = { ...process.env, ...options.env };
      const one = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      child = one;
      const up = Promise.withResolvers<void>();
      let rest = '';
      const read = (data: Buffer) => {
        const lines = (rest + data.toString()).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          options.onLine?.(line);
          if (line.includes(options.until)) {
            up.resolve();
          }
        }
      };
      one.stdout?.on('data', read);
      one.stderr?.on('data', read);
      one.once('exit', () => up.reject(new Error(`${command} ended before it was up.`)));
      await up.promise;
    },
    async kill(signal = 'SIGKILL') {
      if (child && child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.kill(signal);
        await ended;
      }
    },
  };
}

/** A Redis of its own port that keeps what it was told in `directory`, as a site would. */
export async function redisIn(directory: string): Promise<Restartable & { readonly url: string }> {
  const port = await freePort();
  const settings = ['--bind', '127.0.0.1', '--dir', directory, '--appendonly', 'yes', '--appendfsync', 'everysec'];
  const process = restartable('redis-server', ['--port', String(port), '--save', '', ...settings], {
    until: 'Ready to accept connections',
  });
  return Object.assign(process, { url: `redis://127.0.0.1:${port}` });
}

/** The embedded FHIR server in a process of its own over `file`. */
export async function fhirOver(file: string): Promise<Restartable & { readonly base: string }> {
  const port = await freePort();
  const program = fileURLToPath(new URL('./fhir-process.ts', import.meta.url));
  const server = restartable(process.execPath, ['--disable-warning=ExperimentalWarning', program, String(port), file], {
    until: 'listening',
  });
  return Object.assign(server, { base: `http://127.0.0.1:${port}/fhir/R4` });
}

/** `interval worker` as a site starts it. */
export function worker(env: Record<string, string>, onLine?: (line: string) => void): Restartable {
  const program = fileURLToPath(new URL('../../bin/interval.js', import.meta.url));
  return restartable(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'worker'], {
    env,
    until: '"worker started"',
    ...(onLine ? { onLine } : {}),
  });
}
