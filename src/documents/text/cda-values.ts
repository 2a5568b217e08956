import { childrenOf, descend, type Element, findAll, textOf, tidy } from './markup-tree.ts';

/** Text of the parts of a narrative by their ID; an entry refers to it as "#ID". */
export type Narrative = ReadonlyMap<string, Element>;

export function narrativeOf(section: Element): Narrative {
  const out = new Map<string, Element>();
  const stack: Element[] = [...childrenOf(section, 'text')];
  while (stack.length > 0) {
    const one = stack.pop()!;
    const id = one.attributes.get('ID');
    if (id && !out.has(id)) {
      out.set(id, one);
    }
    stack.push(...childrenOf(one));
  }
  return out;
}

/** Own text of an element that may refer to the narrative instead. A whole row of a table is no text. */
export function saidBy(element: Element | undefined, narrative: Narrative): string | undefined {
  const id = descend(element, 'reference')?.attributes.get('value')?.replace(/^#/, '');
  const target = id === undefined ? undefined : narrative.get(id);
  return (
    textOf(target && target.name !== 'tr' && target.name !== 'table' ? target : undefined) ||
    textOf(element) ||
    undefined
  );
}

/** What a coded element is called: as the document shows it, as the code system names it, else its code. */
export function codeText(code: Element | undefined, narrative: Narrative): string | undefined {
  const [translation] = childrenOf(code, 'translation');
  return (
    saidBy(descend(code, 'originalText'), narrative) ??
    (tidy(code?.attributes.get('displayName') ?? translation?.attributes.get('displayName') ?? '') ||
      saidBy(descend(translation, 'originalText'), narrative)) ??
    code?.attributes.get('code')
  );
}

export interface Quantity {
  readonly value: string;
  readonly unit?: string;
}

/** PQ and the like. A unit that is not UCUM stands in a translation, the number of a null flavour too. */
function quantity(element: Element | undefined): Quantity | undefined {
  const [translation] = childrenOf(element, 'translation');
  const value = element?.attributes.get('value') ?? translation?.attributes.get('value');
  if (value === undefined) {
    return undefined;
  }
  const own = element?.attributes.get('unit');
  const unit = own ?? (textOf(descend(translation, 'originalText')) || translation?.attributes.get('unit'));
  return { value: tidy(value), ...(unit && unit !== '1' ? { unit: tidy(unit) } : {}) };
}

/** IVL_PQ: one side is a comparison; 0 as the lower limit of what cannot be less than 0 says nothing. */
export function interval(element: Element): Quantity | undefined {
  const [low, high] = ['low', 'high'].map((side) => descend(element, side));
  const [from, to] = [quantity(low), quantity(high)];
  const unit = from?.unit ?? to?.unit;
  const sign = (side: Element | undefined, strict: string, lax: string) =>
    side?.attributes.get('inclusive') === 'false' ? strict : lax;
  const value =
    from && to && Number(from.value) !== 0
      ? `${from.value} - ${to.value}`
      : to
        ? `${sign(high, '<', '≤')}${to.value}`
        : from
          ? `${sign(low, '>', '≥')}${from.value}`
          : undefined;
  return value === undefined ? undefined : { value, ...(unit ? { unit } : {}) };
}

/** The value of an observation as it would be printed; undefined when there is none. */
export function observedValue(value: Element | undefined, narrative: Narrative): Quantity | undefined {
  const type = (value?.attributes.get('type') ?? '').replace(/^.*:/, '');
  if (value === undefined || value.attributes.get('representation') === 'B64') {
    return undefined;
  }
  if (type === 'IVL_PQ' || type === 'IVL_INT' || type === 'IVL_REAL') {
    return interval(value) ?? quantity(value);
  }
  if (type === 'RTO' || type.startsWith('RTO_')) {
    const [above, below] = ['numerator', 'denominator'].map((side) => quantity(descend(value, side)));
    return above && below ? { value: `${above.value}:${below.value}` } : undefined;
  }
  if (/^C[DEOVS]$/.test(type)) {
    const text = codeText(value, narrative);
    return text === undefined ? undefined : { value: text };
  }
  const number = quantity(value);
  if (number) {
    return type === 'TS' ? { value: number.value.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3') } : number;
  }
  const text = saidBy(value, narrative);
  return text === undefined ? undefined : { value: text };
}

/**
 * The reference range for normal results: limits where there are limits, else its words. The unit of the limits is
 * said where it is another than `unit`, that of the result.
 */
export function rangeText(observation: Element, narrative: Narrative, unit?: string): string | undefined {
  const ranges = childrenOf(observation, 'referenceRange').flatMap((range) => childrenOf(range, 'observationRange'));
  const codeOf = (range: Element) => descend(range, 'interpretationCode')?.attributes.get('code');
  const normal = ranges.find((range) => codeOf(range) === 'N') ?? ranges.find((range) => !codeOf(range)) ?? ranges[0];
  const value = descend(normal, 'value');
  const limits = value && interval(value);
  if (limits) {
    return limits.unit && limits.unit !== unit ? `${limits.value} ${limits.unit}` : limits.value;
  }
  const coded = value && observedValue(value, narrative);
  return coded?.value ?? saidBy(descend(normal, 'text'), narrative);
}

/** Elements by name anywhere below. */
export const allNamed = (element: Element, ...names: readonly string[]): readonly Element[] =>
  findAll(element, ({ name }) => names.includes(name));
