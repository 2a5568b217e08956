import { lazyBinary } from './binary.ts';
import type { Moment } from './calendar.ts';
import { chestStudy } from './chest-study.ts';
import { type Films, uidsOf } from './films.ts';
import { type Person, patient } from './person.ts';
import type { Expected, Sample, SampleBinary } from './sample.ts';
import type { ChestParameters } from './thorax/chest.ts';

/** Width and height of a film: enough to see, little enough that ten films are ready within two seconds. */
const FILM_PIXELS = 512;

export interface FilmFacts {
  readonly at: Moment;
  readonly chest: Omit<ChestParameters, 'sex' | 'view'>;
  readonly view?: 'PA' | 'LL';
  /** Whose film it is, when it is not the patient's. */
  readonly of?: Person;
}

export interface Pair {
  readonly prior: FilmFacts;
  readonly current: FilmFacts;
}

/** A patient with two chest films, the earlier one first, in studies `<id>-prior` and `<id>-current`. */
export function pairSample(
  films: Films,
  person: Person,
  pair: Pair,
  words: Pick<Sample, 'title' | 'shows'> & { readonly expected: Expected },
): Sample {
  const taken = (['prior', 'current'] as const).map((role) => {
    const { at, chest, view = 'PA', of = person } = pair[role];
    const uids = uidsOf(`${person.id}-${role}`);
    const binary: SampleBinary = lazyBinary(`${person.id}-${role}-dcm`, 'application/dicom', () =>
      films.take({
        chest: {
          width: FILM_PIXELS,
          height: FILM_PIXELS,
          ...chest,
          sex: of.sex === 'F' ? 'female' : 'male',
          view: view === 'LL' ? 'lateral' : view,
        },
        person: of,
        at,
        uids,
        view,
      }),
    );
    return { binary, resources: chestStudy(person, { id: role, at, uids, binary: binary.id, view }) };
  });
  const self = patient(person, words);
  return {
    id: person.id,
    title: words.title,
    shows: words.shows,
    patient: self,
    resources: [self, ...taken.flatMap(({ resources }) => resources)],
    binaries: taken.map(({ binary }) => binary),
    draftOrders: [],
    expected: words.expected,
  };
}

/** References of the two studies of a pair. */
export function studiesOf(person: Person) {
  return {
    analysis: 'chest-xray-comparison',
    subject: `ImagingStudy/${person.id}-current`,
    prior: `ImagingStudy/${person.id}-prior`,
  } as const;
}
