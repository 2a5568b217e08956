import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const VERSION = '0.16.1';

export interface Peer {
  readonly name: string;
  readonly url: string;
  close(): void;
}

/** HealthChain, installed from PyPI into a folder of its own that stays for the next run; undefined where there is no Python. */
export async function openHealthChain(port: number, cards: readonly object[]): Promise<Peer | undefined> {
  const folder = join(tmpdir(), `interval-bench-healthchain-${VERSION}`);
  const python = join(folder, 'bin', 'python');
  try {
    if (!existsSync(join(folder, 'ready'))) {
      execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', `healthchain==${VERSION}`], { stdio: 'ignore' });
      execFileSync('touch', [join(folder, 'ready')]);
    }
  } catch (error) {
    console.error(`HealthChain could not be installed and is left out: ${(error as Error).message.split('\n')[0]}`);
    return undefined;
  }
  const script = new URL('serve-healthchain.py', import.meta.url).pathname;
  const child: ChildProcess = spawn(python, [script, String(port), JSON.stringify(cards)], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}`;
  for (let tries = 0; tries < 60; tries += 1) {
    if (
      await fetch(`${base}/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    ) {
      return {
        name: `HealthChain ${VERSION}`,
        url: `${base}/cds/cds-services/lab-report-results`,
        close: () => void child.kill(),
      };
    }
    await sleep(500);
  }
  child.kill();
  console.error('HealthChain did not start and is left out.');
  return undefined;
}
