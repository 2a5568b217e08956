import { type Element, findAll } from './markup-tree.ts';

/** Elements of which nothing is shown. */
const unseen = new Set(
  'head script style template noscript svg object iframe canvas audio video map datalist renderMultiMedia'.split(' '),
);
const hides =
  /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:[;!]|$))/i;

/** Rules of a style sheet outside of blocks like `@media`, which hold on paper or on small screens only. */
function rulesOf(css: string): readonly { readonly selectors: string; readonly body: string }[] {
  const rules: { selectors: string; body: string }[] = [];
  let depth = 0;
  let from = 0;
  let selectors = '';
  for (let at = 0; at < css.length; at++) {
    if (css[at] === '{') {
      if (depth === 0) {
        selectors = css.slice(from, at).trim();
        from = at + 1;
      }
      depth++;
    } else if (css[at] === '}' && depth > 0) {
      depth--;
      if (depth === 0) {
        if (!selectors.startsWith('@')) {
          rules.push({ selectors, body: css.slice(from, at) });
        }
        from = at + 1;
      }
    }
  }
  return rules;
}

/** Selectors of one name, class or id of which the style sheets of a page say that they are not shown. */
function hiddenSelectors(root: Element): ReadonlySet<string> {
  const css = findAll(root, ({ name }) => name === 'style')
    .flatMap(({ children }) => children.filter((child) => typeof child === 'string'))
    .join('\n')
    .slice(0, 200_000)
    .replace(/\/\*[\s\S]*?\*\/|<!--|-->/g, '');
  return new Set(
    rulesOf(css)
      .filter(({ body }) => hides.test(body))
      .flatMap(({ selectors }) => selectors.split(',').map((one) => one.trim().toLowerCase())),
  );
}

/** Whether a reader of the page sees an element: by its name, its attributes, and the style sheets of the page. */
export function shownBy(root: Element): (element: Element) => boolean {
  const hidden = hiddenSelectors(root);
  return ({ name, attributes }) => {
    const id = attributes.get('id');
    const classes = (attributes.get('class') ?? '').split(/\s+/).filter(Boolean);
    const names = [name, ...(id ? [`#${id}`] : []), ...classes.flatMap((one) => [`.${one}`, `${name}.${one}`])];
    return (
      !unseen.has(name) &&
      !attributes.has('hidden') &&
      attributes.get('type') !== 'hidden' &&
      !hides.test(attributes.get('style') ?? '') &&
      !names.some((one) => hidden.has(one.toLowerCase()))
    );
  };
}
