import { abstain } from '../analysis.ts';
import type { PrintedPatient } from './finding.ts';
import type { LabGuard } from './guard-tools.ts';
import { compact, compareDates, compareWritten, near } from './same-patient.ts';

/** One printed fact about a patient, with the label and the page that it stands behind and on. */
export type PatientFact = PrintedPatient & { readonly page: number; readonly phrase: string };

interface Person extends PrintedPatient {
  readonly page: number;
  readonly namePhrase?: string;
  readonly identifierPhrase?: string;
}

/** Patients of whom the document speaks that cannot be the one whom it names first. */
export function otherPatients(
  facts: readonly PatientFact[],
  scanned: boolean,
): readonly (PrintedPatient & { readonly page: number })[] {
  const [main, ...rest] = personsOf(facts);
  const whole = main && complete(main, rest);
  return rest
    .filter((person) => whole !== undefined && cannotBe(whole, person, scanned))
    .map(({ name, birthDate, identifier, page }) => ({
      ...(name ? { name } : {}),
      ...(birthDate ? { birthDate } : {}),
      ...(identifier ? { identifier } : {}),
      page,
    }));
}

/** A file of reports of two people has no one patient: nothing is taken from it. */
export const onePatient: LabGuard = (finding) =>
  finding.document.patient.others?.length
    ? abstain('several-patients', 'The document names more than one patient.')
    : finding;

/** What stands together: a page, or less where a fact is printed again with another value. */
function personsOf(facts: readonly PatientFact[]): readonly Person[] {
  const persons: Person[] = [];
  for (const { page, phrase, name, birthDate, identifier } of facts) {
    const last = persons.at(-1);
    const again =
      !last ||
      last.page !== page ||
      (name !== undefined && last.namePhrase === phrase && last.name !== name) ||
      (birthDate !== undefined && last.birthDate !== undefined && last.birthDate !== birthDate) ||
      (identifier !== undefined && last.identifierPhrase === phrase && last.identifier !== identifier);
    const fresh: Person = {
      page,
      ...(name ? { name, namePhrase: phrase } : {}),
      ...(birthDate ? { birthDate } : {}),
      ...(identifier ? { identifier, identifierPhrase: phrase } : {}),
    };
    if (again) {
      persons.push(fresh);
    } else {
      // The first print of a page counts: other numbers of the same person stand behind other labels.
      persons[persons.length - 1] = { ...fresh, ...last };
    }
  }
  return persons;
}

/** The first page may name and the second tell when somebody was born: what does not contradict adds to the first. */
function complete(main: Person, rest: readonly Person[]): Person {
  const sameName = rest.find(({ name }) => name && main.name && compareWritten(name, main.name) === 'same');
  return sameName ? { ...sameName, ...main } : main;
}

/**
 * Birth dates that differ, unless the print was misread or day and month exchanged; without them, names that have nothing
 * in common. A number alone proves nothing: a person has several.
 */
function cannotBe(a: Person, b: Person, scanned: boolean): boolean {
  const names = a.name && b.name ? compareWritten(a.name, b.name) : undefined;
  const numbered =
    a.identifier !== undefined && b.identifier !== undefined && a.identifierPhrase === b.identifierPhrase;
  const sameNumber = numbered && sameIdentifier(a.identifier!, b.identifier!, scanned);
  if (a.birthDate && b.birthDate) {
    const dates = compareDates(a.birthDate, b.birthDate, scanned);
    if (dates === 'other') return !(sameNumber && names === 'same');
    return names === 'other' && numbered && !sameNumber;
  }
  if (names !== 'other' || sameNumber) return false;
  const words = (name: string) => name.split(/[^\p{L}]+/u).filter((word) => word.length > 1).length;
  return (
    (numbered && !sameNumber) ||
    (a.page !== b.page &&
      a.namePhrase !== '' &&
      a.namePhrase === b.namePhrase &&
      words(a.name!) > 1 &&
      words(b.name!) > 1)
  );
}

function sameIdentifier(a: string, b: string, scanned: boolean): boolean {
  const [one, other] = [compact(a), compact(b)];
  return one === other || (scanned && near(one, other));
}
