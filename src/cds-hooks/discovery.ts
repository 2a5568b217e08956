import { IntervalError } from '../errors.ts';
import { compile } from './schemas/compile.ts';
import { discoverySchema } from './schemas/discovery.ts';
import { type CdsServiceDefinition, hookNames } from './service.ts';
import { checkTemplates } from './template.ts';

const check = compile(discoverySchema);

/** Parses `cds-services.json`; throws `config-invalid` where it breaks a rule of discovery. */
export function readServices(json: unknown): readonly CdsServiceDefinition[] {
  const problem = check(json);
  if (problem !== undefined) {
    throw new IntervalError('config-invalid', `cds-services.json is not valid: ${problem}.`);
  }
  const { services } = json as { services: readonly CdsServiceDefinition[] };
  for (const definition of services) {
    checkDefinition(definition);
  }
  if (new Set(services.map(({ id }) => id)).size !== services.length) {
    // The specification allows an id for several hooks; the CDS Hooks sandbox then loses a service.
    throw new IntervalError('config-invalid', 'cds-services.json names a service id twice.');
  }
  return services;
}

export function checkDefinition(definition: CdsServiceDefinition): void {
  const { id, hook, prefetch = {}, required = [] } = definition;
  if (!hookNames.includes(hook)) {
    throw new IntervalError('config-invalid', `Service ${id}: the hook ${hook} is not one that is answered here.`);
  }
  const unknown = required.find((key) => !Object.hasOwn(prefetch, key));
  if (unknown !== undefined) {
    throw new IntervalError('config-invalid', `Service ${id}: the required key ${unknown} has no prefetch template.`);
  }
  checkTemplates(definition);
}

/** The body of the discovery answer: the definitions without what is only ours. */
export function discoveryOf(definitions: readonly CdsServiceDefinition[]) {
  return { services: definitions.map(({ required: _ours, ...served }) => served) };
}
