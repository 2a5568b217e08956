import type { ElementDefinition, Extension, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { CANONICAL } from './codes.ts';
import type { Profiles } from './profiles.ts';
import type { Issue } from './validate.ts';
import { capitalized } from './value-types.ts';

/** Codes of the required bindings inside our extensions, by value set. */
const codes: Readonly<Record<string, readonly string[]>> = {
  [`${CANONICAL}/ValueSet/comparison-role`]: ['current', 'prior'],
};

/** Extensions of ours: known, in their place, and with the content that their definitions ask for. */
export function extensionIssues(resource: Resource, profiles: Profiles): readonly Issue[] {
  return walk(resource, resource.resourceType, profiles);
}

function walk(value: unknown, path: string, profiles: Profiles): readonly Issue[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => walk(item, path, profiles));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'extension' || key === 'modifierExtension') {
      return (item as readonly Extension[])
        .filter((one) => one.url?.startsWith(CANONICAL))
        .flatMap((one) => checkExtension(one, path, profiles));
    }
    return walk(item, `${path}.${key}`, profiles);
  });
}

function checkExtension(extension: Extension, path: string, profiles: Profiles): readonly Issue[] {
  const at = `${path}.extension`;
  const definition = profiles.get(extension.url as string);
  if (definition === undefined) {
    return [{ path: at, rule: 'extension is not defined' }];
  }
  if (!definition.context?.some((context) => context.expression === path)) {
    return [{ path: at, rule: `${definition.id} does not belong here` }];
  }
  return checkLevel(extension, 'Extension', definition, at);
}

/** One level of an extension against the elements of its definition whose id starts with `id`. */
function checkLevel(extension: Extension, id: string, definition: StructureDefinition, path: string): readonly Issue[] {
  const elements = definition.snapshot?.element ?? [];
  const find = (wanted: string) => elements.find((element) => element.id === wanted);
  const slices = elements.filter(
    (element) =>
      element.id?.startsWith(`${id}.extension:`) && !element.id.slice(`${id}.extension:`.length).includes('.'),
  );
  const parts = extension.extension ?? [];
  const issues: Issue[] = [];
  for (const slice of slices) {
    const own = parts.filter((part) => part.url === slice.sliceName);
    if (own.length < (slice.min ?? 0) || own.length > maximum(slice)) {
      issues.push({ path: `${path}.${slice.sliceName}`, rule: `needs ${slice.min}..${slice.max}` });
    }
    issues.push(
      ...own.flatMap((part) => checkLevel(part, slice.id as string, definition, `${path}.${slice.sliceName}`)),
    );
  }
  if (parts.some((part) => !slices.some((slice) => slice.sliceName === part.url))) {
    issues.push({ path, rule: 'part is not defined' });
  }
  return [...issues, ...checkValue(extension, find(`${id}.value[x]`), path)];
}

function checkValue(extension: Extension, element: ElementDefinition | undefined, path: string): readonly Issue[] {
  const keys = Object.keys(extension).filter((key) => key.startsWith('value'));
  const allowed =
    element?.max === '0' ? [] : (element?.type ?? []).map((type) => `value${capitalized(type.code ?? '')}`);
  if (keys.some((key) => !allowed.includes(key)) || keys.length > 1) {
    return [{ path, rule: 'type of the value is not allowed here' }];
  }
  if (keys.length < (element?.min ?? 0)) {
    return [{ path, rule: 'value is missing' }];
  }
  const valueSet = element?.binding?.strength === 'required' ? element.binding.valueSet : undefined;
  const permitted = valueSet === undefined ? undefined : codes[valueSet];
  const value = keys[0] === undefined ? undefined : Object.entries(extension).find(([key]) => key === keys[0])?.[1];
  return permitted !== undefined && !permitted.includes(value as string)
    ? [{ path, rule: 'code is not in the required value set' }]
    : [];
}

function maximum(element: ElementDefinition): number {
  return element.max === '*' ? Number.POSITIVE_INFINITY : Number(element.max ?? 1);
}
