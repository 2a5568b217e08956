import type { Catalog, Parameter } from './catalog.ts';
import type { Database } from './database.ts';
import type { IndexRows } from './index-rows.ts';
import { normalizeReference } from './index-rows.ts';
import { FAR_PAST } from './period.ts';
import type { Criterion, Query } from './query.ts';
import { unescapeValue } from './query.ts';

/** A patient's resources of one type by one of their dates, the latest first, as table `recent` has them. */
export interface Recent {
  readonly target: string;
  readonly sort: number;
  /** What asks for the patient: fulfilled by being there. */
  readonly criterion: Criterion;
}

/** Rows of `recent` for one resource: target, date parameter, date. What has no date is there too, behind all that have. */
export function recentRows(catalog: Catalog, type: string, rows: IndexRows): (readonly [string, number, number])[] {
  const patient = catalog.parameters(type).get('patient');
  if (patient?.kind !== 'reference') {
    return [];
  }
  const targets = new Set(rows.reference.filter(([param]) => param === patient.id).map(([, , target]) => target));
  return [...targets].flatMap((target) =>
    datesOf(catalog, type).map(({ id }) => {
      const dates = rows.date.filter(([param]) => param === id).map(([, , , high]) => high);
      return [target, id, Math.max(FAR_PAST, ...dates)] as const;
    }),
  );
}

/** Whether a search asks for a patient's latest, and which rows it then walks; no more of them than fill its page. */
export function recentOf(database: Database, query: Query, base: string): Recent | undefined {
  const [rule, ...others] = query.sort;
  if (rule === undefined || others.length > 0 || !rule.descending || typeof rule.by === 'string' || !isDate(rule.by)) {
    return undefined;
  }
  const { id: sort } = rule.by;
  const criterion = query.criteria.find(
    (one) => one.kind === 'value' && one.parameter.code === 'patient' && one.modifier === '' && one.values.length === 1,
  );
  if (criterion?.kind !== 'value') {
    return undefined;
  }
  const value = normalizeReference(unescapeValue(criterion.values[0]!), base);
  const targets = value.includes('/')
    ? [value]
    : [value, ...criterion.parameter.targets.map((type) => `${type}/${value}`)];
  const held = targets.filter(
    (target) => database.get('SELECT 1 FROM recent WHERE target = ? AND sort = ? LIMIT 1', target, sort) !== undefined,
  );
  return held.length === 1 ? { target: held[0]!, sort, criterion } : undefined;
}

function datesOf(catalog: Catalog, type: string): readonly Parameter[] {
  return [...catalog.parameters(type).values()].filter(isDate);
}

function isDate({ kind, code }: Parameter): boolean {
  return kind === 'date' && !code.startsWith('_');
}
