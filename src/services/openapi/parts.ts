/** What the descriptions of all paths are made of. */

export const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

export const json = (schema: object) => ({ content: { 'application/json': { schema } } });

export const headers = {
  'X-Request-Id': { $ref: '#/components/headers/RequestId' },
} as const;

export function answer(description: string, schema?: object) {
  return { description, headers, ...(schema === undefined ? {} : json(schema)) };
}

/** Errors by status, each an OperationOutcome. */
export function errors(described: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(described).map(([status, description]) => [
      status,
      {
        description,
        headers:
          status === '429'
            ? {
                ...headers,
                'Retry-After': { description: 'Seconds until there is room again.', schema: { type: 'integer' } },
              }
            : headers,
        ...json(ref('OperationOutcome')),
      },
    ]),
  );
}

export function pathParameter(name: string, description: string, schema: object = { type: 'string' }) {
  return { name, in: 'path', required: true, description, schema };
}

export const id = { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' } as const;

export const png = { content: { 'image/png': { schema: { type: 'string', format: 'binary' } } } };
