import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeConfig, loadConfig } from '../src/config.ts';
import { environmentName, settings } from '../src/settings.ts';

const file = (content: string) => {
  const path = join(mkdtempSync(join(tmpdir(), 'interval-config-')), 'interval.json');
  writeFileSync(path, content);
  return path;
};

describe('configuration', () => {
  test('has a default and a sentence for every setting', () => {
    const config = loadConfig({ environment: {} });
    for (const [key, setting] of Object.entries(settings)) {
      expect(config).toHaveProperty(key);
      expect(setting.about).toMatch(/^[A-Z].*\.$/);
    }
  });

  test('file < environment < given', () => {
    const path = file('{"port": 1000, "logLevel": "warn", "maxCards": 2}');
    const config = loadConfig({
      environment: { INTERVAL_CONFIG: path, INTERVAL_PORT: '2000', INTERVAL_MAX_CARDS: '3' },
      given: { port: 4000 },
    });
    expect([config.port, config.maxCards, config.logLevel]).toEqual([4000, 3, 'warn']);
  });

  test('PORT and HOST are understood, the longer name wins', () => {
    expect(loadConfig({ environment: { PORT: '8080' } }).port).toBe(8080);
    expect(loadConfig({ environment: { PORT: '8080', INTERVAL_PORT: '8081' } }).port).toBe(8081);
  });

  test('URLs lose their trailing slash; lists are split', () => {
    const config = loadConfig({
      environment: {
        INTERVAL_SOURCE_URL: 'https://ehr.example/fhir/',
        INTERVAL_TRUSTED_FHIR_SERVERS: 'https://a.example/r4/ https://b.example',
      },
    });
    expect(config.sourceUrl).toBe('https://ehr.example/fhir');
    expect(config.trustedFhirServers).toEqual(['https://a.example/r4', 'https://b.example']);
  });

  test.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    ['an unknown variable', { INTERVAL_PROT: '1' }, 'config-unknown-key', 'INTERVAL_PROT'],
    ['a port that is no number', { PORT: 'eighty' }, 'config-invalid', 'port'],
    ['a port out of range', { INTERVAL_PORT: '70000' }, 'config-invalid', 'port'],
    ['a choice that is none', { INTERVAL_WRITE_BACK: 'always' }, 'config-invalid', 'writeBack'],
    ['a URL with a password', { INTERVAL_SOURCE_URL: 'https://u:p@ehr.example/fhir' }, 'config-invalid', 'sourceUrl'],
    ['a URL of another scheme', { INTERVAL_PACS_URL: 'file:///etc/passwd' }, 'config-invalid', 'pacsUrl'],
    ['a time zone that is none', { INTERVAL_TIME_ZONE: 'Mars/Base' }, 'config-invalid', 'timeZone'],
    ['a dialect that is none', { INTERVAL_MODEL_DIALECT: 'latin' }, 'config-invalid', 'modelDialect'],
    ['a context that is too small', { INTERVAL_MODEL_CONTEXT: '100' }, 'config-invalid', 'modelContext'],
    [
      'two models',
      { INTERVAL_MODEL: 'a/b', INTERVAL_MODEL_URL: 'http://localhost:8000', INTERVAL_MODEL_NAME: 'm' },
      'config-invalid',
      '"model" (INTERVAL_MODEL) and "modelUrl" (INTERVAL_MODEL_URL)',
    ],
    [
      'a medgemma reader without a model',
      { INTERVAL_CHEST_XRAY_READER: 'medgemma' },
      'config-invalid',
      '"chestXrayReader" (INTERVAL_CHEST_XRAY_READER) is medgemma, which needs "model" (INTERVAL_MODEL)',
    ],
    [
      'a server without the model’s name',
      { INTERVAL_MODEL_URL: 'http://localhost:8000' },
      'config-invalid',
      'modelName',
    ],
    ['a key without a server', { INTERVAL_MODEL: 'a/b', INTERVAL_MODEL_KEY: 'x' }, 'config-invalid', 'modelKey'],
    [
      'two keys',
      {
        INTERVAL_MODEL_URL: 'http://localhost:8000',
        INTERVAL_MODEL_NAME: 'm',
        INTERVAL_MODEL_KEY: 'x',
        INTERVAL_MODEL_KEY_FILE: '/key',
      },
      'config-invalid',
      'modelKeyFile',
    ],
    [
      'a secret that can be guessed',
      { INTERVAL_SUBSCRIPTION_SECRET: 'secret' },
      'config-invalid',
      'subscriptionSecret',
    ],
    [
      'a secret with a line break',
      { INTERVAL_SUBSCRIPTION_SECRET: `${'s'.repeat(40)}\nx` },
      'config-invalid',
      'subscriptionSecret',
    ],
    [
      'a header without a secret',
      { INTERVAL_SUBSCRIPTION_HEADER: 'Authorization' },
      'config-invalid',
      'subscriptionHeader',
    ],
    ...['Host', 'X-Signature', 'X-Medplum-Interaction', 'X-A: b'].map(
      (name) =>
        [
          `the header ${name}`,
          { INTERVAL_SUBSCRIPTION_SECRET: 's'.repeat(40), INTERVAL_SUBSCRIPTION_HEADER: name },
          'config-invalid',
          'subscriptionHeader',
        ] as const,
    ),
    ['a public address without authentication', { INTERVAL_HOST: '0.0.0.0' }, 'config-invalid', 'host'],
  ])('%s is a start-up error that names it', (_name, environment, code, names) => {
    expect(() => loadConfig({ environment })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(names) }),
    );
  });

  test('an unknown key in the file, a damaged file, a file that is no object', () => {
    expect(() => loadConfig({ environment: {}, file: file('{"colour": "blue"}') })).toThrow(
      expect.objectContaining({ code: 'config-unknown-key', message: expect.stringContaining('colour') }),
    );
    expect(() => loadConfig({ environment: {}, file: file('{') })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
    expect(() => loadConfig({ environment: {}, file: file('[]') })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
    expect(() => loadConfig({ environment: {}, file: '/nowhere/interval.json' })).toThrow(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });

  test('a medgemma reader gives a job half an hour, unless the site says otherwise', () => {
    const environment = { INTERVAL_LAB_REPORT_READER: 'medgemma', INTERVAL_MODEL: 'google/medgemma-1.5-4b-it' };
    expect(loadConfig({ environment }).jobTimeoutSeconds).toBe(1800);
    expect(loadConfig({ environment: { ...environment, INTERVAL_JOB_TIMEOUT_SECONDS: '180' } }).jobTimeoutSeconds).toBe(
      180,
    );
    expect(loadConfig({ environment: {} }).jobTimeoutSeconds).toBe(180);
  });

  test('is described without secrets', () => {
    const config = loadConfig({
      environment: {
        INTERVAL_SOURCE_CLIENT_SECRET: 'hunter2',
        INTERVAL_MODEL_URL: 'http://localhost:8000',
        INTERVAL_MODEL_NAME: 'm',
        INTERVAL_MODEL_KEY: 'hunter2',
        INTERVAL_SUBSCRIPTION_SECRET: 'hunter2'.repeat(5),
      },
    });
    const printed = JSON.stringify(describeConfig(config));
    expect(printed).not.toContain('hunter2');
    expect(printed).toContain('(set)');
  });

  test('names environment variables after the settings', () => {
    expect(environmentName('sourceClientSecret')).toBe('INTERVAL_SOURCE_CLIENT_SECRET');
  });
});
