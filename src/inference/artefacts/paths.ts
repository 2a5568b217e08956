import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where models lie unless the setting `modelsDirectory` says so. */
export function defaultModelsDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'interval', 'models');
}

/** `owner/name`, as the hub spells it. */
export function isModelId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(text) && !text.includes('..');
}

/**
 * Whether a file name from elsewhere (a hub's list, a manifest) stays inside the folder that it is joined to: relative,
 * forward slashes, no step up, nothing that Windows reads as a drive or a stream.
 */
export function isInnerPath(path: string): boolean {
  return (
    path !== '' &&
    [...path].every((character) => character >= ' ' && !'\\:'.includes(character)) &&
    path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
  );
}

/** What a conversion needs of a repository: weights, configuration, tokenizer, chat template, and what must go along. */
export function isWanted(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return /\.(safetensors|json|jinja)$|^tokenizer\.model$|^(licen[cs]e|notice)(\.(txt|md))?$/i.test(name);
}
