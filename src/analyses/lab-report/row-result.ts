import { codedValue } from '../../terminology/coded-values.ts';
import { parseFlag } from '../../terminology/flags.ts';
import { plausible, resolveTest } from '../../terminology/lab-dictionary.ts';
import { type NumberLocale, parseValue } from '../../terminology/numbers.ts';
import { parseRange } from '../../terminology/ranges.ts';
import { toUcum } from '../../terminology/units.ts';
import { labelOf } from './fact-labels.ts';
import type { LabRow } from './finding.ts';
import { clean } from './groups.ts';
import { fold } from './header-words.ts';
import { misreadUnit } from './misread-unit.ts';
import {
  splitFlag,
  splitUnit,
  withoutCode,
  withoutLabel,
  withoutMethod,
  withoutTime,
  withoutUnit,
  withoutUnitInName,
} from './printed-parts.ts';
import { derive, earlierOf, mayBeRange, plausibleRow, toValue } from './row-value.ts';
import type { RawRow } from './rows.ts';
import { asSpelled } from './scanned-name.ts';
import { scannedNumber } from './scanned-number.ts';

const notResults =
  /^(?:page|seite|p[aá]gina|age|dob|sex|phone|tel|fax|mrn|total pages|accession|account|order|room|zip|version|rev|copyright|operator|serial|instrument|device|analy[sz]er|cartridge|lot|clia|iso|nabl|\d+)\b/i;

