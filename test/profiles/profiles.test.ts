import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CodeSystem, Resource, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import * as codes from '../../src/fhir/codes.ts';
import { readProfiles } from '../../src/fhir/profiles.ts';
import * as reviewed from '../../src/fhir/reviewed-codes.ts';
import { createValidator, validateForWrite } from '../../src/fhir/validate.ts';

const folder = new URL('../../fhir-profiles/', import.meta.url);
const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
const list = (path: string) => readdirSync(new URL(path, folder)).sort();
const validate = createValidator();

/** What the name of an invalid example says, in the validator's words; invariants are named by their key. */
const words: Readonly<Record<string, string>> = {
  required: 'Missing required property',
  binding: 'code is not in the required value set',
  type: 'type is not allowed here',
  pattern: 'Value did not match expected pattern',
  slice: 'Incorrect number of values provided for slice',
  property: 'Invalid additional property',
  profile: 'claims a profile that is not ours',
  'extension-undefined': 'extension is not defined',
  'extension-place': 'does not belong here',
  'extension-part': 'part is not defined',
  'extension-type': 'type of the value is not allowed here',
  'extension-value': 'value is missing',
  'required-derived-from': 'Invalid number of values',
};

describe('examples', () => {
  test('each profile has a valid one', () => {
    const profiles = [...readProfiles().values()].filter((one) => one.type !== 'Extension').map((one) => one.id);
    expect(list('examples/valid')).toEqual(profiles.map((id) => `${id}.json`).sort());
  });

  test.each(list('examples/valid'))('%s is valid', (name) => {
    const resource = read<Resource>(`examples/valid/${name}`);
    expect(resource.meta?.profile).toEqual([`${codes.CANONICAL}/StructureDefinition/${name.replace('.json', '')}`]);
    expect(validate(resource)).toEqual([]);
  });

  test.each(list('examples/invalid'))('%s breaks its rule', (name) => {
    const rule = name.split('.')[1] as string;
    const expected = /-\d$/.test(rule)
      ? `Constraint ${rule} not met`
      : (words[rule] ?? words[rule.split('-')[0] as string] ?? 'no such rule');
    const resource = read<Resource>(`examples/invalid/${name}`);
    expect(validate(resource).map((issue) => issue.rule)).toContainEqual(expect.stringContaining(expected));
    expect(() => validateForWrite(resource)).toThrow(expect.objectContaining({ code: 'result-invalid' }));
  });

  test('each invariant is broken by an example', () => {
    const keys = [...readProfiles().values()].flatMap((profile) =>
      (profile.snapshot?.element?.[0]?.constraint ?? [])
        .filter((one) => one.source === undefined || one.source.startsWith(codes.CANONICAL))
        .map((one) => one.key as string),
    );
    const own = new Set(keys.filter((key) => !/^(dom|ele|ext|obs|tsk|inv|mda|dgr|dev-udi)-/.test(key)));
    const broken = new Set(list('examples/invalid').map((name) => name.split('.')[1]));
    expect([...own].filter((key) => !broken.has(key))).toEqual([]);
    expect(own.size).toBeGreaterThan(25);
  });
});

describe('messages', () => {
  test('name path and rule, never a value', () => {
    const resource = read<Resource>('examples/valid/ai-lab-result.json');
    const secret = { ...resource, status: 'Jane Doe', issued: 'Jane Doe', note: 'Jane Doe' } as unknown as Resource;
    expect(() => validateForWrite(secret)).toThrow(expect.objectContaining({ code: 'result-invalid' }));
    expect(() => validateForWrite(secret)).not.toThrow('Jane Doe');
    expect(JSON.stringify(validate(secret))).not.toContain('Jane Doe');
  });
});

describe('names and codes', () => {
  test('every profile, extension and code system of codes.ts is defined, and the other way round', () => {
    const files = list('generated');
    const urls = files.map((name) => read<{ url: string }>(`generated/${name}`).url);
    const named = [
      ...Object.values(codes.profile),
      ...Object.values(codes.extension),
      ...Object.values(codes.codeSystem),
    ]
      .filter((url) => url.startsWith(codes.CANONICAL))
      // A hash has no list of codes.
      .filter((url) => url !== codes.codeSystem.fingerprint);
    expect(named.filter((url) => !urls.includes(url))).toEqual([]);
    const structures = urls.filter((url) => /\/(StructureDefinition|CodeSystem)\//.test(url));
    expect(structures.filter((url) => !named.includes(url as (typeof named)[number]))).toEqual([]);
  });

  test('snapshots only, and imposed profiles are named', () => {
    for (const profile of readProfiles().values()) {
      expect(profile).not.toHaveProperty('differential');
      expect(profile.snapshot?.element?.length).toBeGreaterThan(3);
    }
    const lab = readProfiles().get(codes.profile.labResult) as StructureDefinition;
    expect(lab.extension?.[0]?.valueCanonical).toBe(
      'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab',
    );
  });

  test('the value sets hold exactly the reviewed codes', () => {
    const inSet = (id: string, system: string) =>
      read<ValueSet>(`generated/ValueSet-${id}.json`)
        .compose?.include.filter((one) => one.system === system)
        .flatMap((one) => one.concept ?? [])
        .map((one) => one.code)
        .sort();
    const inTable = (rows: readonly reviewed.ReviewedCode[], system: string) =>
      rows
        .filter((row) => row.system === system)
        .map((row) => row.code)
        .sort();
    const findings = Object.values(reviewed.chestFinding).flat();
    const { snomed, radlex, interpretation } = codes.codeSystem;
    expect(inSet('finding-change', snomed)).toEqual(inTable(Object.values(reviewed.change), snomed));
    expect(inSet('finding-presence', snomed)).toEqual(inTable(Object.values(reviewed.presence), snomed));
    expect(inSet('chest-finding', snomed)).toEqual(inTable(findings, snomed));
    expect(inSet('chest-finding', radlex)).toEqual(inTable(findings, radlex));
    expect(inSet('lab-interpretation', interpretation)).toEqual(
      inTable(Object.values(reviewed.labInterpretation), interpretation),
    );
    const local = read<CodeSystem>('generated/CodeSystem-chest-finding.json').concept?.map((one) => one.code);
    expect(local).toEqual(Object.keys(reviewed.chestFinding));
  });

  test('SNOMED CT can be left out; a printed interpretation is written only when it is a reviewed one', () => {
    const codings = reviewed.codings(reviewed.chestFinding['pleural-effusion'], { snomed: false });
    expect(codings.map((one) => one.code)).toEqual(['RID34539']);
    expect(reviewed.interpretationConcept('HH')).toMatchObject({ text: 'HH', coding: [{ code: 'HH' }] });
    expect(reviewed.interpretationConcept('**')).toBeUndefined();
    expect(reviewed.interpretationConcept('toString')).toBeUndefined();
  });
});
