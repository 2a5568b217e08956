import { evalFhirPathTyped, getElementDefinition, parseFhirPath, toTypedValue } from '@medplum/core';

/** Reads values out of a resource or one of its elements. */
export type Path = (context: object) => unknown[];

type Step = (values: readonly unknown[]) => unknown[];

/**
 * Compiles a search parameter's expression. R4's expressions use very little of FHIRPath: members, `ofType`, `where`
 * with one equality or `resolve() is`, an index. That much is compiled to plain property reads, which is an order of
 * magnitude faster than the interpreter; anything else goes to the interpreter of @medplum/core.
 *
 * @param type Type that the expression starts from, such as `Observation`, or `ObservationComponent` for a path that is
 *   relative to an element.
 * @param relative Whether the expression leaves out the type's name, as in a composite's components.
 */
export function compilePath(expression: string, type: string, relative = false): Path {
  const branches = expression.split(' | ').map((branch) => compileBranch(branch, type, relative));
  if (branches.some((steps) => steps === undefined)) {
    const parsed = parseFhirPath(expression);
    return (context) => evalFhirPathTyped(parsed, [toTypedValue(context)]).map(({ value }) => value);
  }
  return (context) =>
    (branches as Step[][]).flatMap((steps) =>
      steps.reduce<unknown[]>((values, step) => (values.length > 0 ? step(values) : values), [context]),
    );
}

/** The type of the element that a plain member path leads to, such as `ObservationComponent`. */
export function elementType(path: string): string {
  const [root, ...members] = path.split('.');
  return members.reduce((type, name) => getElementDefinition(type, name)?.type[0]?.code ?? type, root!);
}

function compileBranch(branch: string, type: string, relative: boolean): Step[] | undefined {
  // "(A.b.ofType(C)).text" and "(A.b.ofType(C))": the brackets bind nothing
  const segments = branch.replace(/^\((.*\))\)/, '$1').match(/(?:[^.(]|\([^()]*(?:\([^()]*\)[^()]*)*\))+/g) ?? [];
  const steps: Step[] = [];
  let current = type;
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    if (i === 0 && !relative) {
      if (segment !== type && segment !== 'Resource') {
        return undefined;
      }
      continue;
    }
    const step = compileFunction(segment) ?? compileMember(current, segment, segments[i + 1]);
    if (step === undefined) {
      return undefined;
    }
    current = step.next ?? current;
    i += step.consumed ?? 0;
    steps.push(step.run);
  }
  return steps;
}

interface Compiled {
  readonly run: Step;
  /** The type that it leads to, when it is not the same. */
  readonly next?: string;
  /** Segments after this one that it has used up. */
  readonly consumed?: number;
}

function compileFunction(segment: string): Compiled | undefined {
  const equality = /^where\((\w+)\s*=\s*'([^']*)'\)$/.exec(segment);
  if (equality) {
    const [, member, wanted] = equality;
    return { run: (values) => values.filter((value) => (value as Record<string, unknown>)[member!] === wanted) };
  }
  const target = /^where\(resolve\(\) is (\w+)\)$/.exec(segment);
  if (target) {
    return { run: (values) => values.filter((value) => refersTo(value, target[1]!)) };
  }
  return undefined;
}

function compileMember(type: string, segment: string, following: string | undefined): Compiled | undefined {
  const match = /^(\w+)(?:\[(\d+)\])?$/.exec(segment);
  if (!match) {
    return undefined;
  }
  const [, name, index] = match;
  const element = getElementDefinition(type, name!);
  const cast = /^ofType\((\w+)\)$/.exec(following ?? '')?.[1];
  const choice = element?.path.endsWith('[x]') ?? false;
  const types = cast ? [cast] : (element?.type.map(({ code }) => code) ?? []);
  const keys = choice ? types.map((code) => name + code.charAt(0).toUpperCase() + code.slice(1)) : [name!];
  return {
    next: types[0] ?? type,
    consumed: cast ? 1 : 0,
    run: (values) => {
      const found = values.flatMap((value) => keys.flatMap((key) => (value as Record<string, unknown>)[key] ?? []));
      return index === undefined ? found : found.slice(Number(index), Number(index) + 1);
    },
  };
}

function refersTo(value: unknown, type: string): boolean {
  const { reference, type: declared } = value as { reference?: string; type?: string };
  if (reference === undefined) {
    return declared === type;
  }
  const segments = reference.split(/[/?]/);
  return segments.includes(type);
}
