import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { CodeSystem } from '@medplum/fhirtypes';
import { overrideReasons } from '../../src/advice/override-reasons.ts';
import * as reviewed from '../../src/fhir/reviewed-codes.ts';
import { resultReasons } from '../../src/services/result-judgement.ts';

/**
 * Codes that the code writes, against the code systems and the reviewed table. A new code is added to
 * fhir-profiles/input/fsh/terminology.fsh (then `node tools/profiles.ts`), a foreign one to src/fhir/reviewed-codes.ts.
 */
const root = new URL('../../', import.meta.url).pathname;
const sources = globSync('src/{analyses,advice,cds-hooks,services}/**/*.ts', { cwd: root })
  .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
  .join('\n');

const all = (pattern: RegExp, text = sources) => [...new Set([...text.matchAll(pattern)].map((match) => match[1]))];

const conceptsOf = (id: string) => {
  const file = `${root}/fhir-profiles/generated/CodeSystem-${id}.json`;
  const system = JSON.parse(readFileSync(file, 'utf8')) as CodeSystem;
  return new Map(system.concept?.map((one) => [one.code as string, one.display]));
};

test('reasons of abstentions', () => {
  const used = all(/\babstain\(\s*'([a-z-]+)'/g);
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((code) => !conceptsOf('abstention').has(code as string))).toEqual([]);
});

test('topics of cards', () => {
  const used = all(/\b(?:topic|TOPIC|[a-z]+Topic)(?::| =) '([a-z-]+)'/g);
  expect(used.length).toBeGreaterThan(4);
  expect(used.filter((code) => !conceptsOf('topic').has(code as string))).toEqual([]);
});

test('override reasons, with their displays', () => {
  const results = Object.fromEntries(Object.entries(resultReasons).map(([code, { display }]) => [code, display]));
  expect(Object.fromEntries(conceptsOf('override-reason'))).toEqual({ ...overrideReasons, ...results });
});

test('services', () => {
  const file = JSON.parse(readFileSync(`${root}/cds-services.json`, 'utf8')) as { services: readonly { id: string }[] };
  expect([...conceptsOf('service').keys()].sort()).toEqual(
    [...file.services.map(({ id }) => id), 'review-page'].sort(),
  );
});

test('SNOMED CT and RadLex codes of chest findings', () => {
  const terms = readFileSync(`${root}/src/analyses/chest-xray-comparison/terms.ts`, 'utf8');
  const rows: readonly reviewed.ReviewedCode[] = [
    ...Object.values(reviewed.chestFinding).flat(),
    ...Object.values(reviewed.change),
    ...Object.values(reviewed.presence),
    ...Object.values(reviewed.lungSite),
  ];
  const known = new Set(rows.map((row) => row.code));
  expect(all(/'(RID\d+|\d{6,})'/g, terms).filter((code) => !known.has(code as string))).toEqual([]);
});
