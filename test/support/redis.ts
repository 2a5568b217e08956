import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './ehr.ts';

/** Where redis-server is not installed, tests that need it are skipped by `describeWith`. */
export const redisNeighbour = {
  name: 'Redis',
  install: 'Debian package redis-server',
  here: (() => {
    try {
      execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })(),
};

export interface RedisServer {
  readonly url: string;
  start(): Promise<void>;
  /** What it held is lost, unless it was told to keep it. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** A real redis-server on a free port of its own, started. */
export async function startRedis(
  options: { readonly password?: string; readonly settings?: readonly string[] } = {},
): Promise<RedisServer> {
  const port = await freePort();
  const { password, settings = ['--appendonly', 'no'] } = options;
  let server: ChildProcess | undefined;
  const started: RedisServer = {
    url: password === undefined ? `redis://127.0.0.1:${port}` : `redis://:${password}@127.0.0.1:${port}`,
    async start() {
      const secret = password === undefined ? [] : ['--requirepass', password];
      const all = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...settings, ...secret];
      server = spawn('redis-server', all, { stdio: 'ignore' });
      for (let tries = 0; tries < 200; tries += 1) {
        const socket = connect(port, '127.0.0.1');
        const up = await Promise.race([
          once(socket, 'connect').then(() => true),
          once(socket, 'error').then(() => false),
        ]).catch(() => false);
        socket.destroy();
        if (up) {
          return;
        }
        await sleep(50);
      }
      throw new Error('redis-server did not start.');
    },
    async stop(signal = 'SIGTERM') {
      if (server && server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill(signal);
        await ended;
      }
    },
  };
  await started.start();
  return started;
}