/** One row as printed → value, unit, range and code; the reason where it cannot be a result. `scanned`: misread signs are looked for. */
export function toRow(raw: RawRow, locale: NumberLocale, scanned: boolean): Omit<LabRow, 'item'> | string {
  const issues: string[] = [];
  const scannedName = scanned ? asSpelled(clean(raw.name.text)) : { name: clean(raw.name.text) };
  if (scannedName.marked) issues.push('mark-unread');
  const { name: bare, unit: unitInName } = withoutUnitInName(withoutCode(withoutTime(scannedName.name, raw)), raw);
  const { name, method: methodInName } = raw.method ? { name: bare, method: undefined } : withoutMethod(bare);
  if (
    name.length < 1 ||
    !/\p{L}/u.test(name) ||
    name.length > 120 ||
    ((notResults.test(name) || labelOf.has(fold(name))) && !resolveTest({ name })) ||
    codedValue(name)
  )
    return 'no-name';
  const rangeText = raw.range && withoutLabel(raw.range.text);
  const repairedValue = scanned ? scannedNumber(raw.value.text, rangeText, locale) : { text: raw.value.text };
  if (repairedValue === undefined) return 'number-doubtful';
  if (repairedValue.marked) issues.push('mark-unread');
  const printed = splitFlag(repairedValue.text);
  const parsed = parseValue(printed.text, locale);
  const unitCell = splitUnit(
    raw.unit?.text.replace(/^[[(]([^()[\]]*)[\])]$/, (all, inner) => (toUcum(inner) ? inner : all)),
  );
  let unitText = unitCell.unit ?? unitInName;
  let flagText = raw.flag?.text ?? unitCell.flag ?? printed.flag;
  const rest = 'rest' in parsed ? parsed.rest : undefined;
  if (rest) {
    // What stands behind the number in the value cell: a flag, a unit, or both.
    for (const part of rest.split(/\s+(?=[(*HLA↑↓]+\)?$)/)) {
      if (!flagText && parseFlag(part)) flagText = part;
      else if (!unitText && toUcum(part)) unitText = part;
      else if (/\d/.test(part) && !toUcum(part) && !/^[[(]/.test(part)) return 'value-not-understood';
    }
  }
  const range = rangeText ? parseRange(rangeText, locale) : undefined;
  if (!unitText && range?.unit && toUcum(range.unit)) unitText = range.unit;
  const query = {
    name,
    specimen: raw.specimen,
    panel: raw.panel,
    valueKind:
      parsed.kind === 'quantity' ? ('quantity' as const) : parsed.kind === 'coded' ? ('coded' as const) : undefined,
  };
  // "65Opg/mL": the first letter of such a unit is a digit of the number.
  if (scanned && unitText && !toUcum(unitText) && /^[OolI|SB]/.test(unitText) && toUcum(unitText.slice(1)))
    return 'number-doubtful';
  const misread = scanned && unitText ? unitMeant(query, repaired(unitText, true)) : undefined;
  if (misread) {
    unitText = misread;
    issues.push('unit-misread');
  }
  const printedMethod = raw.method ?? methodInName;
  const method = printedMethod ?? (/\(calc/i.test(unitText ?? '') ? 'calculated' : undefined);
  const found = resolveTest({ ...query, method, unit: unitText && repaired(unitText, scanned) });
  // The level of a drug in blood is another test than whether a germ is susceptible to it.
  const resolved = raw.susceptibility && !found?.entry.panel.includes('susceptibility') ? undefined : found;
  const entry = resolved?.entry;
  const unit = unitText ? toUcum(repaired(unitText, scanned), entry ? { test: entry.key } : {}) : undefined;
  const value = toValue(parsed, printed.text);
  if (!value) return 'value-not-understood';
  // "1.O4", "37." or "S" beside a unit or numeric limits is a number that was misread, not a word.
  const numeric = unit !== undefined || range?.low !== undefined || range?.high !== undefined;
  // A stroke is a negative on a test strip and nothing in the column of a number.
  if (/^[-–—]+$/.test(printed.text) && (numeric || !entry?.coded)) return 'no-value';
  // A test whose own name stands in the place of a value is another one beside it.
  if (value.kind === 'text' && !codedValue(value.text) && resolveTest({ name: value.text }))
    return 'value-not-understood';
  if (value.kind === 'text' && numeric && !codedValue(value.text) && (scanned || !entry?.coded))
    return 'value-not-understood';
  // "115 - 165" in the place of a value is a limit, but for what is counted in fields and for words.
  if (value.kind === 'range' && !range && !mayBeRange(resolved?.entry, unitText, raw.specimen))
    return 'value-not-understood';
  if (!resolved && !raw.susceptibility && !plausibleRow(value, unit?.code, range)) return 'not-a-result';
  let confidence = raw.confidence;
  if (!resolved) {
    issues.push('test-unknown');
    confidence *= 0.8;
  } else if (resolved.ambiguous) {
    issues.push(`test-ambiguous-${resolved.ambiguous}`);
    confidence *= 0.85;
  }
  if (misread) confidence *= 0.9;
  if (unitText && !unit && !/^\(?calc/i.test(unitText)) {
    issues.push('unit-unknown');
    confidence *= 0.85;
  }
  if (
    !unitText &&
    value.kind === 'quantity' &&
    resolved?.variant &&
    resolved.variant.units.length > 0 &&
    !resolved.variant.units.includes('1')
  )
    issues.push('unit-missing');
  if (parsed.kind === 'quantity' && parsed.alternative !== undefined) {
    const likely = entry && unit ? plausible(entry, parsed.value, unit.code) : undefined;
    const other = entry && unit ? plausible(entry, parsed.alternative, unit.code) : undefined;
    if (!(likely === true && other === false)) {
      issues.push('number-ambiguous');
      confidence *= 0.6;
    }
  }
  const verdict = raw.susceptibility ? /^[SIR]/i.exec(flagText ?? '')?.[0].toUpperCase() : undefined;
  const flagCode = flagText ? (verdict ?? parseFlag(flagText.trim())) : undefined;
  const flag = flagText
    ? { text: flagText.trim(), ...(flagCode ? { code: flagCode } : {}) }
    : raw.outOfRange
      ? { text: 'Out of range', code: 'A' }
      : undefined;
  const derived = derive(range, parsed, entry, unit?.code, resolved?.variant?.system);
  return {
    name,
    value,
    ...(unitText ? { unit: unitText } : {}),
    ...(unit ? { ucum: unit.code } : {}),
    ...(range
      ? {
          range: {
            text: withoutUnit(range, unit?.code).slice(0, 400),
            ...(range.low === undefined ? {} : { low: range.low }),
            ...(range.high === undefined ? {} : { high: range.high }),
          },
        }
      : {}),
    ...(flag && flag.text !== '' ? { flag } : {}),
    ...(derived ? { flagDerived: derived } : {}),
    ...(raw.previous ? { previous: earlierOf(raw.previous.text, locale) } : {}),
    ...(raw.specimen ? { specimen: raw.specimen.slice(0, 80) } : {}),
    ...(raw.panel ? { panel: raw.panel.slice(0, 200) } : {}),
    ...(printedMethod ? { method: printedMethod.slice(0, 200) } : {}),
    ...(raw.collected ? { collected: raw.collected } : {}),
    ...(resolved?.loinc && !resolved.ambiguous ? { loinc: resolved.loinc, display: resolved.display } : {}),
    page: raw.page,
    boxes: {
      name: raw.name.box,
      value: raw.value.box,
      ...(raw.unit ? { unit: raw.unit.box } : {}),
      ...(raw.range ? { range: raw.range.box } : {}),
      ...(raw.flag ? { flag: raw.flag.box } : {}),
    },
    confidence: Math.round(Math.max(0, Math.min(1, confidence)) * 1000) / 1000,
    issues,
  };
}

/** What a unit of a scan is meant to be, when as it was read it is none of this test. */
function unitMeant(query: Parameters<typeof resolveTest>[0], printed: string): string | undefined {
  const known = resolveTest({ ...query, unit: printed });
  if (known?.loinc && toUcum(printed)) return undefined;
  const units = new Set(resolveTest(query)?.entry.variants.flatMap((variant) => variant.units) ?? []);
  const meant = misreadUnit(printed, [...units]);
  return meant === printed ? undefined : meant;
}

/** The power sign of `10^3/uL` is what a scan loses most often; the digits must stand as they are. */
function repaired(printed: string, scanned: boolean): string {
  // "mg/dL (calc)", "% of total Hgb": what follows the unit says how or of what it was measured.
  const unit = toUcum(printed) ? printed : printed.replace(/\s*\(calc[a-z.]*\)$|\s+(?:of|del?|der)\s.*$/i, '');
  return scanned
    ? unit.replace(/^[x×]?\s?10["'%°^*~+©®“”‘’´`]?([369]|12)\/\s?/i, '10^$1/').replace(/\/[pyj]l$/i, '/uL')
    : unit;
}
