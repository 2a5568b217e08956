import type { Models } from '../../inference/model.ts';
import { type Abstention, abstain, isAbstention } from '../analysis.ts';
import { type Alignment, align, bones } from './align.ts';
import { differenceMap } from './difference.ts';
import type { ComparisonFinding, FilmReading } from './finding.ts';
import type { ComparisonInput, Film } from './input.ts';
import { findLungs, type LungMaps } from './lungs.ts';
import { measureFilm } from './measure.ts';
import { opacityOf } from './opacity.ts';
import { viewOf } from './view.ts';

export interface MeasuredFilm {
  readonly film: Film;
  readonly maps: LungMaps;
  readonly reading: FilmReading;
}

/** Both films measured and laid over each other: what guards and pictures need, whoever judges the findings. */
export interface MeasuredPair {
  readonly prior: MeasuredFilm;
  readonly current: MeasuredFilm;
  readonly common: Pick<ComparisonFinding, 'films' | 'registration' | 'sameFilm' | 'difference'>;
}

export interface FilmMeasure {
  readonly models: readonly { readonly id: string; readonly version: string }[];
  measure(input: ComparisonInput, signal: AbortSignal): Promise<MeasuredPair | Abstention>;
}

/** Correlation of structure above which two films are one exposure; real films of one person reached 0.96. */
const SAME = 0.975;

/** Measures each film by itself with models/lung-field and models/lung-opacity, and aligns the two. */
export async function filmMeasure(models: Models): Promise<FilmMeasure> {
  const [field, density] = [await models.tensor('lung-field'), await models.tensor('lung-opacity')];

  async function one(film: Film, name: string, signal: AbortSignal): Promise<MeasuredFilm | Abstention> {
    const { image, header } = film.radiograph;
    const fields = await findLungs(image, field, signal);
    const maps = fields && (await opacityOf(fields, density, signal));
    const reading = maps && measureFilm(image, maps, viewOf(header));
    return maps && reading
      ? { film, maps, reading }
      : abstain('not-a-chest', `No two lungs were found on the ${name} film.`);
  }

  return {
    models: [field, density].map(({ id, version }) => ({ id, version })),
    async measure(input, signal) {
      const prior = await one(input.prior, 'prior', signal);
      if (isAbstention(prior)) {
        return prior;
      }
      const current = await one(input.current, 'current', signal);
      if (isAbstention(current)) {
        return current;
      }
      signal.throwIfAborted();
      const forward = alignFilms(prior, current);
      const backward = alignFilms(current, prior);
      return {
        prior,
        current,
        common: {
          films: { prior: prior.reading, current: current.reading },
          registration: {
            score: forward.score,
            overlap: forward.overlap,
            structure: bones(
              current.film.radiograph.image,
              current.maps,
              prior.film.radiograph.image,
              prior.maps,
              forward,
            ),
            matrix: forward.pixels,
          },
          // the same exposure is the same whichever way it is looked at
          sameFilm: Math.min(forward.score, backward.score) >= SAME,
          difference: differenceMap(prior.maps, current.maps, forward.cells),
        },
      };
    },
  };
}

function alignFilms(prior: MeasuredFilm, current: MeasuredFilm): Alignment {
  return align(current.film.radiograph.image, current.maps, prior.film.radiograph.image, prior.maps);
}
