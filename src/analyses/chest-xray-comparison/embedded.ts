import type { Models } from '../../inference/model.ts';
import { type Abstention, abstain, isAbstention, type Reader } from '../analysis.ts';
import { type Alignment, align } from './align.ts';
import { compareFilms } from './compare.ts';
import { differenceMap, regionOf } from './difference.ts';
import type { ComparisonFinding, FilmReading } from './finding.ts';
import type { ComparisonInput, Film } from './input.ts';
import { findLungs, type LungMaps } from './lungs.ts';
import { measureFilm } from './measure.ts';
import { viewOf } from './view.ts';

const VERSION = '1.0.0';

interface MeasuredFilm {
  readonly film: Film;
  readonly maps: LungMaps;
  readonly reading: FilmReading;
}

/**
 * Measures each film by itself with models/lung-field, aligns the two, and compares. It does the whole comparison a
 * second time with the films exchanged; the swap guard holds one against the other.
 */
export async function embeddedReader(models: Models): Promise<Reader<ComparisonInput, ComparisonFinding>> {
  const model = await models.tensor('lung-field');

  async function measure(film: Film, name: string, signal: AbortSignal): Promise<MeasuredFilm | Abstention> {
    const { image, header } = film.radiograph;
    const maps = await findLungs(image, model, signal);
    const reading = maps && measureFilm(image, maps, viewOf(header));
    return maps && reading
      ? { film, maps, reading }
      : abstain('not-a-chest', `No two lungs were found on the ${name} film.`);
  }

  return {
    id: 'embedded',
    version: VERSION,
    models: [{ id: model.id, version: model.version }],
    async read(input, signal) {
      const prior = await measure(input.prior, 'prior', signal);
      if (isAbstention(prior)) {
        return prior;
      }
      const current = await measure(input.current, 'current', signal);
      if (isAbstention(current)) {
        return current;
      }
      signal.throwIfAborted();
      const forward = alignFilms(prior, current);
      const backward = alignFilms(current, prior);
      const { findings, ...rest } = compareFilms(prior.reading, current.reading);
      return {
        films: { prior: prior.reading, current: current.reading },
        registration: { score: forward.score, overlap: forward.overlap, matrix: forward.pixels },
        // the same exposure is the same whichever way it is looked at
        sameFilm: Math.min(forward.score, backward.score) >= SAME,
        ...rest,
        findings: findings.map((one) => {
          const region = regionOf(one, current.maps, current.reading);
          return region ? { ...one, region } : one;
        }),
        difference: differenceMap(prior.maps, current.maps, forward.cells),
        exchanged: compareFilms(current.reading, prior.reading).findings.map(({ finding, side, change }) => ({
          finding,
          ...(side ? { side } : {}),
          change,
        })),
      };
    },
  };
}

/** Correlation of structure above which two films are one exposure; real films of one person reached 0.96. */
const SAME = 0.975;

function alignFilms(prior: MeasuredFilm, current: MeasuredFilm): Alignment {
  return align(current.film.radiograph.image, current.maps, prior.film.radiograph.image, prior.maps);
}
