import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { asIntervalError, IntervalError } from '../errors.ts';
import { requestForPatient } from '../jobs/arrivals.ts';
import { createModels } from '../models.ts';
import { activateAll, createTools } from '../parts.ts';
import { type BackfillState, backfill } from '../subscriptions/backfill.ts';
import { watchedTypes } from '../subscriptions/watched.ts';
import { backfillFile } from './backfill-file.ts';
import { reach } from './running.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

interface BackfillCommand {
  readonly config?: string;
  readonly since: string;
  readonly until?: string;
  readonly analysis?: string;
  readonly rate: number;
  readonly resume?: string;
}

/** Between two writes of the file: what is done twice after a crash is asked for once all the same. */
const SAVE_EVERY_MS = 1000;

/** `interval backfill`: asks for what was there before the first Subscription. */
export function addBackfillCommand(program: Command, output: Output, fail: () => void): void {
  program
    .command('backfill')
    .description(
      'Ask for everything that can be read in reports, documents and studies which the source holds already.',
    )
    .option('--config <file>', 'JSON file with settings')
    .requiredOption(
      '--since <date>',
      'what was last updated on this day (2026-03-14) or at this instant, and later',
      instant,
    )
    .option('--until <date>', 'and before this one (default: now)', instant)
    .option('--analysis <id>', 'one analysis (default: all)')
    .option('--rate <number>', 'requests a minute at most: pages and charts of patients', rate, 120)
    .option('--resume <file>', 'where to keep how far it has come (default: in the data or cache directory)')
    .addHelpText('after', '\nThe same command goes on where it was broken off. Jobs wait behind everything else.')
    .action(async (options: BackfillCommand) => {
      if (!(await run(options, output))) {
        fail();
      }
    });
}

/** Returns whether it came to its end and nothing failed. */
async function run(options: BackfillCommand, output: Output): Promise<boolean> {
  const config = loadConfig({ environment: process.env, file: options.config });
  const { source, store, form } = await reach(config);
  const tools = createTools(config);
  // For the names of jobs alone: nothing is read here.
  const models = await createModels(config);
  const bar = createBar();
  try {
    const all = await activateAll(config, tools, models);
    const analyses = all.filter(({ analysis }) => options.analysis === undefined || analysis.id === options.analysis);
    if (analyses.length === 0) {
      throw new IntervalError(
        'config-invalid',
        `Option --analysis: one of ${all.map((one) => one.analysis.id).join(', ')}.`,
      );
    }
    const types = watchedTypes.filter((type) => analyses.some(({ analysis }) => analysis.subjects.includes(type)));
    const { since, until = new Date().toISOString() } = options;
    if (Date.parse(since) >= Date.parse(until)) {
      throw new IntervalError('config-invalid', 'Option --since must lie before --until, and before now.');
    }
    const name = { source: source.base, since, until: options.until ?? '', analysis: options.analysis ?? '' };
    const file = backfillFile(name, { ...(options.resume ? { path: options.resume } : {}), data: config.data });
    const saved = file.read();
    let state: BackfillState = saved ?? {
      until,
      type: types[0] as BackfillState['type'],
      updated: since,
      patients: [],
      resources: 0,
      jobs: 0,
      failed: {},
    };
    const ledger = { store, form, clock: () => new Date() };
    const world = { source, analyses, ledger };
    let interrupted = false;
    let savedAt = 0;
    try {
      await untilInterrupted(async (signal) => {
        output.err(`${saved ? 'Goes on' : 'Begins'}; how far it has come is kept in ${file.path}\n`);
        state = await backfill(
          state,
          { source, store, form },
          {
            types,
            since,
            ask: (patient) => requestForPatient(patient, world, { priority: 'backfill' }),
            pace: createPace(options.rate, signal),
            pause: (ms) => sleep(ms, undefined, { signal }),
            onProgress(now) {
              state = now;
              bar.show(stageOf(now), ...shareOf(now, types, since));
              if (performance.now() - savedAt > SAVE_EVERY_MS) {
                file.save(now);
                savedAt = performance.now();
              }
            },
            signal,
          },
        ).catch((error) => {
          interrupted = signal.aborted;
          throw error;
        });
      });
    } catch (error) {
      bar.stop();
      file.save(state);
      output.out(summaryOf(state));
      output.err('The same command goes on from here.\n');
      if (interrupted) {
        output.err('cancelled: Interrupted.\n');
        return false;
      }
      throw asIntervalError(error);
    }
    bar.stop();
    file.remove();
    output.out(summaryOf(state));
    return Object.keys(state.failed).length === 0;
  } finally {
    bar.stop();
    await tools.close();
    await models.close();
  }
}

/** One request after the other, evenly. */
function createPace(perMinute: number, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const wait = next - now;
    next = Math.max(now, next) + 60_000 / perMinute;
    if (wait > 0) {
      await sleep(wait, undefined, { signal });
    }
  };
}

const stageOf = ({ type, updated, patients, jobs }: BackfillState) =>
  `${type} ${updated.slice(0, 10)}, ${patients.length} patients, ${jobs} jobs`;

/** How much of the time is behind it, over all types. */
function shareOf(
  { type, updated, until }: BackfillState,
  types: readonly BackfillState['type'][],
  since: string,
): readonly [done: number, total: number] {
  const span = Date.parse(until) - Date.parse(since);
  return [types.indexOf(type) * span + Date.parse(updated) - Date.parse(since), types.length * span];
}

function summaryOf({ resources, patients, jobs, failed }: BackfillState): string {
  const failures = Object.entries(failed).map(([code, count]) => `${count} patients could not be looked at: ${code}\n`);
  return `${resources} resources of ${patients.length} patients looked at, ${jobs} jobs asked for.\n${failures.join('')}`;
}

function instant(text: string): string {
  const parsed = Date.parse(text);
  const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  // 30 February is taken for 2 March otherwise.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  if (
    !form ||
    Number.isNaN(parsed) ||
    Number.isNaN(day) ||
    new Date(day).toISOString().slice(0, 10) !== text.slice(0, 10)
  ) {
    throw new InvalidArgumentError('A day is written as 2026-03-14, an instant as 2026-03-14T08:00:00Z.');
  }
  return new Date(parsed).toISOString();
}

function rate(text: string): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1) {
    throw new InvalidArgumentError('A number of requests a minute, from 1.');
  }
  return Number(text);
}
