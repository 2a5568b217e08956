import express, { type Router } from 'express';
import { IntervalError } from '../../errors.ts';
import { createRecent } from '../../recent.ts';
import { answer, idOf } from '../answers.ts';
import type { FilmReference, TimelineFilm, WebOptions } from '../options.ts';
import { type Review, readReview } from '../review.ts';
import { levelOf } from './head.ts';

interface Known {
  readonly review: Promise<Review>;
  timeline?: Promise<readonly TimelineFilm[]>;
  readonly until: number;
}

/** A page asks for a dozen things about one report within seconds. */
const KNOWN_MS = 20_000;
const MAX_KNOWN = 32;

/**
 * Films of one report: `current`, `prior`, or the id of a study on its timeline, and nothing else of the chart.
 *
 * - `films/{name}/first.raw`, `films/{name}/{level}.raw`: 16-bit grey, little endian, row-major; `X-Film` says the rest
 * - `pairs/{name}.json`: how that film lies under the current one
 * - `timeline.json`
 */
export function filmRoutes(
  options: WebOptions,
  clock: () => number = Date.now,
): { readonly router: Router; prepare(report: string): void } {
  const known = createRecent<Known>(Number.POSITIVE_INFINITY, MAX_KNOWN);
  const router = express.Router({ mergeParams: true });

  const about = (report: string): Known => {
    const found = known.get(report);
    if (found && found.until > clock()) {
      return found;
    }
    const review = readReview(options, report, AbortSignal.timeout(KNOWN_MS));
    const fresh = { review, until: clock() + KNOWN_MS };
    review.catch(() => known.delete(report));
    known.set(report, fresh);
    return fresh;
  };

  const timelineOf = async (report: string): Promise<readonly TimelineFilm[]> => {
    const found = about(report);
    const review = await found.review;
    const current = review.images.find(({ role }) => role === 'current')?.study;
    if (!current || !review.patient) {
      return [];
    }
    found.timeline ??= options.timeline(`Patient/${review.patient.id}`, current, AbortSignal.timeout(KNOWN_MS));
    return found.timeline;
  };

  const filmOf = async (report: string, name: string): Promise<FilmReference> => {
    const { images } = await about(report).review;
    const image = images.find(({ role, study }) => role === name && study);
    if (image?.study) {
      return { study: image.study, ...(image.sha256 ? { sha256: image.sha256 } : {}) };
    }
    const earlier = (await timelineOf(report)).find(({ study }) => study === `ImagingStudy/${name}`);
    if (!earlier) {
      throw new IntervalError('not-found', 'There is no such film.');
    }
    return { study: earlier.study };
  };

  router.get('/films/:name/:level.raw', async (request, response) => {
    const film = await options.film(await filmOf(idOf(request, 'report'), idOf(request, 'name')));
    const { values, head } = levelOf(film, String(request.params.level));
    response.set({
      'Content-Type': 'application/octet-stream',
      'X-Film': JSON.stringify(head),
      'Cache-Control': 'private, max-age=300',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    });
    response.send(Buffer.from(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength));
  });
  router.get(
    '/pairs/:name.json',
    answer(async (request) => {
      const [current, prior] = await Promise.all([
        filmOf(idOf(request, 'report'), 'current'),
        filmOf(idOf(request, 'report'), idOf(request, 'name')),
      ]);
      return options.pair({ current, prior });
    }),
  );
  router.get(
    '/timeline.json',
    answer((request) => timelineOf(idOf(request, 'report'))),
  );
  return {
    router,
    /** Fetches and decodes while the browser still loads the page. What fails is said when it is asked for. */
    prepare(report) {
      for (const name of ['current', 'prior']) {
        filmOf(report, name)
          .then(options.film)
          .catch(() => undefined);
      }
    },
  };
}
