import type { Patient } from '@medplum/fhirtypes';
import type { DicomHeader } from '../../imaging/image.ts';
import type { ChartIdentity, ComparisonInput } from './input.ts';

/** Whom a record speaks of, as far as it says. */
interface Person {
  readonly ids: readonly string[];
  /** Lower-case name parts of each name. */
  readonly names: readonly ReadonlySet<string>[];
  readonly birthDate?: string;
}

export function identityOf(patient: Patient): ChartIdentity {
  return {
    identifiers: [
      ...(patient.identifier ?? []).flatMap((one) => (one.value ? [one.value] : [])),
      ...(patient.id ? [patient.id] : []),
    ],
    names: (patient.name ?? []).map(({ family, given }) => ({
      ...(family ? { family } : {}),
      given: given ?? [],
    })),
    ...(patient.birthDate ? { birthDate: patient.birthDate } : {}),
  };
}

/** Whether both films, and the chart where there is one, can be of one person. */
export function samePerson({ prior, current, patient }: ComparisonInput): boolean {
  const films = [fromHeader(prior.radiograph.header), fromHeader(current.radiograph.header)] as const;
  const chart = patient && fromChart(patient);
  return agrees(films[0], films[1]) && (chart === undefined || films.every((film) => agrees(film, chart)));
}

/** Whether what the films say of their patient was held against each other, or against the chart, and something agreed. */
export function personIsKnown({ prior, current, patient }: ComparisonInput): boolean {
  const films = [fromHeader(prior.radiograph.header), fromHeader(current.radiograph.header)] as const;
  const says = (one: Person, other: Person): boolean => Object.values(held(one, other)).includes(true);
  return says(films[0], films[1]) || (patient !== undefined && films.every((film) => says(film, fromChart(patient))));
}

/** What two records say alike (true) or unlike (false); undefined where one of them says nothing. */
function held(one: Person, other: Person) {
  const some = <T>(a: readonly T[], b: readonly T[], equal: (x: T, y: T) => boolean): boolean | undefined =>
    a.length > 0 && b.length > 0 ? a.some((x) => b.some((y) => equal(x, y))) : undefined;
  return {
    dates: one.birthDate && other.birthDate ? one.birthDate === other.birthDate : undefined,
    names: some(one.names, other.names, sameName),
    ids: some(one.ids, other.ids, (x, y) => x === y),
  };
}

/**
 * A birth date or a name that differs is another person. A number that differs is not by itself, since hospitals number
 * differently, but then name and birth date must both be there and agree.
 */
function agrees(one: Person, other: Person): boolean {
  const { dates, names, ids } = held(one, other);
  if (dates === false || names === false) {
    return false;
  }
  return ids !== false || (dates === true && names === true);
}

/** Names agree when every part of the shorter one stands in the longer one, initials counting as their names. */
function sameName(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [short, long] = one.size <= other.size ? [one, other] : [other, one];
  const shared = [...short].filter(
    (part) => long.has(part) || (part.length === 1 && [...long].some((whole) => whole.startsWith(part))),
  );
  return short.size > 0 && shared.length === short.size && shared.some((part) => part.length > 1);
}

function fromHeader(header: DicomHeader): Person {
  const parts = nameParts(header.patientName ?? '');
  const id = header.patientId?.trim();
  return {
    ids: id && !/^(0+|unknown|anonymous|anon)$/i.test(id) ? [id.toLowerCase()] : [],
    names: parts.size > 0 ? [parts] : [],
    ...(header.patientBirthDate ? { birthDate: header.patientBirthDate } : {}),
  };
}

function fromChart({ identifiers, names, birthDate }: ChartIdentity): Person {
  return {
    ids: identifiers.map((id) => id.trim().toLowerCase()),
    names: names.map(({ family, given }) => nameParts([family, ...given].join(' '))).filter((parts) => parts.size > 0),
    // a year or a month alone is compared with nothing
    ...(birthDate?.length === 10 ? { birthDate } : {}),
  };
}

function nameParts(name: string): ReadonlySet<string> {
  return new Set(
    name
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((part) => part !== '' && part !== 'anonymous' && part !== 'unknown'),
  );
}
