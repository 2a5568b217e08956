import type { Catalog, Parameter } from './catalog.ts';
import { refuse } from './refusal.ts';

/** One thing that a resource must fulfil; values are alternatives, still escaped. */
export type Criterion =
  | {
      readonly kind: 'value';
      readonly parameter: Parameter;
      readonly modifier: string;
      readonly values: readonly string[];
    }
  | { readonly kind: 'id'; readonly type: string; readonly negated: boolean; readonly values: readonly string[] }
  | { readonly kind: 'updated'; readonly values: readonly string[] }
  /** Any of these chains: the reference may point to several types. */
  | {
      readonly kind: 'chain';
      readonly parameter: Parameter;
      readonly links: readonly { readonly type: string; readonly criterion: Criterion }[];
    }
  | { readonly kind: 'has'; readonly type: string; readonly parameter: Parameter; readonly criterion: Criterion };

export interface SortRule {
  readonly by: Parameter | '_id' | '_lastUpdated';
  readonly descending: boolean;
}

export interface Include {
  readonly type: string;
  /** `*`: every reference. */
  readonly parameter: Parameter | '*';
  readonly target?: string;
  readonly iterate: boolean;
}

export interface Query {
  readonly type: string;
  readonly criteria: readonly Criterion[];
  readonly sort: readonly SortRule[];
  readonly count: number;
  readonly cursor?: string;
  /** `cheap`: not asked for, given where it is soon counted. */
  readonly total: 'none' | 'cheap' | 'accurate';
  readonly summary?: 'true' | 'text' | 'data' | 'count';
  readonly elements?: readonly string[];
  readonly include: readonly Include[];
  readonly revinclude: readonly Include[];
  /** Parameters as understood, for the self link. */
  readonly pairs: readonly (readonly [string, string])[];
}

export const DEFAULT_COUNT = 50;
export const MAX_COUNT = 1000;

/** Modifiers that each kind of parameter knows here. */
const modifiers: Readonly<Record<Parameter['kind'], readonly string[]>> = {
  token: ['missing', 'not', 'text'],
  reference: ['missing', 'identifier'],
  date: ['missing'],
  string: ['missing', 'exact', 'contains'],
  quantity: ['missing'],
  number: ['missing'],
  uri: ['missing', 'below', 'above'],
  composite: [],
};

/**
 * Reads the parameters of a search. What is not understood is refused, never ignored: a client that asked for less must
 * not be given more.
 */
export function parseQuery(catalog: Catalog, type: string, pairs: Iterable<readonly [string, string]>): Query {
  const criteria: Criterion[] = [];
  const sort: SortRule[] = [];
  const include: Include[] = [];
  const revinclude: Include[] = [];
  const kept: (readonly [string, string])[] = [];
  let count = DEFAULT_COUNT;
  let cursor: string | undefined;
  let total: Query['total'] = 'cheap';
  let summary: Query['summary'];
  let elements: string[] | undefined;

  for (const [key, value] of pairs) {
    if (value === '') {
      throw refuse('invalid', `The search parameter ${key} has no value.`);
    }
    const [name, modifier = ''] = key.split(/:(.*)/s) as [string, string?];
    if (name === '_cursor') {
      cursor = value;
      continue;
    }
    if (name !== '_format' && name !== '_pretty') kept.push([key, value]);
    switch (name) {
      case '_format':
      case '_pretty':
        break;
      case '_count':
        count = Math.min(parseCount(value), MAX_COUNT);
        break;
      case '_sort':
        sort.push(...value.split(',').map((rule) => parseSort(catalog, type, rule)));
        break;
      case '_total':
        total = oneOf(key, value, ['none', 'estimate', 'accurate']) === 'none' ? 'none' : 'accurate';
        break;
      case '_summary':
        summary = parseSummary(key, value);
        break;
      case '_elements':
        elements = value.split(',').map((element) => element.trim().replace(new RegExp(`^${type}\\.`), ''));
        break;
      case '_include':
        include.push(parseInclude(catalog, value, modifier));
        break;
      case '_revinclude':
        revinclude.push(parseInclude(catalog, value, modifier));
        break;
      default:
        criteria.push(parseCriterion(catalog, type, key, value));
    }
  }
  return { type, criteria, sort, count, cursor, total, summary, elements, include, revinclude, pairs: kept };
}

