import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Command, CommanderError, Option } from 'commander';
import { activate, readerDraft } from './analyses/active.ts';
import { isAbstention, type ReaderId } from './analyses/analysis.ts';
import { createCatalog } from './analyses/catalog.ts';
import { addBackfillCommand } from './cli/backfill.ts';
import { addEvaluateCommands } from './cli/evaluate.ts';
import { addFeedbackCommand } from './cli/feedback.ts';
import { addJobsCommand } from './cli/jobs.ts';
import { addModelCommands } from './cli/model.ts';
import { addSubscribeCommand } from './cli/subscribe.ts';
import type { Output } from './cli/terminal.ts';
import { loadConfig } from './config.ts';
import { asIntervalError, IntervalError } from './errors.ts';
import { completeResult } from './fhir/complete.ts';
import { validateForWrite } from './fhir/validate.ts';
import { createModels, type OpenModels } from './models.ts';
import { completion, createTools } from './parts.ts';
import { createSamples } from './samples/create.ts';
import { seed } from './samples/seed.ts';
import type { Service } from './serve.ts';
import { connect, openServiceKeys } from './servers.ts';
import { settings } from './settings.ts';
import { SERVICE_VERSION } from './version.ts';

/** Exit codes of the command line. */
export const exit = { ok: 0, failed: 1, input: 2 } as const;

const standard: Output = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** The command line. Returns the exit code: 0 done, 1 failed, 2 for input or arguments that cannot be read. */
export async function main(argv: readonly string[], output: Output = standard): Promise<number> {
  const program = new Command('interval')
    .description('Clinical decision support from lab reports and chest radiographs, over CDS Hooks and FHIR.')
    .version(SERVICE_VERSION)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .addHelpText(
      'after',
      '\nExit codes: 0 done (a finding or an abstention), 1 failed, 2 input or arguments that cannot be read.',
    );
  let code: number = exit.ok;

  program
    .command('serve')
    .description('Start the service.')
    .option('--config <file>', 'JSON file with settings')
    .option('--data <dir>', settings.data.about)
    .option('--port <number>', settings.port.about)
    .option('--critical-values <file>', settings.criticalValues.about)
    .action(async ({ config: file, ...given }) => {
      const { serve } = await import('./serve.ts');
      await run(await serve(loadConfig({ environment: process.env, file, given })), output);
    });

  program
    .command('worker')
    .description('Read what is due in the store, beside a service that leaves it to workers (runJobs: elsewhere).')
    .option('--config <file>', 'JSON file with settings')
    .action(async ({ config: file }) => {
      const { work } = await import('./work.ts');
      await work(loadConfig({ environment: process.env, file }));
    });

  const read = program
    .command('read')
    .description('Read files without a server and print what was found as one JSON object.');
  const reading = (
    command: Command,
    analysis: string,
    files: (arguments_: readonly string[], options: Record<string, string>) => Record<string, string>,
  ) =>
    command
      .addOption(new Option('--reader <reader>', 'who reads').choices(['embedded', 'medgemma']).default('embedded'))
      .addOption(new Option('--json', 'print JSON (the only format)').default(true))
      .action(async (...given: unknown[]) => {
        const options = (given.at(-2) ?? {}) as Record<string, string>;
        const positional = given.slice(0, -2) as string[];
        await readFiles(analysis, options.reader as ReaderId, files(positional, options), output);
      });
  reading(
    read.command('lab-report <file>').description('Read a lab report: PDF, PNG, JPEG, TIFF or plain text.'),
    'lab-report',
    ([file = '']) => ({ file }),
  );
  reading(
    read
      .command('chest-xray-comparison')
      .description('Compare two chest radiographs.')
      .requiredOption('--prior <file>', 'the earlier DICOM file')
      .requiredOption('--current <file>', 'the later DICOM file'),
    'chest-xray-comparison',
    (_, { prior = '', current = '' }) => ({ prior, current }),
  );

  program
    .command('seed')
    .description('Load the synthetic sample patients into the configured source server; what is there already stays.')
    .option('--config <file>', 'JSON file with settings')
    .action(async ({ config: file }) => {
      await seedSource(file, output);
    });

  addEvaluateCommands(program, output);
  addFeedbackCommand(program, output);
  addJobsCommand(program, output);
  const failed = () => {
    code = exit.failed;
  };
  addSubscribeCommand(program, output, failed);
  addBackfillCommand(program, output, failed);
  addModelCommands(program, output, failed);

  program
    .command('config')
    .description('Print every setting with its default and what it means.')
    .action(() => {
      for (const [name, setting] of Object.entries(settings)) {
        output.out(`${name} = ${JSON.stringify(setting.default)}\n    ${setting.about}\n`);
      }
    });

  try {
    await program.parseAsync(argv as string[], { from: 'user' });
  } catch (thrown) {
    code = report(thrown, output);
  }
  return code;
}

