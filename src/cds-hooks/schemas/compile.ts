import { Ajv2020 } from 'ajv/dist/2020.js';

const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  strictTypes: false,
  allErrors: false,
  ownProperties: true,
});

/** Where and why a value failed, in words of the schema only: the value itself may be patient data. */
export type Check = (value: unknown) => string | undefined;

/** Compiled once, where a module is loaded. */
export function compile(schema: object): Check {
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) {
      return undefined;
    }
    const error = validate.errors?.[0];
    const place = error === undefined || error.instancePath === '' ? 'the body' : placeOf(error.instancePath);
    return `${place} ${error?.keyword === 'pattern' ? 'is not of the form that is required' : (error?.message ?? 'is not valid')}`;
  };
}

/** Names of our own schema stay; the sender's own keys (below `prefetch`) and array positions do not. */
function placeOf(instancePath: string): string {
  const parts = instancePath.slice(1).split('/');
  return parts[0] === 'prefetch' ? 'a value of prefetch' : parts.join('.');
}
