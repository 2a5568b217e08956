import type { IncomingMessage } from 'node:http';
import type { BotEvent } from '@medplum/core';
import { exportJWK } from 'jose';
import type { Readable } from '../../examples/medplum-bot/bot.ts';
import type { Signer } from '../support/ehr-keys.ts';

/** What Medplum gives a bot. */
export function event(input: unknown, secrets: Readonly<Record<string, string>>): BotEvent<Readable> {
  return {
    bot: { reference: 'Bot/interval' },
    contentType: 'application/fhir+json',
    input: input as Readable,
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, valueString]) => [name, { name, valueString }])),
  };
}

/** The secret INTERVAL_KEY. */
export async function keyOf(signer: Signer): Promise<string> {
  return JSON.stringify({ ...(await exportJWK(signer.privateKey)), kid: signer.kid, alg: signer.alg });
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
