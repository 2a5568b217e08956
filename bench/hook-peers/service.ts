import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Running {
  readonly base: string;
  stop(): Promise<void>;
}

/** The service with its sample patients read. Its log goes to a file: through a pipe it would wait for whoever measures it. */
export async function startLoggingToFile(environment: Record<string, string> = {}): Promise<Running> {
  const file = join(mkdtempSync(join(tmpdir(), 'interval-bench-')), 'log');
  const log = openSync(file, 'w');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
    env: { ...process.env, INTERVAL_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', log],
  });
  closeSync(log);
  for (let tries = 0; tries < 600 && child.exitCode === null; tries += 1) {
    const lines = readFileSync(file, 'utf8');
    const base = /"address":"([^"]+)"/.exec(lines)?.[1];
    if (base !== undefined && lines.includes('"msg":"sample patients read"')) {
      return {
        base,
        async stop() {
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          await ended;
        },
      };
    }
    await sleep(200);
  }
  child.kill();
  throw new Error(`The service did not start:\n${readFileSync(file, 'utf8').split('\n').slice(-5).join('\n')}`);
}
