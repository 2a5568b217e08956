import type { GuidanceResponse } from '@medplum/fhirtypes';
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config.ts';
import { answerOfGuidance } from '../fhir/card-record.ts';
import type { FhirClient } from '../fhir/client.ts';
import { identifierSystem } from '../fhir/codes.ts';
import { findFeedback } from '../fhir/feedback.ts';
import { ratesOf, tableOf } from './feedback-rates.ts';
import { openStore } from './store.ts';
import type { Output } from './terminal.ts';

interface FeedbackOptions {
  readonly config?: string;
  readonly data?: string;
  readonly store?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: true;
}

/** `interval feedback`: how often clinicians took what cards offered, and why not. */
export function addFeedbackCommand(program: Command, output: Output): void {
  program
    .command('feedback')
    .description('Print how many cards were accepted and overridden, by service and reader, with 95 % intervals.')
    .option('--config <file>', 'JSON file with settings')
    .option('--data <dir>', 'directory of the embedded FHIR server, where it is the store')
    .option('--store <url>', 'base URL of the store, e.g. http://127.0.0.1:3000/fhir/R4 of a running service')
    .option('--since <date>', 'feedback from this day on', day)
    .option('--until <date>', 'feedback before this day', day)
    .option('--json', 'print JSON')
    .action(async (options: FeedbackOptions) => {
      const { config: file, data } = options;
      const config = loadConfig({ environment: process.env, file, given: data === undefined ? {} : { data } });
      const { store, close } = await openStore(config, options.store);
      try {
        const [feedback, guidances] = await Promise.all([findFeedback(store, options), findGuidances(store, options)]);
        const answers = guidances.flatMap((one) => answerOfGuidance(one) ?? []);
        const rates = ratesOf(feedback, answers);
        output.out(options.json ? `${JSON.stringify({ rates }, null, 2)}\n` : tableOf(rates));
      } finally {
        close();
      }
    });
}

function findGuidances(
  store: FhirClient,
  { since, until }: { readonly since?: string; readonly until?: string },
): Promise<readonly GuidanceResponse[]> {
  const updated = [...(since ? [`ge${since}`] : []), ...(until ? [`lt${until}`] : [])];
  return store.search<GuidanceResponse>(
    'GuidanceResponse',
    {
      identifier: `${identifierSystem.card}|`,
      ...(updated.length === 0 ? {} : { _lastUpdated: updated }),
      _count: '200',
    },
    { maxResources: 100_000, maxPages: 1000 },
  );
}

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('A day is written as 2026-03-14.');
  }
  return text;
}
