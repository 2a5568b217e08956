import { IntervalError } from '../errors.ts';
import type { HookContext } from './context.ts';
import type { CdsServiceDefinition, HookName } from './service.ts';

/** Root-level primitive fields that each hook marks "Prefetch Token: Yes" and the user tokens of 2.0.1. */
const contextTokens: Readonly<Record<HookName, readonly string[]>> = {
  'patient-view': ['userId', 'patientId', 'encounterId'],
  'order-select': ['userId', 'patientId', 'encounterId'],
  'order-sign': ['userId', 'patientId', 'encounterId'],
};

const userTypes: Readonly<Record<string, string>> = {
  userPractitionerId: 'Practitioner',
  userPractitionerRoleId: 'PractitionerRole',
  userPatientId: 'Patient',
  userRelatedPersonId: 'RelatedPerson',
};

const token = /\{\{([^}]*)\}\}/g;

/** Start-up check (D8, D9, D11): only tokens that every 2.0 client can resolve, and no parameter twice. */
export function checkTemplates({ id, hook, prefetch = {} }: CdsServiceDefinition): void {
  for (const [key, template] of Object.entries(prefetch)) {
    for (const [, name = ''] of template.matchAll(token)) {
      const known = name.startsWith('context.')
        ? contextTokens[hook].includes(name.slice('context.'.length))
        : Object.hasOwn(userTypes, name);
      if (!known) {
        throw new IntervalError(
          'config-invalid',
          `Service ${id}: prefetch ${key} uses {{${name}}}, which ${hook} has not.`,
        );
      }
    }
    const names = (template.split('?')[1] ?? '').split('&').map((pair) => pair.split('=')[0]);
    if (new Set(names).size !== names.length) {
      throw new IntervalError('config-invalid', `Service ${id}: prefetch ${key} names a parameter twice.`);
    }
  }
}

/** The query of a template, values percent-encoded (X6); undefined when the context lacks what it needs. */
export function resolveTemplate(template: string, { context }: HookContext): string | undefined {
  let complete = true;
  const query = template.replaceAll(token, (_whole, name: string) => {
    const value = name.startsWith('context.')
      ? (context as object as Record<string, unknown>)[name.slice('context.'.length)]
      : userId(name, context.userId);
    complete &&= typeof value === 'string';
    return typeof value === 'string' ? value.split('/').map(encodeURIComponent).join('/') : '';
  });
  return complete ? query : undefined;
}

function userId(name: string, reference: string): string | undefined {
  const [type, id] = reference.split('/');
  return type === userTypes[name] ? id : undefined;
}
