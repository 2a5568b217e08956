import { existsSync, rmSync } from 'node:fs';
import { note, running } from './server.ts';

/** After the last test file: ends the server that one of them has started. */
export default async function stop(): Promise<void> {
  if (existsSync(note(process.pid))) {
    process.kill(running(process.pid).pid, 'SIGTERM');
    rmSync(note(process.pid));
  }
}
