import { readFileSync } from 'node:fs';
import { checkRules, usesMedgemma } from './config-rules.ts';
import { IntervalError } from './errors.ts';
import { type Config, type ConfigKey, environmentName, type Setting, settings } from './settings.ts';

/**
 * Defaults < file < environment < given values. The file is JSON, named by INTERVAL_CONFIG or by `options.file`.
 * Throws `config-unknown-key` and `config-invalid`, each naming the key and never its value.
 */
export function loadConfig(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file?: string;
  readonly given?: Readonly<Partial<Record<ConfigKey, unknown>>>;
}): Config {
  const { environment } = options;
  const path = options.file ?? environment.INTERVAL_CONFIG;
  const sources = [path ? readFile(path) : {}, fromEnvironment(environment), options.given ?? {}];
  const config: Record<string, unknown> = Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, setting.default]),
  );
  const set = new Set<string>();
  for (const source of sources) {
    for (const [key, value] of Object.entries(source)) {
      if (value === undefined) {
        continue;
      }
      if (!Object.hasOwn(settings, key)) {
        throw new IntervalError(
          'config-unknown-key',
          `Unknown setting "${key}". Known settings: ${Object.keys(settings).join(', ')}.`,
        );
      }
      config[key] = parse(key as ConfigKey, value);
      set.add(key);
    }
  }
  if (!set.has('jobTimeoutSeconds') && usesMedgemma(config as Config)) {
    config.jobTimeoutSeconds = MEDGEMMA_JOB_SECONDS;
  }
  if (config.mode === 'auto') {
    config.mode = config.clients === '' ? 'development' : 'production';
  }
  return checkRules(config as Config);
}

/** Pages and images take tens of seconds each on a processor, and a job has several. */
const MEDGEMMA_JOB_SECONDS = 1800;

/** Names and values for the start-up log; a secret shows only whether it is set. */
export function describeConfig(
  config: Config,
): readonly { readonly key: ConfigKey; readonly value: string | number | boolean }[] {
  return (Object.keys(settings) as ConfigKey[]).map((key) => {
    const value = config[key];
    const secret = (settings[key] as Setting<unknown>).secret;
    return {
      key,
      value: secret ? (value ? '(set)' : '(not set)') : typeof value === 'object' ? value.join(' ') : value,
    };
  });
}

function readFile(path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new IntervalError('config-invalid', `The configuration file ${path} cannot be read as JSON.`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new IntervalError('config-invalid', `The configuration file ${path} must hold one JSON object.`);
  }
  return parsed as Record<string, unknown>;
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const names = new Map<string, string>(Object.keys(settings).map((key) => [environmentName(key), key]));
  const found: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    if (setting.alias && environment[setting.alias]) {
      found[key] = environment[setting.alias];
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('INTERVAL_') || name === 'INTERVAL_CONFIG' || value === undefined) {
      continue;
    }
    const key = names.get(name);
    if (!key) {
      throw new IntervalError(
        'config-unknown-key',
        `Unknown environment variable ${name}. Known: ${[...names.keys()].join(', ')}.`,
      );
    }
    found[key] = value;
  }
  return found;
}

function parse(key: ConfigKey, value: unknown): unknown {
  const { kind } = settings[key];
  const bad = (expected: string): never => {
    throw new IntervalError('config-invalid', `Setting "${key}" (${environmentName(key)}) must be ${expected}.`);
  };
  switch (kind.type) {
    case 'string':
      return typeof value === 'string' ? value : bad('a string');
    case 'boolean':
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : bad('true or false');
    case 'integer': {
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isInteger(number) && number >= kind.min && number <= kind.max
        ? number
        : bad(`an integer from ${kind.min} to ${kind.max}`);
    }
    case 'choice':
      return typeof value === 'string' && kind.choices.includes(value)
        ? value
        : bad(`one of ${kind.choices.join(', ')}`);
    case 'url':
      return value === ''
        ? ''
        : typeof value === 'string' && isHttpUrl(value)
          ? value.replace(/\/+$/, '')
          : bad('an http or https URL');
    case 'list': {
      const items = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
      return Array.isArray(items) && items.every((item) => typeof item === 'string' && isHttpUrl(item))
        ? items.map((item: string) => item.replace(/\/+$/, ''))
        : bad('a list of http or https URLs');
    }
  }
}

function isHttpUrl(value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  return (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') && !parsed.username && !parsed.password;
}
