import { existsSync, readFileSync } from 'node:fs';
import { labTests } from '../src/terminology/lab-dictionary.ts';
import { isLoincCode } from '../src/terminology/loinc-code.ts';
import { codeEvidence } from '../test/terminology/code-evidence.ts';

/**
 * Prints for every code of the lab dictionary which independent source names it: the expert map, or a public one.
 * Usage: node tools/check-dictionary.ts [folder]   (default ../shared/data/lab)
 * Exit code 1 when a check digit is wrong, a name differs from that of the expert map, or no source names a code.
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

if (!existsSync(`${folder}/loinc`)) {
  console.error(`There is no ${folder}/loinc: nothing to check against.`);
  process.exit(2);
}
const map = expertMap();
let wrong = 0;
const count = { expert: 0, named: 0, none: 0 };
for (const test of labTests) {
  for (const { loinc, display } of test.variants) {
    const expert = map.get(loinc);
    const evidence = codeEvidence.get(loinc);
    const named = evidence?.kind === 'named-in-public-source';
    const digit = isLoincCode(loinc);
    const differs = expert !== undefined && expert.name !== display;
    wrong += digit && !differs && (expert || named) ? 0 : 1;
    count[expert ? 'expert' : named ? 'named' : 'none']++;
    const verdict = !digit
      ? 'CHECK DIGIT'
      : differs
        ? `NAME DIFFERS: ${expert.name}`
        : expert
          ? `expert map: ${expert.local}`
          : named
            ? `public source: ${evidence.sources.join('; ')}`
            : 'NO SOURCE';
    console.log(`${loinc.padEnd(8)} ${test.key.padEnd(28)} ${display} | ${verdict}`);
  }
}
console.log(
  `${labTests.length} tests; codes in the expert map ${count.expert}, in a public source ${count.named}, in none ${count.none}; wrong ${wrong}`,
);
process.exitCode = wrong > 0 ? 1 : 0;
