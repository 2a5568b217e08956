/** An element of HTML or XML. Names are without prefix; those of HTML are in lower case. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Node[];
}

export type Node = Element | string;

/** Child elements, of one name where it is given. */
export function childrenOf(element: Element | undefined, name?: string): readonly Element[] {
  return (element?.children ?? []).filter(
    (child): child is Element => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** The first element on a path of child names. */
export function descend(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  return path.reduce<Element | undefined>((found, name) => childrenOf(found, name)[0], element);
}

/** All elements below, in document order, for which `test` holds; what is inside one of them is not searched. */
export function findAll(element: Element, test: (one: Element) => boolean): readonly Element[] {
  const found: Element[] = [];
  const stack: Element[] = [element];
  while (stack.length > 0) {
    const one = stack.pop()!;
    if (test(one)) {
      found.push(one);
    } else {
      stack.push(...childrenOf(one).toReversed());
    }
  }
  return found;
}

/** All text below, white space as one space; zero-width characters are left out. */
export function textOf(node: Node | undefined): string {
  const out: string[] = [];
  const stack: Node[] = node === undefined ? [] : [node];
  while (stack.length > 0) {
    const one = stack.pop()!;
    if (typeof one === 'string') {
      out.push(one);
    } else {
      stack.push(...one.children.toReversed());
      out.push(one.name === 'br' ? ' ' : '');
    }
  }
  return tidy(out.join(''));
}

/** White space as one space, ends trimmed, zero-width characters left out. */
export function tidy(text: string): string {
  return text
    .replace(/[\u200b\u2060\ufeff\u00ad]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