/** Keeps the process until it is told to stop. */
async function run(service: Service, output: Output): Promise<void> {
  output.out(`Interval answers at ${service.address}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => service.stop(signal).then(resolve));
    }
  });
}

async function readFiles(
  id: string,
  readerId: ReaderId,
  paths: Readonly<Record<string, string>>,
  output: Output,
): Promise<void> {
  const tools = createTools();
  let models: OpenModels | undefined;
  const times: Record<string, number> = {};
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work;
    times[name] = Math.round(performance.now() - begun);
    return result;
  };
  try {
    // A command reads with one reader, whatever the settings say; the model is theirs.
    const given = { labReportReader: readerId, chestXrayReader: readerId };
    const config = loadConfig({ environment: process.env, given });
    const analysis = createCatalog(tools).find((one) => one.id === id);
    if (!analysis) {
      throw new IntervalError('reader-unavailable', `There is no analysis ${id}.`);
    }
    models = await createModels(config);
    const active = await timed('prepare', activate(analysis, readerId, models));
    const signal = new AbortController().signal;
    const files = Object.fromEntries(
      await Promise.all(Object.entries(paths).map(async ([name, path]) => [name, await bytesOf(path)] as const)),
    );
    const input = await timed('open', analysis.open(files, signal));
    const result = isAbstention(input) ? input : await timed('read', active.read(input, signal));
    const head = { analysis: id, reader: { id: active.reader.id, version: active.reader.version } };
    if (isAbstention(result)) {
      output.out(
        `${JSON.stringify({ ...head, outcome: 'abstention', reason: result.reason, detail: result.detail, observations: [], evidence: [], milliseconds: times }, null, 2)}\n`,
      );
      return;
    }
    const now = new Date().toISOString();
    const { prior, current, file } = Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, nameOf(bytes)]),
    );
    const draft = analysis.draft(result.finding, input, {
      subject: current ?? file,
      companions: prior === undefined ? [] : [{ role: 'prior', reference: prior }],
      now,
      timeZone: config.timeZone,
    });
    const { observations } = completeResult(
      { ...draft, jobKey: 'command-line', analysis: id, reader: readerDraft(active) },
      { ...completion(config), now },
    );
    for (const observation of observations) {
      validateForWrite(observation);
    }
    const evidence = analysis.evidence(result.finding, input);
    output.out(
      `${JSON.stringify({ ...head, outcome: 'finding', finding: result.finding, observations, evidence, milliseconds: times }, null, 2)}\n`,
    );
  } finally {
    await tools.close();
    await models?.close();
  }
}

/** A file is no resource: what was read from it refers to it by its content (RFC 6920). */
function nameOf(bytes: Uint8Array): string {
  return `ni:///sha-256;${createHash('sha256').update(bytes).digest('base64url')}`;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new IntervalError(
      'attachment-missing',
      `The file cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    );
  }
}

async function seedSource(file: string | undefined, output: Output): Promise<void> {
  const config = loadConfig({ environment: process.env, file });
  if (config.sourceUrl === '') {
    throw new IntervalError(
      'config-invalid',
      'Setting "sourceUrl" is empty: the embedded server loads sample patients by itself when it starts.',
    );
  }
  const { source } = connect(config, config.storeUrl === '' ? { base: 'http://127.0.0.1/fhir/R4' } : undefined, {
    keys: await openServiceKeys(config),
  });
  const samples = await createSamples({ now: new Date(), timeZone: config.timeZone });
  const { created, existing } = await seed(source, samples);
  output.out(`${samples.samples.length} synthetic patients: ${created} resources created, ${existing} were there.\n`);
}

/** One line on standard error, code first; what commander has said already is not said again. */
function report(thrown: unknown, output: Output): number {
  if (thrown instanceof CommanderError) {
    return thrown.exitCode === 0 ? exit.ok : exit.input;
  }
  const error = asIntervalError(thrown);
  output.err(`${error.code}: ${error.message}\n`);
  return error.kind === 'input' || error.kind === 'config' ? exit.input : exit.failed;
}
