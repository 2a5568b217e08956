import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ReaderId } from '../analyses/analysis.ts';
import { loadConfig } from '../config.ts';
import { IntervalError } from '../errors.ts';
import type { Models } from '../inference/model.ts';
import { createModels } from '../models.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

/** What every evaluation is asked. */
export interface EvaluationOptions {
  readonly dataset: string;
  readonly out?: string;
  readonly reader: ReaderId;
  readonly resamples: number;
  readonly json?: true;
}

export function addEvaluationOptions(command: Command): Command {
  return command
    .option('--out <dir>', 'write evaluation.json, evaluation.md and evaluation.svg into this folder')
    .addOption(new Option('--reader <reader>', 'who reads').choices(['embedded', 'medgemma']).default('embedded'))
    .option('--resamples <count>', 'bootstrap resamples for the 95 % intervals', resampleCount, 2000)
    .option('--json', 'print the whole result as JSON instead of Markdown');
}

function resampleCount(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 100 || number > 100_000) {
    throw new InvalidArgumentError('A whole number from 100 to 100000.');
  }
  return number;
}

/** How one evaluation works and how its report is told. */
export interface Evaluation<Report> {
  /** What is counted while it runs: `documents`. */
  readonly units: string;
  readonly readers: { readonly labReportReader: ReaderId; readonly chestXrayReader: ReaderId };
  run(models: Models, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<Report>;
  markdown(report: Report): string;
  plot(report: Report): string;
  warnings(report: Report): readonly string[];
}

/** Runs an evaluation, writes its report into the folder of --out and prints it. */
export async function evaluate<Report>(
  { out, json }: EvaluationOptions,
  { units, readers, run, markdown, plot, warnings }: Evaluation<Report>,
  output: Output,
): Promise<void> {
  // before anything is read: nobody shall wait for figures that cannot be kept
  await toFolder(out, 'made', (folder) => mkdir(folder, { recursive: true }));
  const models = await createModels(loadConfig({ environment: process.env, given: readers }));
  try {
    await untilInterrupted(async (signal) => {
      const bar = createBar();
      const show = (done: number, total: number) => bar.show(`${done} of ${total} ${units}`, done, total);
      const report = await run(models, signal, show).finally(() => bar.stop());
      const whole = `${JSON.stringify(report, null, 2)}\n`;
      await toFolder(out, 'written', async (folder) => {
        await writeFile(join(folder, 'evaluation.json'), whole);
        await writeFile(join(folder, 'evaluation.md'), markdown(report));
        await writeFile(join(folder, 'evaluation.svg'), plot(report));
      });
      output.out(json ? whole : markdown(report));
      for (const warning of warnings(report)) {
        output.err(`warning: ${warning}\n`);
      }
    });
  } finally {
    await models.close();
  }
}

async function toFolder(folder: string | undefined, what: string, act: (folder: string) => Promise<unknown>) {
  try {
    await (folder === undefined ? undefined : act(folder));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new IntervalError('config-invalid', `The folder of --out cannot be ${what} (${code}).`, { cause });
  }
}
