import { type Comparable, inUnitOf, rowsAs, sameTest } from './comparable.ts';
import type { LabRow } from './finding.ts';
import { doubted, keep, type LabGuard } from './guard-tools.ts';
import { type ChartIndex, charted, indexed } from './in-chart.ts';

/** A delta rule asks about change within so many days; later a patient may simply have changed. */
const deltaDays = 90;
/** Earlier results that a misplaced decimal sign is looked for in. */
const compared = 3;

/** Tests that rise tenfold in a day or a treatment: a factor of ten says nothing there. */
const wide =
  /^(?:hs-)?crp$|troponin|procalcitonin|creatine-kinase|ck-mb|myoglobin|^a[ls]t$|^alp$|ggt|ldh|lipase|amylase|bilirubin|bile|ferritin|d-dimer|bnp|hcg|psa|cea|afp|^ca-|interleukin|-[rd]na$|tsh|thyroglobulin|estradiol|progest|^lh$|^fsh$|prolactin|antibod|^ig[aegm]$|creatinine-ratio|urine|acth|cortisol|insulin|testosterone|growth|triglycerides|blasts|band-|eosinophils|basophils|immature|nucleated|reticulocytes|csf|free$|vancomycin|gentamicin|tobramycin|amikacin|methotrexate|tacrolimus|cyclosporine|ethanol|acetaminophen|salicylate|lactate|ammonia|haptoglobin|inr/;

/** Values far from the patient's own earlier ones, or off by a power of ten, lose weight and are marked; never changed. */
export const nearHistory: LabGuard = (finding, { chart = [], timeZone = '' }) => {
  const there = indexed(charted(chart));
  const as = rowsAs(finding, timeZone);
  return keep(finding, (row) =>
    row.value.number !== undefined && !row.value.comparator && isFar(row, as(row), there)
      ? doubted(row, 'far-from-history', 0.7)
      : row,
  );
};

function isFar(row: LabRow, now: Comparable, chart: ChartIndex): boolean {
  if (!now.test || now.number === undefined) return false;
  const at = Date.parse(now.when ?? '');
  const earlier = chart(now)
    .map(({ says }) => ({ says, days: (at - Date.parse(says.when ?? '')) / 86_400_000 }))
    .filter(({ says, days }) => !says.comparator && sameTest(now, says) && !(days <= 0))
    .flatMap(({ says, days }) => {
      const value = inUnitOf(now, says);
      return value === undefined || value <= 0 ? [] : [{ value, days }];
    });
  const printed = row.previous?.number;
  const recent = earlier.filter(({ days }) => days <= deltaDays).map(({ value }) => value);
  return (
    beyondDelta(now, printed ?? recent[0]) ||
    slipped(now, [...(printed ? [printed] : []), ...earlier.map(({ value }) => value)].slice(0, compared))
  );
}

function beyondDelta({ test, number }: Comparable, before: number | undefined): boolean {
  const rule = test?.entry.deltaRule;
  if (!rule || before === undefined || before <= 0 || test?.system === 'Urine') return false;
  const change = Math.abs(number! - before);
  // The rules are for the units of their test: an absolute one is for fL.
  return rule.kind === 'relative' ? change / before > rule.limit : change > rule.limit;
}

/** Near ten, a hundred or a thousand times what it was, or a part of that, when it was steady before. */
function slipped({ test, number }: Comparable, before: readonly number[]): boolean {
  if (before.length === 0 || number! <= 0 || wide.test(test!.entry.key)) return false;
  if (Math.max(...before) > 2 * Math.min(...before)) return false;
  const usual = [...before].sort((a, b) => a - b)[Math.floor(before.length / 2)]!;
  const power = Math.log10(number! / usual);
  return Math.round(power) !== 0 && Math.abs(power - Math.round(power)) < 0.1;
}
