import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/**
 * Imports point down; never up, never sideways. Level of each room of the house, as ARCHITECTURE.md draws it.
 * `services` composes protocol and medicine, so it stands with what builds.
 */
const levels: Readonly<Record<string, number>> = {
  main: 4,
  app: 4,
  cli: 4,
  worker: 4,
  parts: 4,
  queues: 4,
  servers: 4,
  models: 4,
  pacs: 4,
  serve: 4,
  'service-jobs': 4,
  listen: 4,
  readiness: 4,
  work: 4,
  services: 4,
  'cds-hooks': 3,
  jobs: 3,
  subscriptions: 3,
  evaluation: 3,
  'fhir-server': 3,
  samples: 3,
  web: 3,
  analyses: 2,
  advice: 2,
  fhir: 1,
  imaging: 1,
  documents: 1,
  terminology: 1,
  inference: 1,
  queue: 1,
  config: 0,
  'config-rules': 0,
  settings: 0,
  version: 0,
  errors: 0,
  log: 0,
  loopback: 0,
  metrics: 0,
  'otlp-traces': 0,
  traces: 0,
  'http-refusals': 0,
  'private-address': 0,
  recent: 0,
  resample: 0,
  summary: 0,
};

const root = resolve('src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const room = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '');
/** One analysis is a room of its own inside `analyses`. */
const analysis = (file: string) =>
  room(file) === 'analyses' && file.split('/').length > 2 ? file.split('/')[1] : undefined;

const imports = files.flatMap((file) => {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => ({
    file,
    target: relative(root, resolve(root, file, '..', match[1]!)),
  }));
});

describe('the house', () => {
  test('every file stands in a room with a level', () => {
    expect(files.filter((file) => levels[room(file)] === undefined)).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
  });

  test('imports point down, never up, never sideways', () => {
    const wrong = imports
      .filter(({ target }) => !target.startsWith('..'))
      .filter(({ file, target }) => {
        const [from, to] = [room(file), room(target)];
        const [fromLevel, toLevel] = [levels[from]!, levels[to]!];
        return (
          from !== to &&
          !(toLevel < fromLevel || (fromLevel === 4 && toLevel === 4) || (fromLevel === 0 && toLevel === 0))
        );
      })
      .map(({ file, target }) => `${file} → ${target}`);
    expect(wrong).toEqual([]);
  });

  test('one analysis never imports another', () => {
    const wrong = imports.filter(
      ({ file, target }) => analysis(file) && analysis(target) && analysis(file) !== analysis(target),
    );
    expect(wrong).toEqual([]);
  });

  test('only the top and the tests build the embedded server and the samples', () => {
    const wrong = imports.filter(
      ({ file, target }) =>
        ['fhir-server', 'samples'].includes(room(target)) && room(file) !== room(target) && levels[room(file)] !== 4,
    );
    expect(wrong).toEqual([]);
  });

  test('only routes files and the app use Express; its types may be named anywhere', () => {
    const wrong = files.filter(
      (file) =>
        /^import (?!type )[^;]*from 'express'/m.test(readFileSync(join(root, file), 'utf8')) &&
        !/(^|\/)(routes|app)\.ts$/.test(file),
    );
    expect(wrong).toEqual([]);
  });

  test('nothing imports from outside src', () => {
    const wrong = imports.filter(
      ({ target }) =>
        target.startsWith('..') && !/^\.\.\/(cds-services\.json|package\.json|fhir-profiles\/)/.test(target),
    );
    expect(wrong).toEqual([]);
  });
});
