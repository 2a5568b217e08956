import type { Resource, StructureDefinition } from '@medplum/fhirtypes';
import { valuesAt } from './bindings.ts';
import type { Issue } from './validate.ts';

/** Types that a profile does not allow at a choice element: `valueString` where value[x] is only CodeableConcept. */
export function choiceIssues(resource: Resource, profile: StructureDefinition): readonly Issue[] {
  return (profile.snapshot?.element ?? [])
    .filter((element) => element.path?.endsWith('[x]') && !element.sliceName && !element.id?.includes(':'))
    .flatMap((element) => {
      const names = (element.path as string).slice(0, -3).split('.').slice(1);
      const name = names.pop() as string;
      const allowed = new Set(element.type?.map((type) => name + capitalized(type.code ?? '')));
      const isChoice = (key: string) => key.startsWith(name) && /^[A-Z]/.test(key.slice(name.length));
      return valuesAt(resource, names).some((holder) =>
        Object.keys(holder as object).some((key) => isChoice(key) && !allowed.has(key)),
      )
        ? [{ path: element.path as string, rule: 'type is not allowed here' }]
        : [];
    });
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
