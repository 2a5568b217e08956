import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntervalError } from '../errors.ts';
import type { ChatModel, Models } from '../inference/model.ts';
import type { Reader } from './analysis.ts';

/** What a model is asked, word for word: a file that is never changed, only followed by one with the next number. */
export interface Prompt {
  /** Name of the file, such as `extract-1`. */
  readonly id: string;
  /** First 12 hex digits of the SHA-256 of the text. */
  readonly version: string;
  readonly text: string;
}

export async function readPrompt(file: URL): Promise<Prompt> {
  // A file ends with a line end; the prompt does not, and a checkout with other line ends is the same prompt.
  const text = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n').trimEnd();
  return { id: basename(fileURLToPath(file), '.txt'), version: digest(text), text };
}

/** The configured language model. Throws `reader-unavailable`. */
export function chatModel(models: Models): ChatModel {
  if (!models.chat) {
    throw new IntervalError(
      'reader-unavailable',
      'The medgemma reader needs the setting "model", a model that runs on this machine, or "modelUrl", a server that runs one.',
    );
  }
  return models.chat;
}

/**
 * How a reader that asks a language model names itself. Its version changes with its own code, with every prompt and with
 * each model, and so does the key of its jobs.
 */
export function medgemma(
  own: string,
  prompts: readonly Prompt[],
  models: Reader<unknown, unknown>['models'],
): Pick<Reader<never, never>, 'version' | 'models' | 'prompts'> & { readonly id: 'medgemma' } {
  const named = prompts.map(({ id, version }) => ({ id, version }));
  const all = [models.map(({ id, version }) => [id, version]), named.map(({ id, version }) => [id, version])];
  return { id: 'medgemma', version: `${own}-${digest(JSON.stringify(all))}`, models, prompts: named };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
