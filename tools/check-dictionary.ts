import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { labTests } from '../src/terminology/lab-dictionary.ts';
import { isLoincCode } from '../src/terminology/loinc-code.ts';

/**
 * Prints for every code of the lab dictionary whether an independent list has it, and under which name.
 * Usage: node tools/check-dictionary.ts [folder]   (default ../shared/data/lab)
 * Exit code 1 when a check digit is wrong, or a name differs from that of the expert map.
 */
const folder = process.argv[2] ?? '../shared/data/lab';

/** One CSV line with quoted fields. */
function fields(line: string): readonly string[] {
  return [...line.matchAll(/("([^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) =>
    field!.replace(/^"|"$/g, '').replaceAll('""', '"'),
  );
}

interface Known {
  readonly name: string;
  readonly local: string;
}

function expertMap(): ReadonlyMap<string, Known> {
  const lines = readFileSync(`${folder}/loinc/d_labitems_to_loinc.csv`, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/);
  const head = fields(lines[0]!);
  const [code, name, label, fluid, unit] = ['omop_concept_code', 'omop_concept_name', 'label', 'fluid', 'valueuom'].map(
    (key) => head.indexOf(key),
  );
  const map = new Map<string, Known>();
  for (const line of lines.slice(1)) {
    const row = fields(line);
    if (row[code!]) {
      const local = `${row[label!]} / ${row[fluid!]} / ${row[unit!]}`;
      const known = map.get(row[code!]!);
      map.set(row[code!]!, { name: row[name!]!, local: known ? `${known.local}; ${local}` : local });
    }
  }
  return map;
}

/** Codes with names that other sample data use. */
function seenElsewhere(): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const file of readdirSync(`${folder}/synthea_r4`).filter((name) => name.endsWith('.gz'))) {
    const text = gunzipSync(readFileSync(`${folder}/synthea_r4/${file}`)).toString('utf8');
    for (const [, code, name] of text.matchAll(
      /"system":\s*"http:\/\/loinc.org",\s*"code":\s*"([\d-]+)",\s*"display":\s*"([^"]+)"/g,
    )) {
      map.set(code!, name!);
    }
  }
  for (const file of readdirSync(`${folder}/ccda`).filter((name) => name.endsWith('.xml'))) {
    const text = readFileSync(`${folder}/ccda/${file}`, 'utf8');
    for (const [tag] of text.matchAll(/<(?:code|translation)\b[^>]*2\.16\.840\.1\.113883\.6\.1"[^>]*>/g)) {
      const code = /\bcode="([\d-]+)"/.exec(tag)?.[1];
      if (code) {
        map.set(code, /displayName="([^"]+)"/.exec(tag)?.[1] ?? '(no name)');
      }
    }
  }
  for (const file of readdirSync(`${folder}/hl7v2`).filter((name) => name.endsWith('.hl7'))) {
    for (const [, code, name] of readFileSync(`${folder}/hl7v2/${file}`, 'utf8').matchAll(
      /\|(\d{1,5}-\d)\^([^^|]+)\^LN/g,
    )) {
      map.set(code!, name!);
    }
  }
  return map;
}

if (!existsSync(`${folder}/loinc`)) {
  console.error(`There is no ${folder}/loinc: nothing to check against.`);
  process.exit(2);
}
const map = expertMap();
const seen = seenElsewhere();
let wrong = 0;
const count = { expert: 0, elsewhere: 0, none: 0 };
for (const test of labTests) {
  for (const { loinc, display } of test.variants) {
    const expert = map.get(loinc);
    const other = seen.get(loinc);
    const digit = isLoincCode(loinc);
    const differs = expert !== undefined && expert.name !== display;
    wrong += digit && !differs ? 0 : 1;
    count[expert ? 'expert' : other ? 'elsewhere' : 'none']++;
    const verdict = !digit
      ? 'CHECK DIGIT'
      : differs
        ? `NAME DIFFERS: ${expert.name}`
        : expert
          ? `expert map: ${expert.local}`
          : other
            ? `seen: ${other}`
            : 'in no list';
    console.log(`${loinc.padEnd(8)} ${test.key.padEnd(28)} ${display} | ${verdict}`);
  }
}
console.log(
  `${labTests.length} tests; codes in the expert map ${count.expert}, in other samples ${count.elsewhere}, in no list ${count.none}; wrong ${wrong}`,
);
process.exitCode = wrong > 0 ? 1 : 0;
