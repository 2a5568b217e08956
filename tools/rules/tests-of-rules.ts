import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RuleId, rules } from './rules.ts';

export interface NamedTest {
  /** Relative to the folder of tests. */
  readonly file: string;
  readonly name: string;
}

/** Names of tests, and rows of their tables. */
const names = /(?:\b(?:test|describe)|\)|\[)\(?\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`]*)`)/g;

/** A name begins with the ids of its rules: `R8–R19: …`, `J1 J18 J19: …`. */
const idsBefore = /^((?:[DRPFJX]\d{1,2}(?:[ –-]+|(?=:)))+):/;

/** Which tests carry the id of which rule in their name; `D1–D7` stands for all between. */
export function testsOfRules(folder: string): ReadonlyMap<RuleId, readonly NamedTest[]> {
  const found = new Map<RuleId, NamedTest[]>(Object.keys(rules).map((id) => [id as RuleId, []]));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
  for (const file of files.sort()) {
    for (const match of readFileSync(join(folder, file), 'utf8').matchAll(names)) {
      const name = match.slice(1).find((group) => group !== undefined) ?? '';
      for (const id of idsIn(name)) {
        found.get(id)?.push({ file, name });
      }
    }
  }
  return found;
}

function idsIn(name: string): ReadonlySet<RuleId> {
  const ids = [...(idsBefore.exec(name)?.[1] ?? '').matchAll(/\b([DRPFJX])(\d{1,2})(?:[–-]\1(\d{1,2}))?\b/g)].flatMap(
    ([, letter, first, last]) =>
      Array.from({ length: Number(last ?? first) - Number(first) + 1 }, (_, at) => `${letter}${Number(first) + at}`),
  );
  return new Set(ids.filter((id): id is RuleId => Object.hasOwn(rules, id)));
}

export function missingIds(found: ReadonlyMap<RuleId, readonly NamedTest[]>): readonly RuleId[] {
  return [...found].filter(([, tests]) => tests.length === 0).map(([id]) => id);
}

/** One line an id: the rule, how many tests, and where. */
export function tableOf(found: ReadonlyMap<RuleId, readonly NamedTest[]>): string {
  const lines = [...found].map(([id, tests]) => {
    const files = [...new Set(tests.map(({ file }) => file))].join(', ');
    return `| ${id} | ${rules[id]} | ${tests.length === 0 ? '**none**' : tests.length} | ${files} |`;
  });
  return ['| id | rule | tests | in |', '|---|---|---|---|', ...lines].join('\n');
}
