import { missingIds, tableOf, testsOfRules } from './rules/tests-of-rules.ts';

/** node tools/rules.ts: the table of CDS Hooks rules and the tests that carry their ids; exits with 1 when one has none. */
const found = testsOfRules('test');
console.log(tableOf(found));
const missing = missingIds(found);
if (missing.length > 0) {
  console.error(`No test carries: ${missing.join(' ')}`);
  process.exit(1);
}
