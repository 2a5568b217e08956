import { execFileSync } from 'node:child_process';

/** Processes that `parent` has started itself and whose command line holds `word`. */
export function childrenOf(parent: number, word: string): readonly number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'ppid=,pid=,stat=,args='], { encoding: 'utf8' });
  return listed.split('\n').flatMap((line) => {
    const [ppid, pid, state, ...args] = line.trim().split(/\s+/);
    return Number(ppid) === parent && !state?.startsWith('Z') && args.join(' ').includes(word) ? [Number(pid)] : [];
  });
}

export function isRunning(pid: number): boolean {
  try {
    // A process that has ended and that nobody has asked about still has its number.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

/** Asks until there is an answer. Throws after `limitMs`. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 90_000,
): Promise<T> {
  for (const begun = performance.now(); performance.now() - begun < limitMs; ) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what}: not within ${limitMs} ms.`);
}
