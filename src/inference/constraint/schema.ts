import { areDisjoint } from './disjoint.ts';
import type { Grammar, Node, Property } from './grammar.ts';
import { leastTexts } from './least.ts';
import { count, enumeration, isType, numberNode, stringNode, typeNames, unsupported } from './scalars.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** They say nothing about what is valid. */
const annotations = [
  'title',
  'description',
  '$schema',
  '$comment',
  '$defs',
  'definitions',
  'default',
  'examples',
  'deprecated',
];
const assertions: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  array: ['items', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties'],
};

/**
 * JSON Schema, draft 2020-12 → grammar of compact JSON texts that are all valid under it, though not of all that are:
 * properties come in the order of `properties` and no others do, values are written in one way.
 * Throws `schema-unsupported` for every keyword that could not be guaranteed.
 */
export function grammarOf(root: object): Grammar {
  const nodes: Node[] = [];
  const indices = new Map<unknown, number>();
  const ways: number[][] = [];

  function indexOf(schema: unknown): number {
    const known = indices.get(schema);
    if (known !== undefined) return known;
    const index = nodes.length;
    indices.set(schema, index);
    nodes.push({ kind: 'any', options: [] });
    nodes[index] = nodeOf(asSchema(schema));
    return index;
  }

  function nodeOf(schema: Schema): Node {
    const allow = (beside: string, ...keywords: readonly string[]) => {
      const isRootId = (key: string) => key === '$id' && schema === root;
      const other = Object.keys(schema).find(
        (key) => !keywords.includes(key) && !annotations.includes(key) && !isRootId(key),
      );
      if (other !== undefined) throw unsupported(other, `is not supported${beside}`);
    };
    for (const keyword of ['$ref', 'anyOf', 'oneOf']) {
      if (keyword in schema) allow(` beside "${keyword}"`, keyword);
    }
    if ('$ref' in schema) return { kind: 'any', options: [indexOf(resolve(root, schema.$ref))] };
    if ('anyOf' in schema) return { kind: 'any', options: listOf(schema, 'anyOf').map(indexOf) };
    if ('oneOf' in schema) {
      const options = listOf(schema, 'oneOf').map(indexOf);
      ways.push(options);
      return { kind: 'any', options };
    }
    for (const keyword of ['const', 'enum']) {
      if (!(keyword in schema)) continue;
      allow(` beside "${keyword}"`, keyword, 'type');
      const values = keyword === 'const' ? [schema.const] : listOf(schema, 'enum');
      const types = 'type' in schema ? typesOf(schema) : typeNames;
      return enumeration(values.filter((value) => types.some((type) => isType(value, type))));
    }
    allow('', 'type', ...Object.values(assertions).flat());
    const options = typesOf(schema).map((type) => typed(schema, type));
    if (options.length === 1) return options[0]!;
    return { kind: 'any', options: options.map((option) => nodes.push(option) - 1) };
  }

  function typed(schema: Schema, type: string): Node {
    if (type === 'null') return enumeration([null]);
    if (type === 'boolean') return enumeration([false, true]);
    if (type === 'string') return stringNode(schema);
    if (type === 'array') return arrayNode(schema);
    if (type === 'object') return { kind: 'object', properties: propertiesOf(schema) };
    return numberNode(schema, type === 'integer');
  }

  function arrayNode(schema: Schema): Node {
    const [min = 0, max] = [count(schema, 'minItems'), count(schema, 'maxItems')];
    if (max !== undefined && min > max) throw unsupported('minItems', 'exceeds "maxItems"');
    if (!('items' in schema)) throw unsupported('items', 'is missing, anything would be allowed');
    return { kind: 'array', item: indexOf(schema.items), min, max };
  }

  function propertiesOf(schema: Schema): readonly Property[] {
    const { additionalProperties: others = false } = schema;
    if (typeof others !== 'boolean') throw unsupported('additionalProperties', 'is not supported as a schema');
    const properties = Object.entries(asSchema(schema.properties ?? {}));
    const required = (schema.required ?? []) as readonly string[];
    if (required.some((key) => !properties.some(([own]) => own === key))) {
      throw unsupported('required', 'names what is not in "properties"');
    }
    return properties.map(([key, value]) => ({ key, required: required.includes(key), value: indexOf(value) }));
  }

  const start = indexOf(root);
  for (const options of ways) {
    const apart = options.every((one, i) => options.slice(i + 1).every((other) => areDisjoint(nodes, one, other)));
    if (!apart) throw unsupported('oneOf', 'has options that may be valid together');
  }
  return { nodes, root: start, least: leastTexts(nodes) };
}

function asSchema(schema: unknown): Schema {
  if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema as Schema;
  throw unsupported(String(schema), 'is not supported as a schema');
}

function listOf(schema: Schema, keyword: string): readonly unknown[] {
  const list = schema[keyword];
  if (!Array.isArray(list) || list.length === 0) throw unsupported(keyword, 'is empty');
  return list;
}

/** As named, or as the other keywords suggest: they only make sense for one type. */
function typesOf(schema: Schema): readonly string[] {
  if ('type' in schema) {
    const types = [schema.type].flat() as readonly string[];
    if (types.length === 0 || types.some((type) => !typeNames.includes(type)))
      throw unsupported('type', 'is not known');
    return types.filter((type) => type !== 'integer' || !types.includes('number'));
  }
  const types = Object.keys(assertions).filter((type) => assertions[type]!.some((keyword) => keyword in schema));
  if (types.length === 0) throw unsupported('type', 'is missing, anything would be allowed');
  return types;
}

/** A JSON Pointer into the same schema. */
function resolve(root: object, reference: unknown): unknown {
  const [, pointer] = /^#((?:\/.*)?)$/.exec(String(reference)) ?? [];
  if (pointer === undefined) throw unsupported('$ref', 'may only point into the same schema, by path');
  let found: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = Object.hasOwn(Object(found), key) ? (found as Schema)[key] : undefined;
  }
  if (found === undefined) throw unsupported('$ref', 'points to nothing');
  return found;
}