function parseCriterion(catalog: Catalog, type: string, key: string, value: string): Criterion {
  if (key.startsWith('_has:')) {
    const [, other = '', code = '', rest = ''] = key.match(/^_has:([^:]+):([^:]+):(.+)$/s) ?? [];
    const parameter = reference(catalog, other, code, key);
    if (parameter.targets.length > 0 && !parameter.targets.includes(type)) {
      throw refuse('invalid', `${other}.${code} does not refer to ${type}.`);
    }
    return { kind: 'has', type: other, parameter, criterion: parseCriterion(catalog, other, rest, value) };
  }
  const dot = key.indexOf('.');
  if (dot > 0) {
    const [code = '', narrowed] = key.slice(0, dot).split(':');
    const parameter = reference(catalog, type, code, key);
    return { kind: 'chain', parameter, links: parseLinks(catalog, parameter, narrowed, key.slice(dot + 1), value) };
  }
  const [code = '', modifier = ''] = key.split(':');
  if (code === '_id') {
    if (modifier !== '' && modifier !== 'not') throw refuse('not-supported', `The modifier :${modifier} is not known.`);
    return { kind: 'id', type, negated: modifier === 'not', values: split(value, ',').map(unescapeValue) };
  }
  if (code === '_lastUpdated') {
    if (modifier !== '') throw refuse('not-supported', `The modifier :${modifier} is not known.`);
    return { kind: 'updated', values: split(value, ',') };
  }
  const parameter = catalog.parameters(type).get(code);
  if (!parameter) {
    throw refuse('not-supported', `${type} has no search parameter ${code}.`);
  }
  if (modifier === 'missing') {
    oneOf(key, value, ['true', 'false']);
  }
  if (parameter.kind === 'reference' && catalog.types.includes(modifier as never)) {
    // subject:Patient=1 is subject=Patient/1
    const values = split(value, ',').map((id) => (id.includes('/') ? id : `${modifier}/${id}`));
    return { kind: 'value', parameter, modifier: '', values };
  }
  if (modifier !== '' && !modifiers[parameter.kind].includes(modifier)) {
    throw refuse('not-supported', `The modifier :${modifier} is not supported on ${type}.${code}.`);
  }
  return { kind: 'value', parameter, modifier, values: split(value, ',') };
}

/** The chain's end on every type that the reference may point to; at least one must know the parameter. */
function parseLinks(catalog: Catalog, parameter: Parameter, narrowed: string | undefined, rest: string, value: string) {
  const types = narrowed === undefined ? parameter.targets : [narrowed];
  const end = rest.startsWith('_has:') ? '_has' : (/^[^.:]+/.exec(rest)?.[0] ?? '');
  const able = types.filter(
    (type) => ['_has', '_id', '_lastUpdated'].includes(end) || catalog.parameters(type).has(end),
  );
  if (able.length === 0) {
    throw refuse('not-supported', `${parameter.type}.${parameter.code} cannot be chained to ${rest}.`);
  }
  return able.map((type) => ({ type, criterion: parseCriterion(catalog, type, rest, value) }));
}

function reference(catalog: Catalog, type: string, code: string, key: string): Parameter {
  const parameter = catalog.parameters(type).get(code);
  if (parameter?.kind !== 'reference') {
    throw refuse('not-supported', `The search parameter ${key} is not known.`);
  }
  return parameter;
}

function parseSort(catalog: Catalog, type: string, rule: string): SortRule {
  const descending = rule.startsWith('-');
  const code = descending ? rule.slice(1) : rule;
  if (code === '_id' || code === '_lastUpdated') {
    return { by: code, descending };
  }
  const parameter = catalog.parameters(type).get(code);
  if (!parameter || parameter.kind === 'composite') {
    throw refuse('not-supported', `${type} cannot be sorted by ${code}.`);
  }
  return { by: parameter, descending };
}

function parseInclude(catalog: Catalog, value: string, modifier: string): Include {
  const [type = '', code = '', target] = value.split(':');
  if (modifier !== '' && modifier !== 'iterate' && modifier !== 'recurse') {
    throw refuse('not-supported', `The modifier :${modifier} is not known.`);
  }
  if (!catalog.types.includes(type as never)) {
    throw refuse('not-supported', `${value} names no resource type that is held here.`);
  }
  const parameter = code === '*' ? '*' : catalog.parameters(type).get(code);
  if (parameter === undefined || (parameter !== '*' && parameter.kind !== 'reference')) {
    throw refuse('not-supported', `${value} is not a reference parameter.`);
  }
  return { type, parameter, ...(target ? { target } : undefined), iterate: modifier !== '' };
}

function parseCount(value: string): number {
  if (!/^\d{1,9}$/.test(value)) {
    throw refuse('invalid', '_count must be a whole number.');
  }
  return Number(value);
}

function parseSummary(key: string, value: string): Query['summary'] {
  const known = oneOf(key, value, ['true', 'text', 'data', 'count', 'false']);
  return known === 'false' ? undefined : known;
}

function oneOf<T extends string>(key: string, value: string, allowed: readonly T[]): T {
  if (!allowed.includes(value as T)) {
    throw refuse('invalid', `${key} must be one of ${allowed.join(', ')}.`);
  }
  return value as T;
}

/** Splits at a separator that is not escaped by a backslash; the parts stay escaped. */
export function split(value: string, separator: ',' | '|' | '$'): string[] {
  if (!value.includes('\\')) {
    return value.split(separator);
  }
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < value.length; i++) {
    if (value[i] === '\\' && i + 1 < value.length) {
      part += value.slice(i, i + 2);
      i++;
    } else if (value[i] === separator) {
      parts.push(part);
      part = '';
    } else {
      part += value[i];
    }
  }
  parts.push(part);
  return parts;
}

export function unescapeValue(value: string): string {
  return value.replace(/\\([\\,|$])/g, '$1');
}
