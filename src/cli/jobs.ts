import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { IntervalError } from '../errors.ts';
import { findFailed, findInProgress, findRequested } from '../fhir/tasks.ts';
import { deadJobs, replayDead } from '../jobs/dead.ts';
import type { Ledger } from '../jobs/request.ts';
import { createLog } from '../log.ts';
import type { DeadLetter, QueueStats } from '../queue/queue.ts';
import { openQueue } from '../queues.ts';
import { openStore } from './store.ts';
import type { Output } from './terminal.ts';

interface JobsOptions {
  readonly config?: string;
  readonly data?: string;
  readonly store?: string;
  readonly json?: true;
}

/** `interval jobs`: what waits, what was given up, and asking for that again. */
export function addJobsCommand(program: Command, output: Output): void {
  const jobs = program.command('jobs').description('See what waits and what was given up, and ask for it again.');
  const command = (text: string, about: string) =>
    jobs
      .command(text)
      .description(about)
      .option('--config <file>', 'JSON file with settings')
      .option('--data <dir>', 'directory of the embedded FHIR server, where it is the store')
      .option('--store <url>', 'base URL of the store, e.g. http://127.0.0.1:3000/fhir/R4 of a running service');

  command('stats', 'Print how many jobs wait, run and were given up, and how old the oldest is.')
    .option('--json', 'print JSON')
    .action((options: JobsOptions) =>
      within(options, async (ledger) => {
        const stats = await (ledger.queue?.stats() ?? storeStats(ledger));
        output.out(options.json ? `${JSON.stringify(stats, null, 2)}\n` : lines(stats));
      }),
    );

  command('dead', 'List the jobs that were given up, newest first.')
    .option('--json', 'print JSON')
    .action((options: JobsOptions) =>
      within(options, async (ledger) => {
        const dead = await deadJobs(ledger);
        output.out(options.json ? `${JSON.stringify({ dead }, null, 2)}\n` : table(dead));
      }),
    );

  command('replay [keys...]', 'Ask again for jobs that were given up: all of them, or those of these keys.').action(
    (keys: readonly string[], options: JobsOptions) =>
      within(options, async (ledger) => {
        const replayed = await replayDead(ledger, keys.length === 0 ? undefined : keys);
        output.out(`${replayed.length} ${replayed.length === 1 ? 'job is' : 'jobs are'} asked for again.\n`);
        const unknown = keys.filter((key) => !replayed.includes(key));
        if (unknown.length > 0) {
          throw new IntervalError('not-found', `Not among the jobs that were given up: ${unknown.join(', ')}.`);
        }
      }),
  );
}

async function within(options: JobsOptions, work: (ledger: Ledger) => Promise<void>): Promise<void> {
  const { config: file, data } = options;
  const config = loadConfig({ environment: process.env, file, given: data === undefined ? {} : { data } });
  const { store, form, close } = await openStore(config, options.store);
  const queue = config.queueUrl === '' ? undefined : await openQueue(config, createLog({ level: 'silent' }));
  try {
    await work({ store, form, clock: () => new Date(), ...(queue ? { queue } : {}) });
  } finally {
    await queue?.close(0);
    close();
  }
}

/** Of a queue inside a service only its Tasks can be seen from here. */
async function storeStats({ store, clock }: Ledger): Promise<QueueStats> {
  const [requested, running, failed] = await Promise.all([
    findRequested(store),
    findInProgress(store),
    findFailed(store),
  ]);
  const asked = [...requested, ...running].map(({ authoredOn }) => Date.parse(authoredOn ?? ''));
  const oldest = Math.min(...asked.filter((at) => !Number.isNaN(at)));
  return {
    waiting: requested.length,
    running: running.length,
    delayed: 0,
    dead: failed.length,
    oldestSeconds: Number.isFinite(oldest) ? Math.max(0, (clock().getTime() - oldest) / 1000) : 0,
  };
}

function lines({ oldestSeconds, ...counts }: QueueStats): string {
  const rows = [...Object.entries(counts), ['oldest', `${Math.round(oldestSeconds)} s`] as const];
  return `${rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n')}\n`;
}

function table(dead: readonly DeadLetter[]): string {
  if (dead.length === 0) {
    return 'No job was given up.\n';
  }
  const rows = [
    ['key', 'analysis', 'code', 'attempts', 'given up'],
    ...dead.map(({ job, code, attempts, at }) => [job.key, job.analysis, code, String(attempts), at]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return `${rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')}\n`;
}
