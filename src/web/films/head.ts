import { IntervalError } from '../../errors.ts';
import type { ViewFilm, ViewLevel } from '../../imaging/viewing.ts';

/** What a browser needs to know of a film before its pixels; sent as a header with them. */
export interface FilmHead {
  /** Finest first. */
  readonly levels: readonly { readonly width: number; readonly height: number }[];
  /** Which of them this is. */
  readonly level: number;
  readonly window: ViewFilm['window'];
  readonly spacing?: ViewFilm['spacing'];
}

/** One size of a film with its head: `first` is the smallest, a number counts from the finest. Throws `not-found`. */
export function levelOf(
  { levels, window, spacing }: ViewFilm,
  name: string,
): { readonly values: ViewLevel['values']; readonly head: FilmHead } {
  const level = name === 'first' ? levels.length - 1 : /^\d$/.test(name) ? Number(name) : -1;
  const values = levels[level]?.values;
  if (!values) {
    throw new IntervalError('not-found', 'The film has no such size.');
  }
  const sizes = levels.map(({ width, height }) => ({ width, height }));
  return { values, head: { levels: sizes, level, window, ...(spacing ? { spacing } : {}) } };
}
