import { createHash } from 'node:crypto';
import type { ImagingStudy } from '@medplum/fhirtypes';
import sharp from 'sharp';
import type { LoadWorld } from '../analyses/analysis.ts';
import { likeliestFirst } from '../analyses/chest-xray-comparison/frontal.ts';
import { fetchImages } from '../analyses/chest-xray-comparison/images.ts';
import { studyUid } from '../analyses/chest-xray-comparison/study.ts';
import { IntervalError } from '../errors.ts';
import { parseReference } from '../fhir/references.ts';
import type { ViewFilm } from '../imaging/viewing.ts';
import { createRecent } from '../recent.ts';
import type { FilmPair, FilmReference, ViewPair } from '../web/options.ts';
import type { Viewer } from './viewer.ts';

/** Files and sizes of the films that were looked at last; two of 4k with their halvings are 150 MB. */
const MAX_BYTES = 256 * 1024 * 1024;
const MAX_PAIRS = 64;
/** A film is fetched for whoever looks at it next as well: it does not end with the one who asked first. */
const FETCH_MS = 60_000;
/** Side of a picture that the PACS makes. */
const RENDERED_SIDE = 1024;

interface Kept {
  readonly bytes: Promise<Uint8Array>;
  readonly film: Promise<ViewFilm>;
}

/** Films as the review page shows them: fetched and decoded once, while somebody looks at them. */
export function createFilms(world: Pick<LoadWorld, 'source' | 'dicomweb'>, viewer: Viewer) {
  const films = createRecent<Kept>(MAX_BYTES);
  const pairs = createRecent<Promise<ViewPair>>(Number.POSITIVE_INFINITY, MAX_PAIRS);

  const keep = (reference: FilmReference): Kept => {
    const key = keyOf(reference);
    const known = films.get(key);
    if (known) {
      return known;
    }
    const bytes = fileOf(reference, world, AbortSignal.timeout(FETCH_MS));
    const film = bytes.then((file) => viewer.film(file));
    const kept: Kept = { bytes, film };
    films.set(key, kept);
    Promise.all([bytes, film]).then(
      ([file, { levels }]) => {
        const size = levels.reduce((sum, { values }) => sum + values.byteLength, file.byteLength);
        // a pair always fits, however large its films are
        films.set(key, kept, Math.min(size, MAX_BYTES / 2));
      },
      () => films.get(key) === kept && films.delete(key),
    );
    return kept;
  };

  return {
    film: (reference: FilmReference): Promise<ViewFilm> => keep(reference).film,
    pair({ current, prior }: FilmPair): Promise<ViewPair> {
      const key = `${keyOf(current)} ${keyOf(prior)}`;
      const known = pairs.get(key);
      if (known) {
        return known;
      }
      const made = Promise.all([keep(prior).bytes, keep(current).bytes]).then(([before, after]) =>
        viewer.pair(before, after),
      );
      pairs.set(key, made);
      made.catch((error) => isPassing(error) && pairs.delete(key));
      return made;
    },
    /** The picture of the PACS, for what cannot be decoded here. PNG. */
    async rendered(study: string, signal: AbortSignal): Promise<Uint8Array> {
      const resource = await readStudy(study, world, signal);
      const uid = studyUid(resource);
      const series = resource.series?.[0];
      const instance = series?.instance?.[0]?.uid;
      const dicomweb = world.dicomweb();
      if (!dicomweb || !uid || !series?.uid || !instance) {
        throw new IntervalError('not-found', 'There is no other picture of this study.');
      }
      const { bytes } = await dicomweb.retrieveRendered(uid, series.uid, instance, { side: RENDERED_SIDE, signal });
      return sharp(bytes).png().toBuffer();
    },
  };
}

function keyOf({ study, sha256 }: FilmReference): string {
  return `${study} ${sha256 ?? ''}`;
}

/** What a later attempt may do better: a server that was away, somebody who left. */
function isPassing(error: unknown): boolean {
  return !(error instanceof IntervalError) || error.retry || error.code === 'cancelled';
}

async function readStudy(study: string, world: Pick<LoadWorld, 'source'>, signal: AbortSignal): Promise<ImagingStudy> {
  return world.source.read<ImagingStudy>('ImagingStudy', parseReference(study)?.id ?? '', { signal });
}

/** The file that was read, by its hash, else the frontal film of the study. */
async function fileOf(
  { study, sha256 }: FilmReference,
  world: Pick<LoadWorld, 'source' | 'dicomweb'>,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const files = await fetchImages(await readStudy(study, world, signal), { ...world, signal });
  const read = sha256 && files.find((file) => createHash('sha256').update(file).digest('hex') === sha256);
  if (read) {
    return read;
  }
  const [best] = likeliestFirst(files);
  if (!best) {
    throw new IntervalError('study-incomplete', 'A study holds no images that can be read.');
  }
  return best.bytes;
}
