import type { Catalog, Parameter } from './catalog.ts';
import { FAR_FUTURE, FAR_PAST, spanOf } from './period.ts';

/** Values of one row, without the resource: parameter id, group, then the table's own columns. */
export interface IndexRows {
  /** system, code */
  readonly token: (readonly [number, number, string, string])[];
  /** target */
  readonly reference: (readonly [number, number, string])[];
  /** from, to */
  readonly date: (readonly [number, number, number, number])[];
  /** folded, exact */
  readonly string: (readonly [number, number, string, string])[];
  /** low, high, system, code, unit */
  readonly quantity: (readonly [number, number, number, number, string, string, string])[];
  /** value */
  readonly uri: (readonly [number, number, string])[];
}

type Json = Record<string, unknown>;

/** What is searched by, taken out of a resource when it is written. `base` is the server's own URL. */
export function indexRows(catalog: Catalog, resource: { resourceType: string }, base: string): IndexRows {
  const rows: IndexRows = { token: [], reference: [], date: [], string: [], quantity: [], uri: [] };
  for (const parameter of catalog.parameters(resource.resourceType).values()) {
    if (parameter.kind !== 'composite') {
      addValues(rows, parameter, 0, parameter.read(resource), base);
      continue;
    }
    for (const { elements, components } of parameter.contexts ?? []) {
      const found = elements ? elements(resource) : [];
      found.forEach((element, i) => {
        for (const component of components) {
          addValues(rows, component, i + 1, component.read(element as object), base);
        }
      });
    }
  }
  return rows;
}

/** Folds case, accents and spaces, as string search ignores them. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim();
}

/** A reference as the index holds it: `Type/id` for this server's own, without a version. */
export function normalizeReference(reference: string, base: string): string {
  const local = reference.startsWith(`${base}/`) ? reference.slice(base.length + 1) : reference;
  return local.replace(/\/_history\/[^/]*$/, '');
}

function addValues(
  rows: IndexRows,
  parameter: Parameter,
  group: number,
  values: readonly unknown[],
  base: string,
): void {
  for (const value of values) {
    if (value === null || value === undefined) {
      continue;
    }
    switch (parameter.kind) {
      case 'token':
        addToken(rows, parameter.id, group, value);
        break;
      case 'reference':
        addReference(rows, parameter.id, group, value, base);
        break;
      case 'date': {
        const span = spanOf(value);
        if (span) rows.date.push([parameter.id, group, ...span]);
        break;
      }
      case 'string':
        for (const text of textsOf(value)) rows.string.push([parameter.id, group, fold(text), text]);
        break;
      case 'quantity':
      case 'number':
        addQuantity(rows, parameter.id, group, value);
        break;
      case 'uri':
        rows.uri.push([parameter.id, group, String(value)]);
        break;
    }
  }
}

function addToken(rows: IndexRows, id: number, group: number, value: unknown): void {
  const token = (system: unknown, code: unknown) => {
    if (system !== undefined || code !== undefined) {
      rows.token.push([id, group, system === undefined ? '' : String(system), code === undefined ? '' : String(code)]);
    }
  };
  const text = (words: unknown) => {
    if (typeof words === 'string') rows.string.push([id, group, fold(words), words]);
  };
  if (typeof value !== 'object') {
    token(undefined, value);
    return;
  }
  const { coding, system, code, value: content, display, text: words, type } = value as Json;
  if (Array.isArray(coding)) {
    for (const each of coding as Json[]) {
      token(each.system, each.code);
      text(each.display);
    }
  }
  // Coding has a code; Identifier and ContactPoint have a value
  if (coding === undefined) token(system, code ?? content);
  text(display);
  text(words);
  text((type as Json | undefined)?.text);
}

function addReference(rows: IndexRows, id: number, group: number, value: unknown, base: string): void {
  if (typeof value === 'string') {
    // canonical: found with and without its version
    rows.reference.push([id, group, value]);
    const bar = value.indexOf('|');
    if (bar > 0) rows.reference.push([id, group, value.slice(0, bar)]);
    return;
  }
  const { reference, identifier, resourceType, id: resourceId } = value as Json;
  if (typeof reference === 'string' && !reference.startsWith('#')) {
    rows.reference.push([id, group, normalizeReference(reference, base)]);
  } else if (typeof resourceType === 'string' && typeof resourceId === 'string') {
    rows.reference.push([id, group, `${resourceType}/${resourceId}`]);
  }
  if (typeof identifier === 'object' && identifier !== null) {
    addToken(rows, id, group, { system: (identifier as Json).system, value: (identifier as Json).value });
  }
}

function addQuantity(rows: IndexRows, id: number, group: number, value: unknown): void {
  if (typeof value === 'number') {
    rows.quantity.push([id, group, value, value, '', '', '']);
    return;
  }
  const { value: amount, comparator, system, code, unit, low, high, currency } = value as Json;
  if (low !== undefined || high !== undefined) {
    const unitOf = ((low ?? high) as Json) ?? {};
    const from = ((low as Json | undefined)?.value as number | undefined) ?? FAR_PAST;
    const to = ((high as Json | undefined)?.value as number | undefined) ?? FAR_FUTURE;
    rows.quantity.push([id, group, from, to, text(unitOf.system), text(unitOf.code), text(unitOf.unit)]);
  } else if (typeof amount === 'number') {
    const from = comparator === '<' || comparator === '<=' ? FAR_PAST : amount;
    const to = comparator === '>' || comparator === '>=' ? FAR_FUTURE : amount;
    rows.quantity.push([id, group, from, to, text(system), text(code ?? currency), text(unit)]);
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The parts of a HumanName or an Address are searched one by one; everything else is one text. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const {
    text: words,
    family,
    given,
    prefix,
    suffix,
    line,
    city,
    district,
    state,
    postalCode,
    country,
  } = value as Json;
  const parts = [words, family, given, prefix, suffix, line, city, district, state, postalCode, country];
  return parts.flat().filter((part) => typeof part === 'string');
}
