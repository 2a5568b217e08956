import type { Models } from '../../inference/model.ts';
import { isAbstention, type Reader } from '../analysis.ts';
import { compareFilms } from './compare.ts';
import { regionOf } from './difference.ts';
import { filmMeasure } from './films.ts';
import type { ComparisonFinding } from './finding.ts';
import type { ComparisonInput } from './input.ts';

const VERSION = '2.0.0';

/**
 * Compares what was measured on each film. It does the whole comparison a second time with the films exchanged; the swap
 * guard holds one against the other.
 */
export async function embeddedReader(models: Models): Promise<Reader<ComparisonInput, ComparisonFinding>> {
  const { models: used, measure } = await filmMeasure(models);
  return {
    id: 'embedded',
    version: VERSION,
    models: used,
    async read(input, signal) {
      const pair = await measure(input, signal);
      if (isAbstention(pair)) {
        return pair;
      }
      const { prior, current, common } = pair;
      const { findings, ...rest } = compareFilms(prior.reading, current.reading);
      return {
        ...common,
        ...rest,
        findings: findings.map((one) => {
          const region = regionOf(one, current.maps, current.reading);
          return region ? { ...one, region } : one;
        }),
        exchanged: compareFilms(current.reading, prior.reading).findings.map(({ finding, side, change }) => ({
          finding,
          ...(side ? { side } : {}),
          change,
        })),
      };
    },
  };
}
