import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { IntervalError } from '../errors.ts';
import { isLoopbackHost } from '../loopback.ts';
import type { Config } from '../settings.ts';
import {
  type Dialect,
  dialectOf,
  type Registered,
  register,
  settled,
  unregister,
  type Wanted,
} from '../subscriptions/register.ts';
import { criteriaOf, watchedTypes } from '../subscriptions/watched.ts';
import { publicUrlFor, reach } from './running.ts';
import type { Output } from './terminal.ts';

interface SubscribeOptions {
  readonly config?: string;
  readonly publicUrl?: string;
  readonly remove?: true;
  readonly dryRun?: true;
}

/** `interval subscribe`: the source tells when there is something to read. */
export function addSubscribeCommand(program: Command, output: Output, fail: () => void): void {
  program
    .command('subscribe')
    .description(
      'Have the source tell this service of reports, documents and studies that arrive, by FHIR Subscriptions.',
    )
    .option('--config <file>', 'JSON file with settings')
    .option('--public-url <url>', 'base URL at which the source reaches this service (default: setting publicUrl)')
    .option('--remove', 'switch those Subscriptions off')
    .option('--dry-run', 'write nothing, print what would be')
    .action(async (options: SubscribeOptions) => {
      const config = loadConfig({ environment: process.env, file: options.config });
      const { source } = await reach(config);
      const wanted: Wanted = {
        publicUrl: publicUrlFor(config, source.base, options.publicUrl),
        secret: config.subscriptionSecret,
        header: config.subscriptionHeader,
      };
      const dialect = await dialectOf(source);
      if (!options.remove) {
        checkProof(config, wanted, dialect);
      }
      const how = { wanted, dialect, dryRun: options.dryRun ?? false };
      output.out(`${options.dryRun ? 'Dry run, nothing is written. ' : ''}Source: ${source.base}\n`);
      for (const type of watchedTypes) {
        const done = options.remove
          ? await unregister(source, type, how)
          : await register(source, type, how).then((one) =>
              how.dryRun ? one : settled(source, one, () => sleep(500)),
            );
        output.out(lineOf(done, wanted));
        if (!options.remove && done.status === 'error') {
          fail();
        }
      }
    });
}

/** A Subscription whose notifications would all be refused helps nobody. */
function checkProof(config: Config, { publicUrl, secret, header }: Wanted, { signs }: Dialect): void {
  if (secret === '') {
    if (config.mode === 'production' || !isLoopbackHost(new URL(publicUrl).hostname)) {
      throw new IntervalError(
        'config-invalid',
        'Setting "subscriptionSecret" (INTERVAL_SUBSCRIPTION_SECRET) is empty: without it nobody can prove to be the source. "openssl rand -hex 32" makes one.',
      );
    }
  } else if (!signs && header === '') {
    throw new IntervalError(
      'config-invalid',
      'The source is not known to sign what it sends: set "subscriptionHeader" (INTERVAL_SUBSCRIPTION_HEADER), such as Authorization, in which it sends the secret.',
    );
  }
}

function lineOf({ type, outcome, reference, status, error }: Registered, { publicUrl }: Wanted): string {
  const said = [outcome, reference, status, error].filter((one) => one !== undefined).join('  ');
  return `${type}: ${said}\n  ${criteriaOf(type)}\n  → ${publicUrl}/subscriptions/${type}\n`;
}
