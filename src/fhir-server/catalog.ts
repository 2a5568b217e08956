import { createHash } from 'node:crypto';
import type { ResourceType, SearchParameter } from '@medplum/fhirtypes';
import { isCommon, loadDefinitions, readDefinitions } from '../fhir/definitions.ts';
import { compilePath, elementType, type Path } from './path.ts';

export type ParameterKind = 'token' | 'reference' | 'date' | 'string' | 'quantity' | 'number' | 'uri' | 'composite';

/** One search parameter of one resource type, ready to index and to search by. */
export interface Parameter {
  /** Its number in the index tables. */
  readonly id: number;
  readonly type: string;
  readonly code: string;
  readonly kind: ParameterKind;
  readonly url?: string;
  /** Types that a reference may point to. */
  readonly targets: readonly string[];
  /** Values of a resource, or of an element when it is part of a composite. */
  readonly read: Path;
  /** Of a composite: each element that it is read from, with one parameter per component. */
  readonly contexts?: readonly CompositeContext[];
}

export interface CompositeContext {
  /** Elements of the resource that are read together; absent when it is the resource itself. */
  readonly elements?: Path;
  readonly components: readonly Parameter[];
}

export interface Catalog {
  readonly types: readonly ResourceType[];
  parameters(type: string): ReadonlyMap<string, Parameter>;
  /** Changes whenever the index rows that the catalog leads to may change. */
  readonly fingerprint: string;
}

/** Raised when the rows that are made from the same definitions change. */
const INDEX_VERSION = 2;

export function buildCatalog(): Catalog {
  loadDefinitions();
  const definitions = readDefinitions();
  const byType = new Map<string, Map<string, Parameter>>();
  let id = 0;
  const add = (
    type: string,
    code: string,
    kind: ParameterKind,
    rest: Omit<Parameter, 'id' | 'type' | 'code' | 'kind'>,
  ) => ({
    id: ++id,
    type,
    code,
    kind,
    ...rest,
  });

  for (const type of definitions.resourceTypes) {
    const parameters = new Map<string, Parameter>();
    byType.set(type, parameters);
    const own = definitions.parameters.filter((p) => isCommon(p) || (p.base as readonly string[]).includes(type));
    // composites last: a component that is read from the whole resource shares the rows of its own parameter
    for (const definition of own.toSorted((a, b) => Number(a.type === 'composite') - Number(b.type === 'composite'))) {
      const { code, type: kind, url } = definition;
      if (kind === 'special') {
        continue;
      }
      const expression = branchesOf(definition, type);
      const targets: readonly string[] = definition.target ?? [];
      const contexts =
        kind === 'composite'
          ? expression.split(' | ').map((context): CompositeContext => {
              const shared = context === type;
              const components = (definition.component ?? []).map((component, i) => {
                const base = definitions.parameters.find((p) => p.url === component.definition);
                const sameRows = base && shared ? parameters.get(base.code) : undefined;
                return (
                  sameRows ??
                  add(type, `${code}$${context}$${i}`, (base?.type ?? 'token') as ParameterKind, {
                    targets: base?.target ?? [],
                    read: compilePath(component.expression, shared ? type : elementType(context), true),
                  })
                );
              });
              return shared ? { components } : { components, elements: compilePath(context, type) };
            })
          : undefined;
      const read = kind === 'composite' ? () => [] : compilePath(expression, type);
      parameters.set(code, add(type, code, kind, { url, targets, read, contexts }));
    }
  }

  const fingerprint = createHash('sha256')
    .update(JSON.stringify([INDEX_VERSION, definitions.resourceTypes, definitions.parameters]))
    .digest('hex');
  const none = new Map<string, Parameter>();
  return { types: definitions.resourceTypes, parameters: (type) => byType.get(type) ?? none, fingerprint };
}

function branchesOf({ expression }: SearchParameter, type: string): string {
  return expression!
    .split(' | ')
    .filter((branch) => ['Resource', type].includes(/[A-Z]\w*/.exec(branch)?.[0] ?? ''))
    .join(' | ');
}
