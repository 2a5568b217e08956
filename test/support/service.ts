import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Started {
  readonly base: string;
  readonly child: ChildProcess;
  /** Lines of the log so far. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** Starts the real service on a free port, as a user would, and waits for its log to say `until`. */
export async function startService(until: string, environment: Record<string, string> = {}): Promise<Started> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'src/main.ts'], {
    env: { ...process.env, INTERVAL_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  let base = '';
  let rest = '';
  const reached = new Promise<void>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`The service ended by itself with ${code}:\n${lines.slice(-5).join('\n')}`)),
    );
    child.stderr?.on('data', (data: Buffer) => {
      const parts = (rest + data.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        base = /"address":"([^"]+)"/.exec(line)?.[1] ?? base;
        if (line.includes(`"msg":"${until}"`)) {
          resolve();
        }
      }
    });
  });
  await reached;
  child.removeAllListeners('exit');
  return {
    base,
    child,
    lines,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
