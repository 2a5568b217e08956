import { IntervalError } from './errors.ts';
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts';
import { type Config, type ConfigKey, environmentName } from './settings.ts';

/** Whether any reader needs a language model. */
export function usesMedgemma(config: Pick<Config, 'labReportReader' | 'chestXrayReader'>): boolean {
  return config.labReportReader === 'medgemma' || config.chestXrayReader === 'medgemma';
}

/** Rules between settings. */
export function checkRules(config: Config): Config {
  checkTrust(config);
  if (config.mode === 'development' && !isLoopbackAddress(config.host) && config.unauthenticated === 'loopback-only') {
    throw new IntervalError(
      'config-invalid',
      `Setting "host" (${environmentName('host')}) must be a loopback address while calls are answered without authentication; set "unauthenticated" (${environmentName('unauthenticated')}) to any-network only on a closed network.`,
    );
  }
  if (config.timeZone && !isTimeZone(config.timeZone)) {
    throw new IntervalError(
      'config-invalid',
      `Setting "timeZone" (${environmentName('timeZone')}) must be an IANA time zone.`,
    );
  }
  if (config.pacsAuthorization && config.pacsTokenUrl) {
    throw new IntervalError(
      'config-invalid',
      `Settings "pacsAuthorization" (${environmentName('pacsAuthorization')}) and "pacsTokenUrl" (${environmentName('pacsTokenUrl')}): set one of them.`,
    );
  }
  checkModel(config);
  checkSubscriptions(config);
  return config;
}

/** Production without knowing who may call, or under which name, would be development with a better reputation. */
function checkTrust({ mode, clients, publicUrl, replayUrl, queueUrl, unauthenticated }: Config): void {
  const refuse = (key: ConfigKey, why: string): never => {
    throw new IntervalError('config-invalid', `Setting "${key}" (${environmentName(key)}) ${why}.`);
  };
  for (const [key, value] of Object.entries({ replayUrl, queueUrl })) {
    if (value !== '' && !/^rediss?:\/\/[^\s]+$/.test(value)) {
      refuse(key as ConfigKey, 'must be a redis:// or rediss:// URL');
    }
  }
  if (mode === 'development') {
    if (clients !== '') {
      refuse('clients', 'is set, but in development mode nobody is asked who they are; leave one of them out');
    }
    return;
  }
  if (clients === '') {
    refuse('clients', 'must name the file of the EHRs that may call: in production mode every call needs its JWT');
  }
  if (unauthenticated === 'any-network') {
    refuse('unauthenticated', 'is any-network, which production mode does not have; leave it out');
  }
  const url = URL.parse(publicUrl);
  if (url === null || (url.protocol !== 'https:' && !isLoopbackHost(url.hostname))) {
    refuse('publicUrl', 'must be the https URL that EHRs call: a JWT is for exactly one URL');
  }
}

/** What anybody could guess proves nothing; some headers are the request's own. */
function checkSubscriptions({ subscriptionSecret, subscriptionHeader }: Config): void {
  const refuse = (key: ConfigKey, why: string): never => {
    throw new IntervalError('config-invalid', `Setting "${key}" (${environmentName(key)}) ${why}.`);
  };
  if (subscriptionSecret !== '' && !/^[\x21-\x7e]{32,256}$/.test(subscriptionSecret)) {
    refuse('subscriptionSecret', 'must be 32 to 256 printable ASCII characters without spaces');
  }
  if (subscriptionHeader === '') {
    return;
  }
  if (subscriptionSecret === '') {
    refuse(
      'subscriptionHeader',
      `needs "subscriptionSecret" (${environmentName('subscriptionSecret')}), which it carries`,
    );
  }
  if (
    subscriptionHeader.toLowerCase() !== 'authorization' &&
    !/^x-(?!signature$|medplum-)[a-z0-9-]{1,64}$/i.test(subscriptionHeader)
  ) {
    refuse('subscriptionHeader', 'must be Authorization or a header of your own that begins with X-');
  }
}

function checkModel(config: Config): void {
  const refuse = (message: string): never => {
    throw new IntervalError('config-invalid', message);
  };
  const named = (key: ConfigKey) => `"${key}" (${environmentName(key)})`;
  if (config.model && config.modelUrl) {
    refuse(`Settings ${named('model')} and ${named('modelUrl')}: one model at a time, set one of them.`);
  }
  if (usesMedgemma(config) && !config.model && !config.modelUrl) {
    const reader = config.labReportReader === 'medgemma' ? 'labReportReader' : 'chestXrayReader';
    refuse(
      `Setting ${named(reader)} is medgemma, which needs ${named('model')}, a model that runs here, or ${named('modelUrl')}, a server that runs one; docs/models.md tells how to get either.`,
    );
  }
  if (config.modelUrl && !config.modelName) {
    refuse(`Setting ${named('modelUrl')} needs ${named('modelName')}, the model’s name at that server.`);
  }
  if (config.modelKey && config.modelKeyFile) {
    refuse(`Settings ${named('modelKey')} and ${named('modelKeyFile')}: set one of them.`);
  }
  for (const key of ['modelKey', 'modelKeyFile', 'modelName', 'modelRevision'] as const) {
    if (config[key] && !config.modelUrl) {
      refuse(`Setting ${named(key)} is for the server at ${named('modelUrl')}, which is not set.`);
    }
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
