import { codeSystem } from '../fhir/codes.ts';

/** A CodeableConcept as far as it can be read: codes by system, and every text that names it. */
export interface Concept {
  readonly loinc: readonly string[];
  readonly snomed: readonly string[];
  /** `text` first, then displays; trimmed, not empty. */
  readonly texts: readonly string[];
}

const loincSystems: readonly unknown[] = [codeSystem.loinc, 'urn:oid:2.16.840.1.113883.6.1'];
const snomedSystems: readonly unknown[] = [codeSystem.snomed, 'urn:oid:2.16.840.1.113883.6.96'];

/** Never throws: clients send codings that are empty, concepts that are arrays, and nothing at all. */
export function conceptOf(...values: readonly unknown[]): Concept {
  const concepts = values.flat().filter(isRecord);
  const codings = concepts.flatMap(({ coding }) => (Array.isArray(coding) ? coding : [])).filter(isRecord);
  const codes = (systems: readonly unknown[]) =>
    codings.flatMap(({ system, code }) => (systems.includes(system) && typeof code === 'string' ? [code] : []));
  const texts = [...concepts.map(({ text }) => text), ...codings.map(({ display }) => display)];
  return {
    loinc: codes(loincSystems),
    snomed: codes(snomedSystems),
    texts: [...new Set(texts.flatMap((text) => textOf(text) ?? []))],
  };
}

/** Trimmed; undefined when it is empty or no text. */
export function textOf(value: unknown): string | undefined {
  return (typeof value === 'string' && value.trim()) || undefined;
}

/** The objects in a list that may be absent, no list, or have holes. */
export function listOf<T extends object>(value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value.filter((one: unknown): one is T => isRecord(one)) : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
